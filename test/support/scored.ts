import { byTime, readFacts, rebuild, withClocks } from './reconstruction.ts'
import type { Facts } from './reconstruction.ts'
import type { Recorded } from './corpus.ts'
import type { Signal } from '../../src/core/signal.ts'
import { readTruth } from './truth.ts'
import { scoreLaunches } from './score.ts'
import type { Score } from './score.ts'

const read = new Map<string, Promise<Facts>>()

/** The facts of a recording; read once in a process. */
export function factsOf(recorded: Recorded): Promise<Facts> {
  const facts = read.get(recorded.logs) ?? readFacts(recorded)
  read.set(recorded.logs, facts)
  return facts
}

/** A part of a cloud's telemetry, or all of it told by clocks that disagree. */
export type View =
  'all' | 'logs' | 'info logs' | 'notifications' | 'all, clocks shifted' | 'logs, clocks shifted' | 'log clocks shifted'

const SHIFTS = { 'compute-1': 3.2, 'compute-2': -1.7 }

/** What is left of a recording in a view. */
export function viewOf({ signals, debug }: Facts, view: View): readonly Signal[] {
  const logs = signals.filter(({ source }) => source === 'log')
  const notifications = signals.filter(({ source }) => source === 'notification')
  switch (view) {
    case 'all':
      return signals
    case 'logs':
      return logs
    case 'info logs':
      return logs.filter(({ id }) => !debug.has(id))
    case 'notifications':
      return notifications
    case 'all, clocks shifted':
      return withClocks(signals, SHIFTS)
    case 'logs, clocks shifted':
      return withClocks(logs, SHIFTS)
    case 'log clocks shifted':
      return [...withClocks(logs, SHIFTS), ...notifications].toSorted(byTime)
  }
}

/** How well a view of a recording tells what its clients saw. */
export async function scoreOf(recorded: Recorded, view: View): Promise<Score> {
  const launches = rebuild(viewOf(await factsOf(recorded), view))
  return scoreLaunches(readTruth(recorded.truth ?? ''), launches)
}
