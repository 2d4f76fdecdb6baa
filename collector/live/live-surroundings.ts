import type { Signal } from '../../src/core/signal.ts'
import type { Block } from '../../src/reconstruct/blocks.ts'
import { blockOf, blocksAround, rangeAround } from '../../src/reconstruct/blocks.ts'
import { HOST_NAME_SIGNALS } from '../../src/reconstruct/host-names.ts'
import { MOMENT_SIGNALS } from '../../src/reconstruct/moments.ts'
import type { SurroundingsOf } from '../../src/reconstruct/surroundings.ts'
import { RESTART_SIGNAL } from '../../src/reconstruct/surroundings.ts'
import type { Store } from '../../src/store/store.ts'
import type { Learned } from '../surroundings.ts'
import { createSurroundingsOf, learnBlocks } from '../surroundings.ts'
import type { Horizon } from './horizon.ts'

const TEACHING = new Set([...HOST_NAME_SIGNALS, ...MOMENT_SIGNALS, RESTART_SIGNAL])

/** Blocks whose surroundings are remembered: a month of them is some 120. */
const MOST = 200

/** Learning may take this share of the time, so that it never holds up launches. */
const SHARE = 0.05
const SHORTEST_WAIT_MS = 2000
/** Revising launches takes at most a third of the time, however often a little more is learned of a clock. */
const REST_AFTER_REVISING = 2
/** Other collectors store facts too: the newest blocks are learned again now and then, whoever brought what. */
const LONGEST_WAIT_MS = 60_000

/** A block of which something else was learned than before, and which of its launches that concerns. */
export interface Relearned {
  readonly block: Block
  /** False when hosts only were restarted: that ends what was not active. */
  readonly concernsActive: boolean
}

export interface LiveSurroundingsDeps {
  readonly store: Store
  readonly horizon: Horizon
  readonly lostAfterSeconds: number
  /** A clock that only goes forward, in milliseconds. */
  readonly nowMs: () => number
}

function textOf(map: ReadonlyMap<string, unknown>): string {
  return JSON.stringify([...map].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function differs(before: Learned, after: Learned): boolean {
  return textOf(before.offsets) !== textOf(after.offsets) || textOf(before.hostNames) !== textOf(after.hostNames)
}

/** What is known of clocks, host names and restarts by block of hours, learned when it is needed and again when facts come. */
export class LiveSurroundings {
  readonly #deps: LiveSurroundingsDeps
  readonly #learned = new Map<Block, Learned>()
  readonly #stale = new Set<Block>()
  /** Blocks that are being learned for the first time. */
  readonly #learning = new Set<Block>()
  #isRelearning = false
  #notBeforeMs: number
  #newestAgainMs: number

  constructor(deps: LiveSurroundingsDeps) {
    this.#deps = deps
    this.#notBeforeMs = deps.nowMs()
    this.#newestAgainMs = deps.nowMs() + LONGEST_WAIT_MS
  }

  /** Whether everything that the facts teach has been learned. */
  get settled(): boolean {
    return this.#stale.size === 0 && !this.#isRelearning
  }

  /** Tells it of new facts: what they teach is learned soon. */
  saw(signals: readonly Signal[]): void {
    for (const { name, at } of signals) {
      if (!TEACHING.has(name)) continue
      for (const block of blocksAround(blockOf(at)))
        if (this.#learned.has(block) || this.#learning.has(block)) this.#stale.add(block)
    }
  }

  /** The surroundings of some blocks as they are known now. */
  async surroundingsFor(blocks: readonly Block[]): Promise<SurroundingsOf> {
    for (const block of blocks) if (!this.#learned.has(block)) await this.#learnFirst(block)
    const { horizon, lostAfterSeconds } = this.#deps
    return createSurroundingsOf(this.#learned, { asOf: horizon.asOf(), lostAfterSeconds })
  }

  /** Learns again what new facts may have changed, when it is time to; `onChanged` hears where something else came out. */
  async relearn(onChanged: (changed: Relearned) => void): Promise<void> {
    const { nowMs } = this.#deps
    const started = nowMs()
    if (started >= this.#newestAgainMs) this.#markNewest(started)
    if (this.#stale.size === 0 || started < this.#notBeforeMs) return
    this.#isRelearning = true
    try {
      for (const block of [...this.#stale].toSorted((a, b) => b - a)) {
        const changed = await this.#relearnBlock(block)
        if (changed !== undefined) onChanged(changed)
      }
    } finally {
      this.#isRelearning = false
      const ended = nowMs()
      this.#notBeforeMs = ended + Math.max(SHORTEST_WAIT_MS, (ended - started) / SHARE)
    }
  }

  /** Tells it how long launches were revised for what it learned: it learns nothing new for a while. */
  revised(tookMs: number): void {
    this.#notBeforeMs = Math.max(this.#notBeforeMs, this.#deps.nowMs()) + tookMs * REST_AFTER_REVISING
  }

  async #learnFirst(block: Block): Promise<void> {
    this.#learning.add(block)
    try {
      this.#remember(block, await this.#learn(block))
    } finally {
      this.#learning.delete(block)
    }
  }

  #markNewest(now: number): void {
    this.#newestAgainMs = now + LONGEST_WAIT_MS
    for (const block of [...this.#learned.keys()].toSorted((a, b) => b - a).slice(0, 2)) this.#stale.add(block)
  }

  async #relearnBlock(block: Block): Promise<Relearned | undefined> {
    const before = this.#learned.get(block)
    // Facts that come while it learns make it stale again.
    this.#stale.delete(block)
    const after = await this.#learn(block).catch((error: unknown) => {
      this.#stale.add(block)
      throw error
    })
    this.#remember(block, after)
    if (before === undefined) return undefined
    if (differs(before, after)) return { block, concernsActive: true }
    return JSON.stringify(before.restarts) === JSON.stringify(after.restarts)
      ? undefined
      : { block, concernsActive: false }
  }

  async #learn(block: Block): Promise<Learned> {
    const learned = await learnBlocks(this.#deps.store, rangeAround(block))
    return learned.get(block) ?? { offsets: new Map(), hostNames: new Map(), restarts: [] }
  }

  #remember(block: Block, learned: Learned): void {
    this.#learned.delete(block)
    this.#learned.set(block, learned)
    for (const oldest of this.#learned.keys().take(Math.max(0, this.#learned.size - MOST))) {
      this.#learned.delete(oldest)
      this.#stale.delete(oldest)
    }
  }
}
