/** Log lines print milliseconds, so clocks that agree may still seem to disagree by this much. Microseconds. */
const RESOLUTION = 2_000

/**
 * How soon after the scheduler's claim a compute node has the build in hand. That is the tightest order there is, so
 * where the others leave much room the offset lies this far below its bound. Microseconds.
 */
const DISPATCH = 100_000

/** One thing known of how far a clock runs ahead of the reference. Microseconds; infinite on the open side. */
export interface Bound {
  readonly low: number
  readonly high: number
}

/** How many bounds an offset keeps, each widened by `slack` on both sides. */
export function kept(bounds: readonly Bound[], offset: number, slack = RESOLUTION): number {
  return bounds.filter(({ low, high }) => low - slack <= offset && offset <= high + slack).length
}

interface Stretch {
  readonly low: number
  readonly high: number
  readonly kept: number
}

interface Edge {
  readonly at: number
  readonly change: 1 | -1
}

function edgesOf(bounds: readonly Bound[]): readonly Edge[] {
  const opening = bounds.map(({ low }): Edge => ({ at: low - RESOLUTION, change: 1 }))
  const closing = bounds.map(({ high }): Edge => ({ at: high + RESOLUTION, change: -1 }))
  return [...opening, ...closing].toSorted((a, b) => (a.at === b.at ? b.change - a.change : a.at - b.at))
}

/** The first stretch of offsets that keeps most bounds, found in one sweep over their edges. */
function bestStretch(bounds: readonly Bound[]): Stretch {
  let best: Stretch = { low: 0, high: 0, kept: 0 }
  let open: Stretch | undefined
  let cover = 0
  for (const { at, change } of edgesOf(bounds)) {
    if (open !== undefined && change === -1) {
      best = { ...open, high: at - RESOLUTION }
      open = undefined
    }
    cover += change
    if (change === 1 && cover > Math.max(best.kept, open?.kept ?? 0))
      open = { low: at + RESOLUTION, high: Infinity, kept: cover }
  }
  return best
}

/**
 * The offset that agrees with most bounds (Marzullo's algorithm, as NTP uses it): zero when zero is among the best, else
 * the middle of the best stretch, or near its upper end when it is long.
 */
export function chooseOffset(bounds: readonly Bound[]): number {
  const { low, high, kept: most } = bestStretch(bounds)
  if (kept(bounds, 0) >= most) return 0
  if (high === Infinity) return Math.round(low)
  if (low === -Infinity) return Math.round(high)
  return high - low <= 2 * DISPATCH ? Math.round((low + high) / 2) : high - DISPATCH
}
