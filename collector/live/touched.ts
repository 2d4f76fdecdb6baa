import { linksOf } from '../../src/core/links.ts'
import type { Signal } from '../../src/core/signal.ts'
import { INSTANCE_PROOFS, REQUEST_PROOFS } from '../../src/reconstruct/identity.ts'
import type { Seed } from '../../src/store/store.ts'

const PROVES_INSTANCE = new Set(INSTANCE_PROOFS)
const PROVES_REQUEST = new Set(REQUEST_PROOFS)

/** The launches that new facts prove by themselves. */
function provenBy({ name, instances, request }: Signal): readonly Seed[] {
  if (PROVES_INSTANCE.has(name)) return instances.map(value => ({ kind: 'instance', value }))
  return PROVES_REQUEST.has(name) && request !== '' ? [{ kind: 'request', value: request }] : []
}

/** The launch that a link may name by itself. */
function namedBy(link: string): readonly Seed[] {
  const colon = link.indexOf(':')
  const [kind, value] = [link.slice(0, colon), link.slice(colon + 1)]
  return kind === 'instance' || kind === 'request' ? [{ kind, value }] : []
}

/** What waits, each once, in the order in which it came. */
class Layer {
  readonly links = new Set<string>()
  readonly seeds = new Map<string, Seed>()

  get size(): number {
    return this.links.size + this.seeds.size
  }

  addSeeds(seeds: readonly Seed[]): void {
    for (const seed of seeds) this.seeds.set(`${seed.kind} ${seed.value}`, seed)
  }
}

/**
 * Launches that wait to be rebuilt, each once, and links of new facts of which nobody has asked yet whose they are. `seal`
 * draws a line under what waits: what comes later waits behind it, so that one can tell when all before it is done.
 */
export class Touched {
  #sealed = new Layer()
  #open = new Layer()

  get size(): number {
    return this.#sealed.size + this.#open.size
  }

  /** Whether nothing is left of what had waited when it was sealed. */
  get isSealedDone(): boolean {
    return this.#sealed.size === 0
  }

  /** Call it only when `isSealedDone`. */
  seal(): void {
    ;[this.#sealed, this.#open] = [this.#open, this.#sealed]
  }

  addSignals(signals: readonly Signal[]): void {
    for (const signal of signals) {
      this.#open.addSeeds(provenBy(signal))
      for (const link of linksOf(signal)) this.#open.links.add(link)
    }
  }

  /** Links whose signals were not looked at: an instance or a request that they name may be a launch. */
  addArrivals(links: readonly string[]): void {
    for (const link of links) {
      this.#open.links.add(link)
      this.#open.addSeeds(namedBy(link))
    }
  }

  /**
   * Asks for at most `most` links whose launches they touch; those wait in the links' place. When asking fails, the links
   * wait as before.
   */
  async resolveLinks(most: number, find: (links: readonly string[]) => Promise<readonly Seed[]>): Promise<void> {
    const layer = this.#next()
    const links = [...layer.links.values().take(most)]
    if (links.length === 0) return
    // A fact that comes while it is asked must be asked for again.
    for (const link of links) layer.links.delete(link)
    try {
      layer.addSeeds(await find(links))
    } catch (error) {
      for (const link of links) layer.links.add(link)
      throw error
    }
  }

  /** Has at most `most` launches rebuilt. When that fails, they wait as before. */
  async rebuildSeeds(most: number, rebuild: (seeds: readonly Seed[]) => Promise<void>): Promise<void> {
    const layer = this.#next()
    const taken = [...layer.seeds.entries().take(most)]
    for (const [key] of taken) layer.seeds.delete(key)
    const seeds = taken.map(([, seed]) => seed)
    try {
      await rebuild(seeds)
    } catch (error) {
      layer.addSeeds(seeds)
      throw error
    }
  }

  #next(): Layer {
    return this.#sealed.size > 0 ? this.#sealed : this.#open
  }
}
