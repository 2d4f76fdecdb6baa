import type { Signal } from '../core/signal.ts'

const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/

/** `compute-1` and `compute-1.example.org` are one host; two addresses that begin alike are not. */
export function isSameHost(a: string, b: string): boolean {
  if (a === b) return true
  if (a === '' || b === '' || IPV4.test(a) || IPV4.test(b)) return false
  return a.startsWith(`${b}.`) || b.startsWith(`${a}.`)
}

/**
 * What nova calls the hosts whose log files lie under another name, such as an inventory's or an address, by that name.
 */
export type HostNames = ReadonlyMap<string, string>

/** A signal under the name that nova gives its host. Notifications state that name themselves. */
export function underNovasName(signal: Signal, names: HostNames): Signal {
  const host = signal.source === 'log' ? names.get(signal.host) : undefined
  return host === undefined ? signal : { ...signal, host }
}

/** Instances whose hosts are remembered at a time: a few megabytes. */
const REMEMBERED = 20_000
/** Share of the votes that a name needs: rescheduled builds vote wrongly. */
const MAJORITY = 0.8

/** Names of signals that `HostNameLearner` learns from. */
export const HOST_NAME_SIGNALS: readonly string[] = [
  'nova.compute.claim.ok',
  'notif.nova.v.create.start',
  'notif.nova.l.create.start',
  'nova.api.external_event',
]

interface Sighting {
  readonly logged: Set<string>
  readonly named: Set<string>
}

/**
 * Learns which names mean one host: a build that was claimed in one log and announced by one host was on that host.
 * Feed it every signal named in `HOST_NAME_SIGNALS`, in order of time.
 */
export class HostNameLearner {
  readonly #sightings = new Map<string, Sighting>()
  /** Votes by the name of the log, then by nova's. */
  readonly #votes = new Map<string, Map<string, number>>()
  /** What claims call the hypervisor of a log, for clouds without notifications. */
  readonly #nodes = new Map<string, Set<string>>()

  add(signal: Signal): void {
    const [instance] = signal.instances
    if (instance === undefined) return
    const sighting = this.#sightings.get(instance) ?? { logged: new Set<string>(), named: new Set<string>() }
    if (signal.name === 'nova.compute.claim.ok') this.#sawClaim(signal, sighting)
    else if (signal.source === 'notification') sighting.named.add(signal.host)
    else if (signal.attributes['event'] === 'network-vif-plugged') sighting.named.add(signal.attributes['host'] ?? '')
    this.#sightings.set(instance, sighting)
    if (this.#sightings.size > REMEMBERED) this.#forgetOldest()
  }

  /** The names learnt; hosts whose log is under nova's own name are absent. */
  names(): HostNames {
    for (const sighting of this.#sightings.values()) this.#vote(sighting)
    this.#sightings.clear()
    const names = new Map<string, string>()
    for (const logged of new Set([...this.#votes.keys(), ...this.#nodes.keys()])) {
      const name = this.#elected(logged) ?? this.#onlyNode(logged)
      if (name !== undefined && !isSameHost(name, logged)) names.set(logged, name)
    }
    return names
  }

  #sawClaim({ host, attributes }: Signal, { logged }: Sighting): void {
    if (host === '') return
    logged.add(host)
    const nodes = this.#nodes.get(host) ?? new Set<string>()
    // A host of bare metal has many nodes; two are enough to know that none of them is its name.
    if (nodes.size < 2) nodes.add(attributes['node'] ?? '')
    this.#nodes.set(host, nodes)
  }

  #vote({ logged, named }: Sighting): void {
    const [log] = logged
    const [name] = named
    if (log === undefined || name === undefined || name === '' || logged.size + named.size > 2) return
    const votes = this.#votes.get(log) ?? new Map<string, number>()
    votes.set(name, (votes.get(name) ?? 0) + 1)
    this.#votes.set(log, votes)
  }

  #elected(logged: string): string | undefined {
    const votes = [...(this.#votes.get(logged) ?? [])].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    const all = votes.reduce((sum, [, count]) => sum + count, 0)
    const [first] = votes
    return first !== undefined && first[1] >= MAJORITY * all ? first[0] : undefined
  }

  #onlyNode(logged: string): string | undefined {
    const [node, ...others] = this.#nodes.get(logged) ?? []
    return this.#votes.has(logged) || others.length > 0 || node === '' ? undefined : node
  }

  #forgetOldest(): void {
    for (const [instance, sighting] of this.#sightings) {
      this.#vote(sighting)
      this.#sightings.delete(instance)
      return
    }
  }
}
