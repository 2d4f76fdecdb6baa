import type { UnixMicros } from '../core/time.ts'
import type { Fact } from './fact.ts'
import { statedStart, textOf } from './fact.ts'
import { isSameHost } from './host-names.ts'

/** One try of a build on one host, with the facts that tell of it. */
export interface Try {
  readonly host: string
  readonly startedAt: UnixMicros
  /** In order of time. */
  readonly facts: readonly Fact[]
}

/** A compute node says these only of a build that it was given. */
const TRY_PROOFS = new Set([
  'notif.nova.v.create.start',
  'notif.nova.l.create.start',
  'notif.nova.v.create.end',
  'notif.nova.l.create.end',
  'notif.nova.v.create.error',
  'notif.nova.l.create.error',
  'nova.compute.start',
  'nova.compute.claim.try',
  'nova.compute.claim.ok',
  'nova.compute.claim.fail',
  'nova.compute.build.took',
  'nova.compute.spawn.took',
  'nova.compute.build.failed',
  'nova.compute.build.abort',
  'nova.compute.build.rescheduled',
  'nova.compute.spawn.failed',
  'nova.compute.bdm.start',
  'nova.compute.bdm.devname',
  'nova.compute.disks.start',
  'nova.compute.network.start',
  'oslo.line',
])

/** Programs whose clock and place is the compute node's. */
const ON_HOST =
  /^(nova-compute|libvirt|qemu|ovn-controller|ovs|openvswitch|neutron-openvswitch-agent|neutron-ovn-metadata)/

/** The compute node that a fact speaks of, when it proves a try there; empty when it proves none. */
function triedHost({ signal }: Fact): string {
  // The conductor and nova-api name the compute node too, for clouds whose nova-compute logs are missing.
  if (signal.name === 'nova.conductor.last_host_error') return textOf(signal, 'host')
  if (signal.name === 'nova.api.external_event')
    return textOf(signal, 'event') === 'network-vif-plugged' ? textOf(signal, 'host') : ''
  if (!TRY_PROOFS.has(signal.name) || signal.service !== 'nova-compute') return ''
  return signal.host === '' ? textOf(signal, 'node') : signal.host
}

/** What nova itself calls the host stands in notifications; a path may only have its short or its full name. */
function preferredName(names: ReadonlyMap<string, boolean>): string {
  const sorted = [...names].toSorted(([a, said], [b, alsoSaid]) => Number(alsoSaid) - Number(said) || (a < b ? -1 : 1))
  return sorted[0]?.[0] ?? ''
}

interface Found {
  readonly names: Map<string, boolean>
  startedAt: UnixMicros
}

interface Tried {
  readonly host: string
  readonly startedAt: UnixMicros
}

function findHosts(facts: readonly Fact[]): readonly Tried[] {
  const hosts: Found[] = []
  for (const fact of facts) {
    const host = triedHost(fact)
    if (host === '') continue
    // "Took 2.66 seconds to build" reaches back to the start of the build, also when nothing else shows it.
    const at = fact.signal.name === 'nova.compute.build.took' ? (statedStart(fact) ?? fact.at) : fact.at
    let found = hosts.find(({ names }) => [...names.keys()].some(name => isSameHost(name, host)))
    if (found === undefined) {
      found = { names: new Map<string, boolean>(), startedAt: at }
      hosts.push(found)
    }
    found.names.set(host, (found.names.get(host) ?? false) || fact.signal.source === 'notification')
    found.startedAt = Math.min(found.startedAt, at) as UnixMicros
  }
  return hosts
    .map(({ names, startedAt }) => ({ host: preferredName(names), startedAt }))
    .toSorted((a, b) => a.startedAt - b.startedAt || (a.host < b.host ? -1 : 1))
}

function namesThing({ signal }: Fact): boolean {
  return signal.instances.length + signal.ports.length + signal.volumes.length > 0
}

/**
 * Which try a fact belongs to: its host's if it was said on the host of one, else the one that was under way; -1 when it
 * is of none.
 */
function tryOf(fact: Fact, hosts: readonly Tried[]): number {
  const isLastError = fact.signal.name === 'nova.conductor.last_host_error'
  const said = isLastError ? textOf(fact.signal, 'host') : fact.signal.host
  if (said !== '' && (isLastError || ON_HOST.test(fact.signal.service))) {
    const own = hosts.findIndex(({ host }) => isSameHost(host, said))
    // What another host says without naming anything of this instance is about a sibling of the same request.
    if (own !== -1 || !namesThing(fact)) return own
  }
  return hosts.findLastIndex(({ startedAt }) => startedAt <= fact.at)
}

/**
 * Splits the facts of a launch into its tries, in order. Nova never sends a build back to a host that it has tried, so
 * a host is a try. Facts before the first try belong to none.
 */
export function splitTries(facts: readonly Fact[]): readonly Try[] {
  const hosts = findHosts(facts)
  const parts: Fact[][] = hosts.map(() => [])
  for (const fact of facts) parts[tryOf(fact, hosts)]?.push(fact)
  return hosts.map(({ host, startedAt }, index) => ({ host, startedAt, facts: parts[index] ?? [] }))
}
