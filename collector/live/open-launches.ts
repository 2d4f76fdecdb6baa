import type { Launch } from '../../src/core/launch.ts'
import type { UnixMicros } from '../../src/core/time.ts'
import { plusSeconds } from '../../src/core/time.ts'
import type { Seed } from '../../src/store/store.ts'

/**
 * Launches in progress that are watched: some 30 MB. Those beyond it are found again when the store is asked for all that are
 * in progress.
 */
const MOST = 200_000

/** A build that failed and was not handed to another host within a minute has failed for good. Seconds. */
const FIRST_LOOK_SECONDS = 61

interface Watched {
  readonly seed: Seed
  /** When silence may have changed what it is, by the horizon. */
  readonly dueAt: UnixMicros
}

/** A launch in progress ends by a new fact or by silence; this remembers when to look at each for the latter. */
export class OpenLaunches {
  readonly #watched = new Map<string, Watched>()
  readonly #lostAfterSeconds: number

  constructor(lostAfterSeconds: number) {
    this.#lostAfterSeconds = lostAfterSeconds
  }

  get size(): number {
    return this.#watched.size
  }

  /** Takes note of a launch that was just rebuilt at `asOf`. `again` when silence was why: then only the end of it is left. */
  saw({ instanceId, requestId, outcome }: Launch, asOf: UnixMicros, again: boolean): void {
    const seed: Seed =
      instanceId === undefined ? { kind: 'request', value: requestId } : { kind: 'instance', value: instanceId }
    const key = `${seed.kind} ${seed.value}`
    if (outcome !== 'in_progress') this.#watched.delete(key)
    else if (this.#watched.size < MOST || this.#watched.has(key)) {
      const seconds = again ? this.#lostAfterSeconds + 1 : Math.min(FIRST_LOOK_SECONDS, this.#lostAfterSeconds + 1)
      this.#watched.set(key, { seed, dueAt: plusSeconds(asOf, seconds) })
    }
  }

  /** Takes note of launches that nobody looked at since the start: they are due at once. */
  found(seeds: readonly Seed[], asOf: UnixMicros): void {
    for (const seed of seeds) {
      const key = `${seed.kind} ${seed.value}`
      if (!this.#watched.has(key) && this.#watched.size < MOST) this.#watched.set(key, { seed, dueAt: asOf })
    }
  }

  /** Launches that are due, at most `most`; each is due again later unless `saw` says otherwise before. */
  due(asOf: UnixMicros, most: number): readonly Seed[] {
    const due: Seed[] = []
    for (const [key, { seed, dueAt }] of this.#watched) {
      if (dueAt > asOf) continue
      due.push(seed)
      this.#watched.set(key, { seed, dueAt: plusSeconds(asOf, this.#lostAfterSeconds + 1) })
      if (due.length >= most) break
    }
    return due
  }
}
