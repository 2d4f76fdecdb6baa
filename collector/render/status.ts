import type { ProcessStatus } from '../process/status.ts'
import { formatSeconds } from './duration.ts'
import { drawTable } from './table.ts'

type Counts = ProcessStatus['counts']

function rate(name: keyof Counts, [first, second]: readonly [Counts, Counts], seconds: number): string {
  return `${String(Math.round((second[name] - first[name]) / seconds))}/s`
}

function lagOf({ lag, lagUnit }: ProcessStatus['sources'][number]): string {
  return lag === undefined ? '' : `${String(lag)} ${lagUnit ?? ''}`.trim()
}

function drawSources({ sources }: ProcessStatus): readonly string[] {
  if (sources.length === 0) return ['No sources.']
  return drawTable(
    [{ title: 'source' }, { title: 'state' }, { title: 'unread', align: 'right' }, { title: 'what it does' }],
    sources.map(source => [source.name, source.state, lagOf(source), source.detail]),
  )
}

function drawLaunches({ launches }: ProcessStatus): readonly string[] {
  if (launches === undefined) return []
  const { open, waiting, facts_reach: reach, settled } = launches
  const state = settled ? 'all facts are in the launches' : `${String(waiting)} launches and ids wait to be rebuilt`
  return [`launches  ${String(open)} in progress; ${state}; facts reach to ${reach}`]
}

/** Two readings of one process, `seconds` apart, as text for people. */
export function renderStatus(first: ProcessStatus, second: ProcessStatus, seconds: number): string {
  const { role, host, version, state, uptime_seconds: uptime, memory_bytes: memory, counts } = second
  const pair = [first.counts, counts] as const
  const lines = [
    `launchtrace ${version}, ${role} on ${host}: ${state} for ${formatSeconds(uptime)}, ${String(Math.round(memory / 1e6))} MB`,
    '',
    ...drawSources(second),
    '',
    `lines     ${rate('lines', pair, seconds)}, ${String(counts.lines)} in all`,
    `messages  ${rate('messages', pair, seconds)}, ${String(counts.messages)} in all`,
    `signals   ${rate('signals', pair, seconds)}, ${String(counts.signals)} in all; ${String(counts.durable)} durable, ${String(counts.refused)} refused`,
    ...drawLaunches(second),
  ]
  return `${lines.join('\n')}\n`
}
