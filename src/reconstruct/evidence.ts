import type { Signal } from '../core/signal.ts'
import { createGate, isNova, isOf } from './gate.ts'
import type { Gate } from './gate.ts'
import type { Case } from './identity.ts'
import type { SignalIndex } from './signal-index.ts'

/** The signals of one instance of a case, and the ids that led to them. */
export interface Body {
  readonly instance: string
  readonly signals: readonly Signal[]
  readonly ports: readonly string[]
  readonly volumes: readonly string[]
  /** Every link that was looked up: with the signals of all of them, the same body comes out of any larger set. */
  readonly asked: ReadonlySet<string>
}

/** `named` when the signal names this instance, `shared` when it names none, `foreign` when it names others only. */
function belongs(signal: Signal, instance: string): 'named' | 'shared' | 'foreign' {
  if (signal.instances.length === 0) return 'shared'
  return signal.instances.includes(instance) ? 'named' : 'foreign'
}

/** A port or volume is this instance's own unless signals name it together with other instances only. */
function ownersOf(index: SignalIndex, link: string): ReadonlySet<string> {
  const owners = new Set<string>()
  for (const signal of index.get(link) ?? []) {
    if (signal.instances.length === 1) for (const instance of signal.instances) owners.add(instance)
  }
  return owners
}

interface Search {
  readonly index: SignalIndex
  readonly of: Case
  /** Empty for a request whose instance is unknown. */
  readonly instance: string
}

function owns({ index, of, instance }: Search, link: string, asked: Set<string>): boolean {
  asked.add(link)
  const owners = ownersOf(index, link)
  return owners.size === 0 ? of.instances.length <= 1 : owners.has(instance)
}

/** Weaker names that the ports' own signals state, for programs that print a MAC, a tap device or an address only. */
function aliasesOf(ports: ReadonlySet<string>, signals: Iterable<Signal>): Set<string> {
  const aliases = new Set([...ports].map(port => `tap:${port.slice(0, 11)}`))
  for (const signal of signals) {
    if (signal.ports.length !== 1 || !signal.ports.some(port => ports.has(port))) continue
    for (const alias of signal.aliases) aliases.add(alias)
  }
  return aliases
}

/** One walk from an instance to everything that is known of its launch. */
class Walk {
  readonly signals = new Set<Signal>()
  readonly asked = new Set<string>()
  readonly #search: Search
  readonly gate: Gate

  constructor(search: Search) {
    this.#search = search
    this.gate = createGate({ index: search.index, request: search.of.request, instance: search.instance })
  }

  /** Looks up everything under the ids of the request itself. */
  addRequest(): void {
    for (const id of this.gate.ids) this.add(`request:${id}`, signal => this.gate.acceptsByRequest(signal))
  }

  add(link: string, accept: (signal: Signal) => boolean): void {
    const { index, instance } = this.#search
    this.asked.add(link)
    for (const signal of index.get(link) ?? []) {
      if (belongs(signal, instance) !== 'foreign' && accept(signal)) this.signals.add(signal)
    }
  }

  /** Local ids of requests to other services that are this launch's: the other half of one that lost its global id. */
  localRequests(): ReadonlySet<string> {
    const locals = new Set<string>()
    for (const signal of this.signals) {
      if (isNova(signal) || signal.requestMeaning !== 'launch' || signal.request === '') continue
      if (signal.globalRequest === '' || this.gate.ids.has(signal.globalRequest)) locals.add(signal.request)
    }
    locals.delete(this.#search.of.request)
    return locals
  }

  /** Ports or volumes that the launch's own signals name and that are this instance's. */
  ownIds(kind: 'port' | 'volume'): Set<string> {
    const { request } = this.#search.of
    const ids = new Set<string>()
    for (const signal of this.signals) {
      // Nova's lines of another request (a later attach, a delete) may name what was not part of the launch.
      if (isNova(signal) && signal.requestMeaning === 'launch' && !isOf(signal, request)) continue
      for (const id of kind === 'port' ? signal.ports : signal.volumes) ids.add(id)
    }
    return new Set([...ids].toSorted().filter(id => owns(this.#search, `${kind}:${id}`, this.asked)))
  }

  /** What names ports or volumes, but none of this instance's, is about a sibling of the same request. */
  without(ports: ReadonlySet<string>, volumes: ReadonlySet<string>): readonly Signal[] {
    const { instance } = this.#search
    return [...this.signals].filter(
      signal =>
        signal.instances.includes(instance) ||
        ((signal.ports.length === 0 || signal.ports.some(port => ports.has(port))) &&
          (signal.volumes.length === 0 || signal.volumes.some(volume => volumes.has(volume)))),
    )
  }
}

/**
 * Gathers what belongs to one instance of a case, by evidence, in this order: signals that name the instance or the
 * launch's request; then those of its ports and volumes; then the other halves of requests that touched these; then
 * programs that only print a MAC, a tap device or an address. Nothing else joins.
 */
export function collectBody(search: Search): Body {
  const { index, of, instance } = search
  const walk = new Walk(search)
  if (instance !== '') walk.add(`instance:${instance}`, signal => walk.gate.acceptsNamed(signal))
  walk.addRequest()
  const ports = walk.ownIds('port')
  const volumes = walk.ownIds('volume')
  for (const port of ports) walk.add(`port:${port}`, signal => !walk.gate.isStranger(signal))
  for (const volume of volumes) {
    walk.add(`volume:${volume}`, signal => signal.globalRequest === '' || isOf(signal, of.request))
  }
  for (const local of walk.localRequests()) {
    walk.add(`request:${local}`, signal => signal.request === local && !isNova(signal))
  }
  for (const alias of aliasesOf(ports, walk.signals)) walk.add(alias, () => true)
  for (const signal of index.get(`instance:${instance}`) ?? []) {
    for (const alias of signal.aliases) if (alias.startsWith('domain:')) walk.add(alias, () => true)
  }
  return {
    instance,
    signals: walk.without(ports, volumes),
    ports: [...ports],
    volumes: [...volumes],
    asked: walk.asked,
  }
}
