import type { Gap } from './gap.ts'
import { chooseOffset, kept } from './offset-choice.ts'
import type { Bound } from './offset-choice.ts'

/** By `from`, `to` and a name, each on a line of its own. */
type Gaps = ReadonlyMap<string, Gap>

/** The smallest gap that was seen from one clock to another in one order of moments. */
interface Tie {
  readonly from: string
  readonly to: string
  readonly smallest: number
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

/** Ties by the host at either end, so that each host looks at its own only. */
function tiesByHost(gaps: Gaps): ReadonlyMap<string, readonly Tie[]> {
  const ties = new Map<string, Tie[]>()
  for (const [key, gap] of gaps) {
    const [from = '', to = ''] = key.split('\n')
    const smallest = gap.bound()
    if (smallest === undefined) continue
    for (const host of new Set([hostOf(from), hostOf(to)])) {
      const own = ties.get(host) ?? []
      own.push({ from, to, smallest })
      ties.set(host, own)
    }
  }
  return ties
}

type Offsets = ReadonlyMap<string, number>

/** What the ties of a host say of one of its clocks, given the clocks whose offsets are known. */
function boundsOf(clock: string, ties: readonly Tie[], known: Offsets): readonly Bound[] {
  return ties.flatMap(({ from, to, smallest }): Bound[] => {
    const sender = to === clock ? known.get(from) : undefined
    const receiver = from === clock ? known.get(to) : undefined
    if (sender !== undefined) return [{ low: -Infinity, high: sender + smallest }]
    return receiver === undefined ? [] : [{ low: receiver - smallest, high: Infinity }]
  })
}

/** Offsets of the clocks of one host: the same for both where neither fits its bounds better alone, else each its own. */
function settle(host: string, ties: readonly Tie[], known: Offsets): readonly (readonly [string, number])[] {
  const clocks = clocksOf(host).map(clock => ({ clock, bounds: boundsOf(clock, ties, known) }))
  const shared = chooseOffset(clocks.flatMap(({ bounds }) => bounds))
  const isOne = clocks.every(
    ({ bounds }) => kept(bounds, shared, SAME_CLOCK) >= kept(bounds, chooseOffset(bounds), SAME_CLOCK),
  )
  return clocks.map(({ clock, bounds }) => [clock, isOne ? shared : chooseOffset(bounds)] as const)
}

/** The host with most `POST /servers` lines; by name when there is none or a tie. */
function referenceOf(hosts: readonly string[], voices: ReadonlyMap<string, number>): string | undefined {
  const said = (host: string): number => clocksOf(host).reduce((sum, clock) => sum + (voices.get(clock) ?? 0), 0)
  return hosts.toSorted((a, b) => said(b) - said(a) || (a < b ? -1 : 1))[0]
}

function neighbours(host: string, ties: readonly Tie[]): readonly string[] {
  const found = new Set(ties.flatMap(({ from, to }) => [hostOf(from), hostOf(to)]))
  found.delete(host)
  return [...found].toSorted()
}

/**
 * Walks from the reference host outwards; clocks that nothing ties to it are left as they are. Takes time in proportion
 * to the ties: clouds have ten thousand hosts.
 */
export function solveOffsets(gaps: Gaps, voices: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const ties = tiesByHost(gaps)
  const hosts = [...new Set([...ties.keys(), ...[...voices.keys()].map(hostOf)])].toSorted()
  const reference = referenceOf(hosts, voices)
  if (reference === undefined) return new Map()
  const known = new Map<string, number>(clocksOf(reference).map(clock => [clock, 0]))
  const queue = [reference]
  for (const host of queue) {
    for (const next of neighbours(host, ties.get(host) ?? [])) {
      if (known.has(`${next}/log`)) continue
      for (const [clock, offset] of settle(next, ties.get(next) ?? [], known)) known.set(clock, offset)
      queue.push(next)
    }
  }
  return new Map([...known].filter(([, offset]) => offset !== 0))
}
