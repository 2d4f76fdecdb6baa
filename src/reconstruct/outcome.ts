import type { EdgeOrigin, Outcome } from '../core/launch.ts'
import type { UnixMicros } from '../core/time.ts'
import { plusSeconds, secondsBetween } from '../core/time.ts'
import type { Try } from './attempts.ts'
import type { Fact } from './fact.ts'
import { isCoarse, numberOf, statedStart, textOf } from './fact.ts'
import { failedByDeletion, firstFailure } from './failure.ts'
import { isSameHost } from './host-names.ts'
import type { FactsByName } from './sight.ts'
import { firstOf } from './sight.ts'
import type { Surroundings } from './surroundings.ts'

/** How and when a launch ended. */
export interface Ending {
  readonly outcome: Outcome
  /** Undefined while in progress. */
  readonly at: UnixMicros | undefined
  readonly origin: EdgeOrigin
  readonly fact: Fact | undefined
  /** Set when a restarted nova-compute ended the build. */
  readonly restarted: boolean
}

const BUILT = ['nova.compute.build.took', 'notif.nova.v.create.end', 'notif.nova.l.create.end']
const UPDATES = ['notif.nova.v.update', 'notif.nova.l.update']
/** After these nothing more is tried (nova: nova/conductor/manager.py, nova/compute/manager.py). */
const TERMINAL = [
  'nova.conductor.set_error',
  'notif.nova.v.task_error',
  'notif.nova.l.task_error',
  'nova.compute.build.abort',
  'nova.compute.build.unexpected',
  'nova.compute.build.timeout',
  'nova.compute.interrupted',
  'nova.conductor.reschedule_failed',
]
/** A conductor that was handed a build back starts the next try well within this. Seconds. */
const RESCHEDULE_SECONDS = 60

function stateUpdate(facts: FactsByName, state: string): Fact | undefined {
  const found = UPDATES.flatMap(name => facts.get(name) ?? []).filter(fact => textOf(fact.signal, 'state') === state)
  return found.toSorted((a, b) => a.at - b.at)[0]
}

/** nova-api saves the task state `deleting` before it answers a delete. */
function taskUpdate(facts: FactsByName, task: string): Fact | undefined {
  const found = UPDATES.flatMap(name => facts.get(name) ?? []).filter(
    fact => textOf(fact.signal, 'task_state') === task,
  )
  return found.toSorted((a, b) => a.at - b.at)[0]
}

/** When the instance became ACTIVE, by the best signal there is. */
function activeFact(facts: FactsByName, lastTry: Try | undefined): Fact | undefined {
  for (const name of BUILT) {
    const fact = facts.get(name)?.[0]
    if (fact !== undefined) return fact
  }
  return stateUpdate(facts, 'active') ?? builtInOtherWords(lastTry)
}

/** The start of a build and its first line on the host lie this close together. Microseconds. */
const BUILD_START = 100_000

/** "Took 2.66 seconds to build instance" in another language: no other duration reaches back to where the try began. */
function builtInOtherWords(lastTry: Try | undefined): Fact | undefined {
  const own = (lastTry?.facts ?? []).filter(({ signal }) => signal.service === 'nova-compute')
  const began = own.find(({ signal }) => signal.source === 'log')?.at
  return own.find(fact => {
    const start = fact.signal.name === 'oslo.line' ? statedStart(fact) : undefined
    return start !== undefined && began !== undefined && start <= began + BUILD_START && fact.at > began
  })
}

/**
 * Where nova-compute is not heard, or not understood because it speaks another language, a guest that asked for its
 * address or metadata, or QEMU together with the event that a paused guest waits for, proves that the instance came up:
 * about when that event was sent.
 */
function inferredActive({ facts, byName, guest }: Story, before: number): Fact | undefined {
  if (facts.some(({ signal }) => signal.service === 'nova-compute' && !signal.name.startsWith('oslo.')))
    return undefined
  // A port that is taken down may be reported once more as plugged.
  const plugged = byName
    .get('nova.api.external_event')
    ?.findLast(({ signal, at }) => at < before && textOf(signal, 'event') === 'network-vif-plugged')
  const started = byName.get('libvirt.qemu.start')?.[0]
  if (guest.length > 0) return plugged ?? started ?? guest[0]
  return started === undefined ? undefined : plugged
}

/** The delete that a client asked for: when nova-api got it, or the first that is known of it. */
function deleteMoment(facts: FactsByName): { at: UnixMicros; fact: Fact } | undefined {
  const asked = (facts.get('access.nova.delete') ?? []).find(
    fact => !isCoarse(fact.signal) && (numberOf(fact.signal, 'status') ?? 0) < 300,
  )
  if (asked !== undefined) return { at: statedStart(asked) ?? asked.at, fact: asked }
  const saved = taskUpdate(facts, 'deleting')
  const said = firstOf(facts, [
    'notif.nova.v.delete.start',
    'notif.nova.l.delete',
    'nova.api.local_delete',
    'nova.conductor.build_request_deleted',
    'nova.conductor.deleted_during_build',
    'nova.compute.vanished',
    'nova.compute.terminating',
  ])
  const first = saved !== undefined && (said === undefined || saved.at < said.at) ? saved : said
  return first === undefined ? undefined : { at: first.at, fact: first }
}

