import type { Attempt, Launch } from '../../src/core/launch.ts'
import { formatSeconds } from './duration.ts'
import { longestPhase, phaseSeconds } from './phase-bar.ts'

type Row = Omit<Launch, 'spans'>

function subject(launch: Row): string {
  return launch.displayName === '' ? `The instance ${launch.instanceId ?? ''}`.trim() : launch.displayName
}

function after(launch: Row): string {
  return formatSeconds(launch.durationSeconds ?? phaseSeconds(launch.phases))
}

function onHost(host: string): string {
  return host === '' ? '' : ` on ${host}`
}

/** Which phase took the most, and its share; empty when nothing is known of phases. */
function dominance(launch: Row): string {
  const longest = longestPhase(launch.phases)
  if (longest === undefined) return ''
  const [phase, seconds] = longest
  const share = Math.round((seconds / phaseSeconds(launch.phases)) * 100)
  return ` The longest phase was ${phase}: ${formatSeconds(seconds)} (${String(share)} %).`
}

function tries(attempts: readonly Attempt[]): string {
  if (attempts.length < 2) return ''
  const route = attempts.map(({ host }) => (host === '' ? 'an unknown host' : host)).join(', then ')
  return ` It took ${String(attempts.length)} attempts: ${route}.`
}

function failed(launch: Row): string {
  const { failure } = launch
  const start =
    launch.instanceId === undefined
      ? `The request for ${launch.displayName === '' ? 'an instance' : launch.displayName} was refused`
      : `${subject(launch)} failed`
  if (failure === undefined) return `${start} after ${after(launch)}; nothing says why.`
  const where = failure.service === '' ? onHost(failure.host) : `, in ${failure.service}${onHost(failure.host)}`
  return `${start} after ${after(launch)} in phase ${failure.phase}${where}: ${failure.cause}.`
}

function said(launch: Row): string {
  const { failure } = launch
  if (failure === undefined) return ''
  return [failure.exception, failure.message].filter(part => part !== '').join(': ')
}

function openFor({ open, phases }: Row): string {
  return open === undefined ? '' : `; it is in ${open.phase} for ${formatSeconds(phases[open.phase] ?? 0)}`
}

function sentence(launch: Row): string {
  switch (launch.outcome) {
    case 'active':
      return `${subject(launch)} became active in ${after(launch)}${onHost(launch.host)}.${dominance(launch)}`
    case 'error':
      return failed(launch)
    case 'deleted':
      return `${subject(launch)} was deleted while it was being built, after ${after(launch)}.${dominance(launch)}`
    case 'in_progress':
      return `${subject(launch)} is still being built${onHost(launch.host)}, ${after(launch)} so far${openFor(launch)}.${dominance(launch)}`
    case 'lost':
      return `${subject(launch)} went silent after ${after(launch)}${onHost(launch.host)}.${dominance(launch)}`
  }
}

/** What happened, in words: a sentence, and what the failing program itself said (empty when it said nothing). */
export function verdictOf(launch: Row): { readonly sentence: string; readonly said: string } {
  return { sentence: sentence(launch) + tries(launch.attempts), said: said(launch) }
}
