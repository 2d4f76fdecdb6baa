import type { Signal } from '../core/signal.ts'
import { isNova } from './gate.ts'

/** The request lines of `POST /servers`, by nova's local request id. */
const CREATE_REQUESTS = new Set([
  'access.nova.create',
  'access.nova.create_volumes_boot',
  'nova.api.create.body',
  'nova.api.going_to_run',
])

/**
 * Signals that only the first build of an instance gives. Rebuild, resize, migration, evacuation, unshelve and reboot
 * reuse the claim, the disks, the plugging and the lifecycle lines, but none of these (nova: nova/compute/manager.py,
 * _do_build_and_run_instance; nova/conductor/manager.py, schedule_and_build_instances).
 */
const BUILD_PROOFS = new Set([
  'notif.nova.v.create.start',
  'notif.nova.v.create.end',
  'notif.nova.v.create.error',
  'notif.nova.l.create.start',
  'notif.nova.l.create.end',
  'notif.nova.l.create.error',
  'notif.nova.v.task_error',
  'notif.nova.l.task_error',
  'nova.compute.start',
  'nova.compute.build.took',
  'nova.compute.spawn.took',
  'nova.compute.build.failed',
  'nova.compute.build.abort',
  'nova.compute.build.rescheduled',
  'nova.compute.build.unexpected',
  'nova.compute.spawn.failed',
  'nova.compute.network.start',
  'nova.compute.bdm.start',
  'nova.compute.vanished',
  'nova.conductor.bdm',
  'nova.conductor.last_host_error',
])

/** Signals of a build that other operations give as well: they need company. */
const CLAIM_PROOFS = new Set([
  'nova.conductor.selected',
  'nova.conductor.set_error',
  'nova.scheduler.selected',
  'nova.scheduler.claim_try',
  'nova.compute.claim.ok',
  'nova.compute.claim.try',
  'nova.compute.bdm.devname',
  'nova.compute.disks.start',
  'nova.compute.alloc.deleted',
  'access.placement.claim',
  'notif.nova.v.select.start',
  'notif.nova.v.select.end',
  'notif.nova.l.select.start',
  'notif.nova.l.select.end',
  'notif.nova.v.update',
  'notif.nova.l.update',
  'oslo.line',
  'oslo.warning',
  'oslo.error',
])

/** Names after which a store is asked where launches may be found. */
export const INSTANCE_PROOFS: readonly string[] = [...BUILD_PROOFS, ...CLAIM_PROOFS]
export const REQUEST_PROOFS: readonly string[] = [...CREATE_REQUESTS]

/** The instances that one `POST /servers` asked for. */
export interface Case {
  /** Nova's local request id; empty when no signal of the launch printed one. */
  readonly request: string
  /** Sorted; empty when the request was refused, or when nothing says which instance it made. */
  readonly instances: readonly string[]
}

const UPDATES = new Set(['notif.nova.v.update', 'notif.nova.l.update'])

/** Only an instance that was never active is in the state `building` (nova: nova/compute/vm_states.py). */
function isBuilding({ name, attributes }: Signal): boolean {
  if (!UPDATES.has(name)) return false
  return attributes['state'] === 'building' || attributes['old_state'] === 'building'
}

interface Candidate {
  readonly request: string
  readonly at: number
  readonly strong: boolean
  /** Whether nova itself printed the id as its own; what others print may be an id that the client made up. */
  readonly local: boolean
}

/** The request that a signal of a build belongs to: nova's own id in nova, what nova sent along elsewhere. */
function buildRequestOf(signal: Signal): string {
  if (signal.requestMeaning !== 'launch') return ''
  return isNova(signal) ? signal.request : signal.globalRequest
}

