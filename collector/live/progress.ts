import type { UnixMicros } from '../../src/core/time.ts'
import { micros, plusSeconds } from '../../src/core/time.ts'
import type { CollectorProgress, LiveStore } from '../../src/store/live-store.ts'

/** How often a collector says how far it is. */
const EVERY_MS = 2000
/** A collector that has said nothing for so long is gone; another one finishes what it had begun. Seconds. */
const GONE_AFTER_SECONDS = 30
/** Between a fact's stamp in the store and the moment at which its writer knows that it is stored. Microseconds. */
const SLACK_MICROS = 5e6
/** What stands for a collector whose rest was taken over: there is nothing left of it to rebuild. */
const TAKEN_OVER = micros(Date.UTC(2200, 0, 1) * 1000)

export interface ProgressDeps {
  readonly store: LiveStore
  /** Unique among the collectors of one store, and the same after a restart. */
  readonly collector: string
  readonly nowMs: () => number
}

/** What arrived since `since` and may not have been rebuilt. */
export interface Backlog {
  readonly collector: string
  readonly since: UnixMicros
}

/**
 * Notes in the store how far this collector has rebuilt what it stored, so that whoever comes after a crash, itself or
 * another one, knows where to begin.
 */
export class Progress {
  readonly #deps: ProgressDeps
  /** When writes that are under way began, in milliseconds. */
  readonly #writing = new Set<{ readonly sinceMs: number }>()
  #noted: UnixMicros | undefined
  #nextMs: number

  constructor(deps: ProgressDeps) {
    this.#deps = deps
    this.#nextMs = deps.nowMs()
  }

  /** Runs a write of facts. Until it has settled nothing that arrived after it began counts as rebuilt. */
  async during<Result>(write: () => Promise<Result>): Promise<Result> {
    const mark = { sinceMs: this.#deps.nowMs() }
    this.#writing.add(mark)
    try {
      return await write()
    } finally {
      this.#writing.delete(mark)
    }
  }

  /** The moment up to which everything that arrived is known to this process now; undefined when it is not time to ask. */
  async mark(): Promise<UnixMicros | undefined> {
    const { store, nowMs } = this.#deps
    if (nowMs() < this.#nextMs) return undefined
    this.#nextMs = nowMs() + EVERY_MS
    const now = await store.now()
    const oldest = [...this.#writing].reduce((first, { sinceMs }) => Math.min(first, sinceMs), nowMs())
    return micros(now - (nowMs() - oldest) * 1000 - SLACK_MICROS)
  }

  async note(until: UnixMicros): Promise<void> {
    await this.#deps.store.noteProgress(this.#deps.collector, until)
    this.#noted = until
  }

  /** What this collector left behind when it ended. On the very first start nothing is: what is stored was rebuilt then. */
  async ownBacklog(): Promise<Backlog | undefined> {
    const { store, collector } = this.#deps
    const own = (await store.readProgress()).find(progress => progress.collector === collector)
    this.#noted = own?.rebuiltUntil
    if (own === undefined) await this.note(await store.now())
    return own === undefined ? undefined : { collector, since: own.rebuiltUntil }
  }

  /** Those of other collectors that have not been heard of for a while. */
  async goneBacklogs(): Promise<readonly Backlog[]> {
    const { store, collector } = this.#deps
    const [all, now] = [await store.readProgress(), await store.now()]
    const isGone = (of: CollectorProgress): boolean =>
      of.collector !== collector && of.rebuiltUntil < TAKEN_OVER && plusSeconds(of.seenAt, GONE_AFTER_SECONDS) < now
    return all.filter(isGone).map(of => ({ collector: of.collector, since: of.rebuiltUntil }))
  }

  /** Says that another collector's backlog is in this one's hands: its own progress answers for it from now on. */
  async takeOver({ collector, since }: Backlog): Promise<void> {
    await this.note(micros(Math.min(since, this.#noted ?? since)))
    await this.#deps.store.noteProgress(collector, TAKEN_OVER)
  }
}
