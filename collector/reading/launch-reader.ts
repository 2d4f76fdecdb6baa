import type { Launch } from '../../src/core/launch.ts'
import { micros, plusSeconds } from '../../src/core/time.ts'
import type { UnixMicros } from '../../src/core/time.ts'
import type { LaunchFilter, Store, TimeRange } from '../../src/store/store.ts'
import type { Count, Report } from '../render/report.ts'
import { findWholeLaunches } from './whole-launch.ts'

/** A range of time; what is left open reaches to the first or the last fact. */
export type OpenRange = Pick<LaunchFilter, 'since' | 'until'>

/** What commands that only look need: from a store of their own, or from a running process that holds it. */
export interface LaunchReader {
  /** As `Store.readLaunches`. */
  readLaunches(filter: LaunchFilter): AsyncIterable<readonly Launch[]>
  /** Whole launches with all their spans, by any id or a beginning of one. */
  findLaunches(id: string): Promise<readonly Launch[]>
  /** Undefined when there are no facts at all. */
  report(range: OpenRange): Promise<Report | undefined>
  /** How far the facts reach: how long an open phase has been open counts to there. Undefined when nobody can tell. */
  asOf(): Promise<UnixMicros | undefined>
  close(): Promise<void>
}

async function closeRange({ since, until }: OpenRange, store: Store): Promise<TimeRange | undefined> {
  const whole = await store.signalRange()
  if (whole === undefined) return undefined
  // A launch may start with the last signal, and ranges are half open.
  return { from: since ?? whole.from, to: until ?? plusSeconds(whole.to, 1) }
}

type Counted<Of> = readonly { readonly of: Of; readonly launches: number }[]

function beside<Of>(now: Counted<Of>, before: Counted<Of>): readonly Count<Of>[] {
  const all = [...new Set([...now, ...before].map(({ of }) => of))]
  const launchesOf = (counts: Counted<Of>, of: Of): number => counts.find(count => count.of === of)?.launches ?? 0
  return all.map(of => ({ of, launches: launchesOf(now, of), before: launchesOf(before, of) }))
}

/** A range beside the equally long one before it; undefined when there are no facts at all. */
export async function makeReport(store: Store, open: OpenRange): Promise<Report | undefined> {
  const range = await closeRange(open, store)
  if (range === undefined) return undefined
  const before = { from: micros(range.from - (range.to - range.from)), to: range.from }
  const [phases, phasesBefore, now, then] = await Promise.all([
    store.phaseLatency(range),
    store.phaseLatency(before),
    store.summarise(range),
    store.summarise(before),
  ])
  const outcomes = beside(now.outcomes, then.outcomes)
  const causes = beside(now.causes, then.causes)
  return { range, before, phases, phasesBefore, outcomes, causes, hosts: now.hosts }
}

/** Reads from a store; closing the reader closes it. */
export function createStoreReader(store: Store): LaunchReader {
  return {
    readLaunches: filter => store.readLaunches(filter),
    findLaunches: id => findWholeLaunches(store, id),
    report: range => makeReport(store, range),
    asOf: async () => (await store.signalRange())?.to,
    close: () => store.close(),
  }
}
