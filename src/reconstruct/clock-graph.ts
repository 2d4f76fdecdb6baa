import type { Gap } from './gap.ts'

/** Log lines print milliseconds, so clocks that agree may still seem to disagree by this much. Microseconds. */
const RESOLUTION = 2_000

/**
 * How soon after the scheduler's claim a compute node has the build in hand. That is the tightest order there is, so
 * where the others leave much room the offset lies this far below its bound. Microseconds.
 */
const DISPATCH = 100_000

/** One thing known of how far a clock runs ahead of the reference. Microseconds; infinite on the open side. */
interface Bound {
  readonly low: number
  readonly high: number
}

/** By `from`, `to` and a name, each on a line of its own. */
type Gaps = ReadonlyMap<string, Gap>

/** What the gaps say of `clock`, given the clocks whose offsets are known. */
function boundsOf(gaps: Gaps, clock: string, known: ReadonlyMap<string, number>): readonly Bound[] {
  const bounds: Bound[] = []
  for (const [key, gap] of gaps) {
    const [from = '', to = ''] = key.split('\n')
    const smallest = gap.bound()
    if (smallest === undefined) continue
    const sender = known.get(from)
    const receiver = known.get(to)
    if (to === clock && sender !== undefined) bounds.push({ low: -Infinity, high: sender + smallest })
    if (from === clock && receiver !== undefined) bounds.push({ low: receiver - smallest, high: Infinity })
  }
  return bounds
}

function kept(bounds: readonly Bound[], offset: number, slack = RESOLUTION): number {
  return bounds.filter(({ low, high }) => low - slack <= offset && offset <= high + slack).length
}

/**
 * The offset that agrees with most bounds (Marzullo's algorithm, as NTP uses it): zero when zero is among the best, else
 * the middle of the best stretch, or near its upper end when it is long.
 */
function chooseOffset(bounds: readonly Bound[]): number {
  const edges = [...new Set(bounds.flatMap(({ low, high }) => [low, high]).filter(Number.isFinite))].toSorted(
    (a, b) => a - b,
  )
  const most = Math.max(0, ...edges.map(edge => kept(bounds, edge)))
  if (kept(bounds, 0) >= most) return 0
  const best = edges.filter(edge => kept(bounds, edge) === most)
  const first = best[0] ?? 0
  const last = best.find((edge, index) => index > 0 && kept(bounds, (first + edge) / 2) === most) ?? first
  return last - first <= 2 * DISPATCH ? Math.round((first + last) / 2) : last - DISPATCH
}

/** Both clocks of a host, `host/log` and `host/notification`: one clock, unless the bounds say that it cannot be. */
function clocksOf(host: string): readonly string[] {
  return [`${host}/log`, `${host}/notification`]
}

/** How far a bound may be missed for two clocks to count as one: estimates are no better than that. Microseconds. */
const SAME_CLOCK = 100_000

function hostOf(clock: string): string {
  return clock.slice(0, clock.lastIndexOf('/'))
}

/** Offsets of the clocks of one host: the same for both where neither fits its bounds better alone, else each its own. */
function settle(gaps: Gaps, host: string, known: Map<string, number>): void {
  const clocks = clocksOf(host).map(clock => ({ clock, bounds: boundsOf(gaps, clock, known) }))
  const shared = chooseOffset(clocks.flatMap(({ bounds }) => bounds))
  const isOne = clocks.every(
    ({ bounds }) => kept(bounds, shared, SAME_CLOCK) >= kept(bounds, chooseOffset(bounds), SAME_CLOCK),
  )
  for (const { clock, bounds } of clocks) known.set(clock, isOne ? shared : chooseOffset(bounds))
}

/** The host with most `POST /servers` lines; by name when there is none or a tie. */
function referenceOf(hosts: readonly string[], voices: ReadonlyMap<string, number>): string | undefined {
  const said = (host: string): number => clocksOf(host).reduce((sum, clock) => sum + (voices.get(clock) ?? 0), 0)
  return hosts.toSorted((a, b) => said(b) - said(a) || (a < b ? -1 : 1))[0]
}

function neighbours(gaps: Gaps, host: string): string[] {
  const found = new Set<string>()
  for (const key of gaps.keys()) {
    const [from = '', to = ''] = key.split('\n').slice(0, 2).map(hostOf)
    if (from === host) found.add(to)
    if (to === host) found.add(from)
  }
  return [...found].toSorted()
}

/** Walks from the reference host outwards; clocks that nothing ties to it are left as they are. */
export function solveOffsets(gaps: Gaps, voices: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const clocks = [...[...gaps.keys()].flatMap(key => key.split('\n').slice(0, 2)), ...voices.keys()]
  const hosts = [...new Set(clocks.map(hostOf))].toSorted()
  const reference = referenceOf(hosts, voices)
  const known = new Map<string, number>()
  if (reference === undefined) return known
  for (const clock of clocksOf(reference)) known.set(clock, 0)
  const queue = [reference]
  for (let host = queue.shift(); host !== undefined; host = queue.shift()) {
    for (const next of neighbours(gaps, host)) {
      if (known.has(`${next}/log`)) continue
      settle(gaps, next, known)
      queue.push(next)
    }
  }
  return new Map([...known].filter(([, offset]) => offset !== 0))
}
