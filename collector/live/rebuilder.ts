import { setTimeout as sleep } from 'node:timers/promises'
import type { Launch } from '../../src/core/launch.ts'
import type { Signal } from '../../src/core/signal.ts'
import type { UnixMicros } from '../../src/core/time.ts'
import { blockOf } from '../../src/reconstruct/blocks.ts'
import type { LiveStore } from '../../src/store/live-store.ts'
import type { Seed } from '../../src/store/store.ts'
import type { Telemetry } from '../../src/telemetry/telemetry.ts'
import { drawLaunches, NotedLinks, SEEDS_AT_ONCE } from '../rebuild-seeds.ts'
import { Horizon } from './horizon.ts'
import { LaunchMemory } from './launch-memory.ts'
import { LiveSurroundings } from './live-surroundings.ts'
import { OpenLaunches } from './open-launches.ts'
import { Progress } from './progress.ts'
import { Revision } from './revision.ts'
import { Touched } from './touched.ts'

export interface RebuilderDeps {
  readonly store: LiveStore
  readonly telemetry: Telemetry
  /** Unique among the collectors of one store, and the same after a restart. */
  readonly collector: string
  readonly lostAfterSeconds: number
  /** Hears of every launch that was stored anew. */
  readonly onLaunches: (launches: readonly Launch[]) => void
  /** A clock that only goes forward, in milliseconds. */
  readonly nowMs?: () => number
}

/** How a rebuilder is doing, for people. */
export interface RebuilderStatus {
  /** Launches and links of new facts that wait. */
  readonly waiting: number
  readonly open: number
  /** How far the facts reach; silence is counted from there. */
  readonly asOf: UnixMicros
  /** Whether the stored launches are what all facts that came so far amount to. */
  readonly settled: boolean
}

/** Links that are asked for at once. */
const LINKS_AT_ONCE = 5000
/** Launches and links that may wait: some tens of megabytes. Writers wait beyond it. */
const MOST_WAITING = 200_000
/** A turn at least this long after the last one, so that what comes close together is rebuilt once. */
const PACE_MS = 200
/** On a machine that others keep busy a turn takes long without working much: waiting as long again would only be late. */
const LONGEST_PAUSE_MS = 250
const FIRST_RETRY_MS = 250
const LONGEST_RETRY_MS = 10_000
/** How often backlogs of other collectors and launches in progress that nobody watches are looked for. */
const LOOK_AROUND_MS = 30_000
/** Launches that are revised in one turn, so that new facts do not wait long behind them. */
const REVISED_AT_ONCE = 100
/** Revised launches wait for new facts, but not forever: one turn in so many is theirs. */
const REVISION_TURN = 5

/**
 * Keeps the stored launches at what the stored facts amount to, while facts come. Everything it holds is a cache: what it
 * had not rebuilt when it was killed is found again by its progress in the store.
 */
export class Rebuilder {
  readonly #deps: RebuilderDeps
  readonly #nowMs: () => number
  readonly #touched = new Touched()
  readonly #noted = new NotedLinks()
  readonly #memory = new LaunchMemory()
  readonly #horizon: Horizon
  readonly #surroundings: LiveSurroundings
  readonly #open: OpenLaunches
  readonly #progress: Progress
  readonly #revision: Revision
  readonly #begun = Promise.withResolvers<undefined>()
  #waiters: (() => void)[] = []
  #turn = 0
  #inHand = 0
  #recovered = false
  /** Everything that arrived before it is rebuilt once nothing is left of what was sealed. */
  #mark: UnixMicros | undefined
  #lookAroundMs = 0

  constructor(deps: RebuilderDeps) {
    const { store, lostAfterSeconds, collector } = deps
    const nowMs = deps.nowMs ?? ((): number => performance.now())
    this.#deps = deps
    this.#nowMs = nowMs
    this.#horizon = new Horizon(nowMs)
    this.#surroundings = new LiveSurroundings({ store, horizon: this.#horizon, lostAfterSeconds, nowMs })
    this.#open = new OpenLaunches(lostAfterSeconds)
    this.#progress = new Progress({ store, collector, nowMs })
    this.#revision = new Revision(store)
  }

