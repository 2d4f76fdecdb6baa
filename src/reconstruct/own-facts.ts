import type { Signal } from '../core/signal.ts'
import type { UnixMicros } from '../core/time.ts'
import { plusSeconds } from '../core/time.ts'
import type { ClockOffsets } from './clocks.ts'
import { correctedAt } from './clocks.ts'
import type { Fact } from './fact.ts'
import { compareFacts } from './fact.ts'

/** What a guest does once it runs: the only signals after ACTIVE that belong to a launch. */
const GUEST =
  /^(access\.metadata|haproxy\.metadata|neutron\.meta\.|nova\.meta\.|ovn\.dhcp|dnsmasq\.dhcp|neutron\.ovnmeta\.)/

/** A guest that asks later than this was booted again. Seconds. */
const GUEST_SECONDS = 600

/** The last words of a launch come from several programs, so some are said just after it is over. Seconds. */
export const TRAILING_SECONDS = 3

/** Another operation on the same instance: its request id marks everything else that it says. */
const OPERATION =
  /^(access\.nova\.(action|delete)|nova\.compute\.other\.|nova\.compute\.terminating|notif\.nova\.(v|l)\.(delete|other))/
const DELETE = /^(access\.nova\.delete|notif\.nova\.(v\.delete\.start|l\.delete)|nova\.api\.local_delete)/
const ACTIVE = new Set(['nova.compute.build.took', 'notif.nova.v.create.end', 'notif.nova.l.create.end'])
const UPDATES = new Set(['notif.nova.v.update', 'notif.nova.l.update'])

/** The fact that says that the instance is ACTIVE: the build's own last words, else the state that was saved. */
function findActive(facts: readonly Fact[]): Fact | undefined {
  return (
    facts.find(({ signal }) => ACTIVE.has(signal.name)) ??
    facts.find(({ signal }) => UPDATES.has(signal.name) && signal.attributes['state'] === 'active')
  )
}

function isDelete({ signal }: Fact, request: string): boolean {
  if (signal.name === 'nova.compute.terminating') return signal.request !== '' && signal.request !== request
  return DELETE.test(signal.name) || signal.attributes['task_state'] === 'deleting'
}

function operationRequests(signals: readonly Signal[], request: string): ReadonlySet<string> {
  const others = new Set<string>()
  for (const signal of signals) {
    // A failed build terminates its own remains under the request of the launch.
    if (OPERATION.test(signal.name) && signal.request !== '' && signal.request !== request) others.add(signal.request)
  }
  return others
}

/** Facts of a launch: `building` up to its end, `deletes` of its instance, `guest` what the guest did in it. */
export interface OwnFacts {
  readonly building: readonly Fact[]
  readonly deletes: readonly Fact[]
  readonly guest: readonly Fact[]
}

/**
 * Takes from everything that is known of an instance what belongs to its launch: other operations on it are left out by
 * their request ids, and after ACTIVE only what was said in the same breath and what the guest did.
 */
export function selectOwnFacts(signals: readonly Signal[], request: string, offsets: ClockOffsets): OwnFacts {
  const others = operationRequests(signals, request)
  const facts = signals.map(signal => ({ signal, at: correctedAt(signal, offsets) })).toSorted(compareFacts)
  const active = findActive(facts)
  const over = active === undefined ? Infinity : plusSeconds(active.at, TRAILING_SECONDS)
  const isOther = ({ signal }: Fact): boolean =>
    others.has(signal.request) || (signal.globalRequest !== '' && others.has(signal.globalRequest))
  const isOfRequest = ({ signal }: Fact): boolean =>
    request !== '' && (signal.request === request || signal.globalRequest === request)
  // Calls to other services after ACTIVE belong to whatever came next, unless they carry the id of the launch.
  const isLateCall = (fact: Fact): boolean =>
    active !== undefined && fact.at > active.at && fact.signal.name.startsWith('access.') && !isOfRequest(fact)
  const building = facts.filter(
    fact => fact.at <= over && !isOther(fact) && !isLateCall(fact) && !GUEST.test(fact.signal.name),
  )
  const guestUntil = plusSeconds(
    (active ?? facts.find(fact => !GUEST.test(fact.signal.name)) ?? { at: 0 as UnixMicros }).at,
    GUEST_SECONDS,
  )
  const deletes = facts.filter(fact => isDelete(fact, request))
  // Its address is given to another guest once it is gone.
  const goneAt = deletes[0]?.at ?? Infinity
  return {
    building,
    deletes,
    guest: facts.filter(({ at, signal }) => GUEST.test(signal.name) && at <= Math.min(guestUntil, goneAt)),
  }
}
