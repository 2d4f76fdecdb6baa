/** The smallest differences between two clocks, so that a few launches in which the order did not hold do no harm. */
const KEPT = 16
const DISCARDED_SHARE = 0.02

/** Smallest `after - before` seen between two clocks, microseconds. */
export class Gap {
  readonly #smallest: number[] = []
  count = 0

  add(difference: number): void {
    this.count += 1
    const { length } = this.#smallest
    if (length === KEPT && difference >= (this.#smallest[length - 1] ?? 0)) return
    const place = this.#smallest.findIndex(kept => kept > difference)
    this.#smallest.splice(place === -1 ? length : place, 0, difference)
    if (this.#smallest.length > KEPT) this.#smallest.pop()
  }

  /** Undefined when nothing was seen. */
  bound(): number | undefined {
    return this.#smallest[Math.min(this.#smallest.length - 1, Math.floor(this.count * DISCARDED_SHARE))]
  }
}