function isFinal(fact: Fact): boolean {
  // The inner copy of "Build of instance … aborted" is written at DEBUG and may still be followed by a retry.
  return fact.signal.name !== 'nova.compute.build.abort' || textOf(fact.signal, 'level') !== 'DEBUG'
}

/** The first signal after which the launch cannot become ACTIVE any more. */
function terminalFact(facts: FactsByName, lastTry: Try | undefined): Fact | undefined {
  const after = lastTry?.startedAt ?? -Infinity
  const said = TERMINAL.flatMap(name => facts.get(name) ?? [])
    .filter(fact => isFinal(fact) && fact.at >= after)
    .toSorted((a, b) => a.at - b.at)[0]
  const saved = stateUpdate(facts, 'error')
  if (said === undefined || saved === undefined) return said ?? saved
  return said.at <= saved.at ? said : saved
}

interface Story {
  readonly facts: readonly Fact[]
  readonly byName: FactsByName
  readonly guest: readonly Fact[]
  readonly tries: readonly Try[]
  readonly surroundings: Surroundings
}

/**
 * A restart of nova-compute after a try began: nothing of the build survives it (nova: compute/manager.py,
 * _init_instance). Where logs do not say their host, only a restart after the last word of the build can have ended it.
 */
function restartAfter({ tries, surroundings }: Story): UnixMicros | undefined {
  const lastTry = tries.at(-1)
  const said = lastTry?.facts.findLast(({ signal }) => signal.service === 'nova-compute' && signal.source === 'log')
  if (lastTry === undefined) return undefined
  const isSame = (host: string): boolean => isSameHost(host, lastTry.host) || host === said?.signal.host
  const from = (host: string): UnixMicros => (host === '' ? (said?.at ?? lastTry.startedAt) : lastTry.startedAt)
  return surroundings.restarts.find(({ host, at }) => isSame(host) && at > from(host))?.at
}

function silentSince({ facts }: Story): Fact | undefined {
  return facts.findLast(
    ({ signal }) =>
      !/^access\.(nova\.(show|detail|actions_api)|neutron\.port_list)|^access\.placement\.read/.test(signal.name),
  )
}

/** A build that failed on its last host without a terminal line, as nova does when no retry is allowed. */
function failedForGood({ byName, tries, surroundings }: Story): Fact | undefined {
  const lastTry = tries.at(-1)
  const failed = lastTry === undefined ? undefined : firstFailure(lastTry.facts)
  if (failed === undefined) return undefined
  const proven = [
    'nova.compute.build.failed',
    'nova.compute.spawn.failed',
    'notif.nova.v.create.error',
    'notif.nova.l.create.error',
    'nova.compute.alloc.deleted',
    'nova.compute.network.giveup',
    'nova.compute.guest.failed',
  ]
  const end = lastTry?.facts.findLast(({ signal }) => proven.includes(signal.name))
  if (end === undefined) return undefined
  const handedBack = firstOf(byName, ['nova.conductor.last_host_error'])
  const waiting = handedBack !== undefined && handedBack.at >= failed.at
  return waiting && secondsBetween(handedBack.at, surroundings.asOf) < RESCHEDULE_SECONDS ? undefined : end
}

function ending(outcome: Outcome, fact: Fact | undefined, at = fact?.at): Ending {
  return { outcome, at, origin: fact === undefined ? 'inferred' : 'measured', fact, restarted: false }
}

/** Decides how a launch ended. Later facts may replace what silence only suggested. */
export function decideEnding(story: Story): Ending {
  const { facts, byName, tries, surroundings } = story
  const measured = activeFact(byName, tries.at(-1))
  const deleted = deleteMoment(byName)
  const active = measured ?? inferredActive(story, deleted?.at ?? Infinity)
  const terminal = terminalFact(byName, tries.at(-1)) ?? (active === undefined ? failedForGood(story) : undefined)
  const restart = active === undefined && terminal === undefined ? restartAfter(story) : undefined
  const finished = Math.min(active?.at ?? Infinity, terminal?.at ?? Infinity, restart ?? Infinity)
  if (deleted !== undefined && (deleted.at < finished || (active === undefined && failedByDeletion(facts)))) {
    return ending('deleted', deleted.fact, deleted.at)
  }
  if (active !== undefined)
    return { ...ending('active', active), origin: measured === undefined ? 'inferred' : 'measured' }
  if (terminal !== undefined) return ending('error', terminal)
  if (restart !== undefined)
    return { outcome: 'error', at: restart, origin: 'measured', fact: undefined, restarted: true }
  const last = silentSince(story)
  if (last !== undefined && plusSeconds(last.at, surroundings.lostAfterSeconds) < surroundings.asOf)
    return ending('lost', last)
  return ending('in_progress', undefined, undefined)
}