function candidatesByInstance(signals: readonly Signal[]): Map<string, Candidate[]> {
  const byInstance = new Map<string, Candidate[]>()
  for (const signal of signals) {
    const strong = BUILD_PROOFS.has(signal.name) || isBuilding(signal)
    // Every operation updates its instance: only those of a first build say something of the launch.
    if (!strong && UPDATES.has(signal.name)) continue
    if (!strong && !CLAIM_PROOFS.has(signal.name)) continue
    for (const instance of signal.instances) {
      const list = byInstance.get(instance) ?? []
      list.push({ request: buildRequestOf(signal), at: signal.at, strong, local: isNova(signal) })
      byInstance.set(instance, list)
    }
  }
  return byInstance
}

function createRequests(signals: readonly Signal[]): Set<string> {
  const requests = new Set<string>()
  for (const signal of signals) {
    // A 401 answer may print the id of the request that the thread served before.
    if (CREATE_REQUESTS.has(signal.name) && signal.request !== '' && signal.attributes['status'] !== '401') {
      requests.add(signal.request)
    }
  }
  return requests
}

/** Instances for which a new port was made: among the operations that claim a host only a first build does that. */
function instancesGivenPorts(signals: readonly Signal[]): Set<string> {
  const given = new Set<string>()
  for (const signal of signals) {
    if (signal.name !== 'notif.neutron.port.create.end' && signal.name !== 'notif.neutron.port.create.start') continue
    for (const instance of signal.instances) given.add(instance)
  }
  return given
}

function bestFirst(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates
    .filter(candidate => candidate.request !== '')
    .toSorted((a, b) => Number(b.local) - Number(a.local) || a.at - b.at || (a.request < b.request ? -1 : 1))
}

function earliest(candidates: readonly Candidate[]): Candidate | undefined {
  return bestFirst(candidates)[0]
}

/** Undefined when the instance was not launched by anything that is known here. */
function requestOfInstance(
  candidates: readonly Candidate[],
  creates: ReadonlySet<string>,
  givenPort: boolean,
): string | undefined {
  const created = earliest(candidates.filter(candidate => creates.has(candidate.request)))
  if (created !== undefined) return created.request
  // The context of a build may be overwritten in the middle, so of several ids the first one is the launch's own.
  if (givenPort || candidates.some(candidate => candidate.strong)) return earliest(candidates)?.request ?? ''
  return undefined
}

/**
 * Requests that are asked for one instance, so that an instance whose `POST` is no longer known, but which is operated on
 * for weeks, costs little. The `POST` is among the first, for nothing can happen to an instance before it.
 */
const MOST_IN_QUESTION = 50

function firstUpToCreate(candidates: readonly Candidate[], creates: ReadonlySet<string>): readonly string[] {
  const requests = [...new Set(bestFirst(candidates).map(({ request }) => request))].slice(0, MOST_IN_QUESTION)
  const created = requests.findIndex(request => creates.has(request))
  return created === -1 ? requests : requests.slice(0, created + 1)
}

/**
 * Requests whose own lines decide whether they launched these instances. No line of a `POST /servers` names the instance,
 * so what is found under the instance alone does not tell.
 */
export function requestsInQuestion(
  signals: readonly Signal[],
  instances: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const creates = createRequests(signals)
  const candidates = [...candidatesByInstance(signals)].filter(([instance]) => instances.has(instance))
  return new Map(candidates.map(([instance, those]) => [instance, firstUpToCreate(those, creates)]))
}

/**
 * Finds the launches in a set of signals: one case per request id, with its instances.
 * An instance whose build left no request id anywhere is a case of its own with an empty request.
 */
export function findCases(signals: readonly Signal[]): readonly Case[] {
  const creates = createRequests(signals)
  const givenPorts = instancesGivenPorts(signals)
  const instancesOf = new Map<string, string[]>([...creates].map(request => [request, []]))
  const nameless: Case[] = []
  for (const [instance, candidates] of candidatesByInstance(signals)) {
    const request = requestOfInstance(candidates, creates, givenPorts.has(instance))
    if (request === undefined) continue
    if (request === '') nameless.push({ request, instances: [instance] })
    else instancesOf.set(request, [...(instancesOf.get(request) ?? []), instance])
  }
  const named = [...instancesOf].map(([request, instances]) => ({ request, instances: instances.toSorted() }))
  return [...named, ...nameless]
}