  /** Stores facts and has what they touch rebuilt soon. Waits while too much waits already. */
  async store(signals: readonly Signal[]): Promise<void> {
    // Before it is noted where this collector begins, a kill would forget what it had stored.
    await this.#begun.promise
    while (this.#touched.size > MOST_WAITING) await new Promise<void>(resolve => this.#waiters.push(resolve))
    await this.#progress.during(async () => {
      await this.#deps.store.writeSignals(signals)
      this.#touched.addSignals(signals)
      this.#horizon.saw(signals)
      this.#surroundings.saw(signals)
    })
  }

  status(): RebuilderStatus {
    const waiting = this.#touched.size + this.#inHand
    const settled = this.#recovered && waiting === 0 && this.#surroundings.settled && this.#revision.settled
    return { waiting, open: this.#open.size, asOf: this.#horizon.asOf(), settled }
  }

  /** Works until `stop` aborts. Failures of the store are retried for as long as they last. */
  async run(stop: AbortSignal): Promise<void> {
    let failures = 0
    while (!stop.aborted) {
      const started = this.#nowMs()
      let waitMs = PACE_MS
      try {
        const more = await this.#work()
        failures = 0
        // Under light load half of the time at most goes into rebuilding.
        waitMs = more ? 0 : Math.min(LONGEST_PAUSE_MS, Math.max(PACE_MS, this.#nowMs() - started))
      } catch (error) {
        waitMs = this.#failed(error, failures)
        failures += 1
      }
      this.#tell()
      await sleep(waitMs, undefined, { signal: stop }).catch(() => undefined)
    }
    for (const wake of this.#waiters.splice(0)) wake()
  }

  /** One turn; true when more is waiting than one turn can do. */
  async #work(): Promise<boolean> {
    if (!this.#recovered) await this.#recover()
    await this.#noteProgress()
    this.#turn += 1
    await this.#rebuildTouched()
    await this.#rebuild(this.#open.due(this.#horizon.asOf(), SEEDS_AT_ONCE), true)
    await this.#lookAround()
    await this.#surroundings.relearn(changed => {
      this.#revision.add(changed)
    })
    const busy = this.#touched.size > 0
    if (!busy || this.#turn % REVISION_TURN === 0) await this.#revise()
    return this.#touched.size > LINKS_AT_ONCE || !this.#revision.settled
  }

  /** What had waited when the mark was taken is done: everything that arrived before it is rebuilt. */
  async #noteProgress(): Promise<void> {
    if (!this.#touched.isSealedDone) return
    if (this.#mark !== undefined) await this.#progress.note(this.#mark)
    this.#mark = await this.#progress.mark()
    if (this.#mark !== undefined) this.#touched.seal()
  }

  async #rebuildTouched(): Promise<void> {
    const { store } = this.#deps
    await this.#touched.resolveLinks(LINKS_AT_ONCE, links => this.#keeping(links.length, () => store.findLinked(links)))
    await this.#touched.rebuildSeeds(SEEDS_AT_ONCE, seeds => this.#rebuild(seeds, false))
    for (const wake of this.#waiters.splice(0)) wake()
  }

  async #revise(): Promise<void> {
    const started = this.#nowMs()
    const seeds = await this.#revision.take(REVISED_AT_ONCE)
    if (seeds.length === 0) return
    await this.#rebuild(seeds, false).catch((error: unknown) => {
      this.#touched.addArrivals(seeds.map(({ kind, value }) => `${kind}:${value}`))
      throw error
    })
    this.#surroundings.revised(this.#nowMs() - started)
  }

  async #rebuild(seeds: readonly Seed[], again: boolean): Promise<void> {
    if (seeds.length === 0) return
    const started = this.#nowMs()
    const { telemetry } = this.#deps
    await this.#keeping(seeds.length, () =>
      telemetry.trace('rebuild.batch', { launches: seeds.length }, () => this.#draw(seeds, again)),
    )
    telemetry.observe('launchtrace_rebuild_seconds', {}, (this.#nowMs() - started) / 1000)
  }

  /** Counts what is in hand as waiting while the work is done. */
  async #keeping<Result>(count: number, work: () => Promise<Result>): Promise<Result> {
    this.#inHand += count
    try {
      return await work()
    } finally {
      this.#inHand -= count
    }
  }

  async #draw(seeds: readonly Seed[], again: boolean): Promise<void> {
    const { store, telemetry, onLaunches } = this.#deps
    const asOf = this.#horizon.asOf()
    const drawn = await drawLaunches(seeds, {
      store,
      noted: this.#noted,
      surroundingsFor: blocks => this.#surroundings.surroundingsFor(blocks),
    })
    const changed = this.#memory.changed(drawn)
    await store.replaceLaunches(changed.scope, changed.launches)
    this.#memory.stored(changed)
    for (const launch of drawn.launches) this.#open.saw(launch, asOf, again)
    telemetry.count('launchtrace_rebuild_launches_total', {}, drawn.launches.length)
    onLaunches(changed.launches)
  }

  /** Takes up what was stored and not rebuilt when this collector ended, and what silence may have changed since. */
  async #recover(): Promise<void> {
    const { store } = this.#deps
    const range = await store.signalRange()
    if (range !== undefined) this.#horizon.reachedTo(range.to)
    const backlog = await this.#progress.ownBacklog()
    this.#begun.resolve(undefined)
    if (backlog !== undefined) await this.#takeUp(backlog.since)
    if (range !== undefined) this.#revision.add({ block: blockOf(range.to), concernsActive: true })
    this.#recovered = true
  }

  async #takeUp(since: UnixMicros): Promise<void> {
    for await (const links of this.#deps.store.arrivedSince(since)) {
      this.#touched.addArrivals(links)
      while (this.#touched.size > MOST_WAITING) await this.#rebuildTouched()
    }
  }

  async #lookAround(): Promise<void> {
    if (this.#nowMs() < this.#lookAroundMs) return
    const { store, telemetry } = this.#deps
    this.#lookAroundMs = this.#nowMs() + LOOK_AROUND_MS
    for (const backlog of await this.#progress.goneBacklogs()) {
      // A mark from before says nothing of what is taken over now.
      this.#mark = undefined
      await this.#progress.takeOver(backlog)
      await this.#takeUp(backlog.since)
      telemetry.info('Took over from a collector that is gone.', { collector: backlog.collector })
    }
    const range = await store.signalRange()
    if (range !== undefined) this.#horizon.reachedTo(range.to)
    for await (const seeds of store.launchesInProgress()) this.#open.found(seeds, this.#horizon.asOf())
  }

  #failed(error: unknown, failures: number): number {
    const waitMs = Math.min(FIRST_RETRY_MS * 2 ** failures, LONGEST_RETRY_MS)
    this.#deps.telemetry.count('launchtrace_rebuild_failures_total', {})
    this.#deps.telemetry.warn('Launches could not be rebuilt; they are tried again.', {
      error: error instanceof Error ? error.message : String(error),
      waiting: this.#touched.size,
      next_try_ms: waitMs,
    })
    return waitMs
  }

  #tell(): void {
    this.#deps.telemetry.set('launchtrace_rebuild_waiting', {}, this.#touched.size)
    this.#deps.telemetry.set('launchtrace_launches_open', {}, this.#open.size)
  }
}
