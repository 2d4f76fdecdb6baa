import { plusSeconds } from '../../src/core/time.ts'
import { rangeOf } from '../../src/reconstruct/blocks.ts'
import type { LiveStore } from '../../src/store/live-store.ts'
import type { Seed } from '../../src/store/store.ts'
import type { Relearned } from './live-surroundings.ts'

/** Clocks may put the start of a launch on the other side of a block's border. Seconds. */
const SLACK_SECONDS = 900

interface UnderWay {
  readonly of: Relearned
  readonly seeds: AsyncIterator<readonly Seed[]>
}

/**
 * Launches that are to be rebuilt because something else was learned of their hosts: a block at a time, read from the store
 * as they are taken, so that a block of any size needs little memory.
 */
export class Revision {
  readonly #store: Pick<LiveStore, 'launchesBegun'>
  readonly #waiting = new Map<number, Relearned>()
  #current: UnderWay | undefined
  #rest: readonly Seed[] = []

  constructor(store: Pick<LiveStore, 'launchesBegun'>) {
    this.#store = store
  }

  get settled(): boolean {
    return this.#waiting.size === 0 && this.#current === undefined && this.#rest.length === 0
  }

  add(changed: Relearned): void {
    const { block, concernsActive } = changed
    const isUnderWay = this.#current?.of.block === block
    const before = this.#waiting.get(block) ?? (isUnderWay ? this.#current?.of : undefined)
    if (isUnderWay) this.#current = undefined
    this.#waiting.set(block, { block, concernsActive: concernsActive || before?.concernsActive === true })
  }

  /** The next launches to rebuild, at most `most`; empty when there are none left. */
  async take(most: number): Promise<readonly Seed[]> {
    while (this.#rest.length === 0) {
      const current = this.#current ?? this.#begin()
      if (current === undefined) return []
      const next = await current.seeds.next()
      if (next.done !== true) this.#rest = next.value
      else if (this.#current === current) this.#current = undefined
    }
    const taken = this.#rest.slice(0, most)
    this.#rest = this.#rest.slice(most)
    return taken
  }

  #begin(): UnderWay | undefined {
    const [of] = this.#waiting.values()
    if (of === undefined) return undefined
    this.#waiting.delete(of.block)
    const { from, to } = rangeOf(of.block)
    const range = { from: plusSeconds(from, -SLACK_SECONDS), to: plusSeconds(to, SLACK_SECONDS) }
    const seeds = this.#store.launchesBegun(range, { unfinished: !of.concernsActive })[Symbol.asyncIterator]()
    this.#current = { of, seeds }
    return this.#current
  }
}
