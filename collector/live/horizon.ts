import type { Signal } from '../../src/core/signal.ts'
import type { UnixMicros } from '../../src/core/time.ts'
import { micros } from '../../src/core/time.ts'

/** Signals that claim to be from further ahead of all others were written by a wrong clock. Microseconds. */
const STRAY_MICROS = 86_400e6

/**
 * How far the telemetry reaches: the time of the newest fact, and the time that has passed since it came. So silence counts
 * also when a whole cloud is silent, and a recording that is replayed years later is judged by its own clock.
 */
export class Horizon {
  readonly #nowMs: () => number
  #newest = 0
  #cameAtMs: number

  /** @param nowMs - a clock that only goes forward, in milliseconds */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
    this.#cameAtMs = nowMs()
  }

  /** Tells it of new facts. One that lies more than a day ahead moves nothing; `reachedTo` decides about those. */
  saw(signals: readonly Signal[]): void {
    const limit = this.#newest === 0 ? Infinity : this.#newest + STRAY_MICROS
    let newest = this.#newest
    for (const { at } of signals) if (at > newest && at <= limit) newest = at
    this.#moveTo(newest)
  }

  /** Tells it what the store says of all its facts, strays left out. */
  reachedTo(at: UnixMicros): void {
    this.#moveTo(at)
  }

  asOf(): UnixMicros {
    return micros(this.#newest + (this.#nowMs() - this.#cameAtMs) * 1000)
  }

  #moveTo(at: number): void {
    if (at <= this.#newest) return
    this.#newest = at
    this.#cameAtMs = this.#nowMs()
  }
}
