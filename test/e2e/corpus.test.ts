import { describe, expect, test } from 'vitest'
import type { Signal } from '../../src/core/signal.ts'
import { micros } from '../../src/core/time.ts'
import { CORPUS, EXAMPLES } from '../support/corpus.ts'
import type { Recorded } from '../support/corpus.ts'
import { byTime, rebuild } from '../support/reconstruction.ts'
import type { Score } from '../support/score.ts'
import { scoreLaunches } from '../support/score.ts'
import { factsOf, scoreOf, viewOf } from '../support/scored.ts'
import type { View } from '../support/scored.ts'
import { readTruth } from '../support/truth.ts'
import type { TruthLaunch } from '../support/truth.ts'

/* Launches rebuilt from recordings of real clouds, held against what the clients of these clouds asked for and saw. */

const JUDGED = [...EXAMPLES, ...CORPUS].filter(({ truth }) => truth !== undefined)

/** Recordings at DEBUG: without their DEBUG lines they are what a cloud at INFO would have written. */
const AT_DEBUG = /debug|deep/

/** What notifications cannot say; docs/accuracy.md explains each. */
const BEYOND_NOTIFICATIONS = new Set([
  'rejected request found once',
  "start within the client's request",
  'unexplained under 5 %',
])

/** Deleted before a host was chosen, or told of in logs only: nova sent nothing about their builds. */
const UNANNOUNCED = 'instance found once'

function viewsOf({ name, notifications }: Recorded): readonly View[] {
  const views: View[] = ['all', 'logs', 'all, clocks shifted', 'logs, clocks shifted']
  if (AT_DEBUG.test(name)) views.push('info logs')
  if (notifications !== undefined) views.push('log clocks shifted')
  return views
}

function shortOf({ measures }: Score, accepted: ReadonlySet<string>): readonly string[] {
  const short = [...measures].filter(([measure, { good, all }]) => good < all && !accepted.has(measure))
  return short.map(([measure, { good, all }]) => `${measure}: ${String(good)}/${String(all)}`)
}

describe.each(JUDGED)('the clients of $name', recorded => {
  test.each(viewsOf(recorded))('saw what is rebuilt from %s', async view => {
    const score = await scoreOf(recorded, view)
    expect(score.misses).toEqual([])
    expect(score.measures.size).toBeGreaterThan(5)
  })

  test('saw what is rebuilt from notifications, as far as these go', async () => {
    const score = await scoreOf(recorded, 'notifications')
    expect(shortOf(score, new Set([...BEYOND_NOTIFICATIONS, UNANNOUNCED]))).toEqual([])
    const found = score.measures.get(UNANNOUNCED)
    if (found !== undefined) expect(found.good / found.all).toBeGreaterThan(0.85)
  })
})

const START = micros(Date.UTC(2026, 0, 1) * 1000)

interface Laid {
  readonly signals: readonly Signal[]
  readonly truth: readonly TruthLaunch[]
}

/** A recording moved in time so that it begins at `START`. */
async function laidAtStart(recorded: Recorded): Promise<Laid> {
  const signals = viewOf(await factsOf(recorded), 'all')
  const by = START - (signals[0]?.at ?? START)
  const seconds = by / 1e6
  const server = (of: TruthLaunch['servers'][number]): TruthLaunch['servers'][number] => ({
    ...of,
    seen: of.seen === undefined ? undefined : of.seen + seconds,
    building: of.building.map(at => at + seconds),
  })
  return {
    signals: signals.map(signal => ({ ...signal, at: micros(signal.at + by) })),
    truth: readTruth(recorded.truth ?? '').map(launch => ({
      ...launch,
      sent: launch.sent + seconds,
      received: launch.received + seconds,
      servers: launch.servers.map(server),
    })),
  }
}

/** Recordings of which none is a part of another one: the bundled ones were cut out of the bigger ones. */
const LAYERS = CORPUS.some(({ truth }) => truth !== undefined) ? JUDGED.filter(each => CORPUS.includes(each)) : EXAMPLES

test('recordings that are laid over each other in time give the launches of each', async () => {
  const laid = await Promise.all(LAYERS.map(laidAtStart))
  const signals = laid.flatMap(each => each.signals).toSorted(byTime)
  const score = scoreLaunches(
    laid.flatMap(each => each.truth),
    rebuild(signals),
  )
  expect(score.misses).toEqual([])
})
