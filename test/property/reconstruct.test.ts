import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Launch } from '../../src/core/launch.ts'
import type { Signal } from '../../src/core/signal.ts'
import { CORPUS, EXAMPLES } from '../support/corpus.ts'
import { createRandom, shuffled } from '../support/random.ts'
import { nameOf, rebuild, surroundingsOf, wholeMicros } from '../support/reconstruction.ts'
import { factsOf } from '../support/scored.ts'

/* The laws of `reconstruct`, on the facts of real clouds. */

/** A bigger recording is rebuilt fewer times. */
const RECORDINGS = [
  ...EXAMPLES.map(recorded => ({ recorded, runs: 20 })),
  ...CORPUS.filter(({ name }) => ['zed-ovn-debug', 'zed-ovs-info'].includes(name)).map(recorded => ({
    recorded,
    runs: 3,
  })),
]

/** Only the first build of an instance says these, whatever the request ids are. */
const UNMISTAKABLE = new Set([
  'notif.nova.v.create.start',
  'notif.nova.v.create.end',
  'notif.nova.v.create.error',
  'nova.compute.build.took',
  'nova.compute.spawn.took',
  'nova.compute.build.failed',
])

const aSeed = fc.integer({ min: 0, max: 0xffffffff })
/** Of a recording: a tenth of its facts, most of them, all but a few. */
const aShare = fc.constantFrom(0.02, 0.1, 0.5, 0.9, 0.99)

function some(signals: readonly Signal[], share: number, random: () => number): readonly Signal[] {
  return signals.filter(() => random() < share)
}

function names(launches: readonly Launch[]): ReadonlySet<string> {
  return new Set(launches.map(nameOf))
}

describe.each(RECORDINGS)('the facts of $recorded.name', async ({ recorded, runs }) => {
  const { signals } = await factsOf(recorded)
  const surroundings = surroundingsOf(signals)
  const launches = rebuild(signals, surroundings)
  const expected = JSON.stringify(launches)

  test('give the same bytes in any order', () => {
    const law = (seed: number): void => {
      expect(JSON.stringify(rebuild(shuffled(signals, createRandom(seed)), surroundings))).toBe(expected)
    }
    fc.assert(fc.property(aSeed, law), { numRuns: runs })
  })

  test('give the same bytes when any of them are delivered again', () => {
    const law = (seed: number, share: number): void => {
      const random = createRandom(seed)
      const again = some(signals, share, random).map(signal => ({ ...signal }))
      expect(JSON.stringify(rebuild(shuffled([...signals, ...again], random), surroundings))).toBe(expected)
    }
    fc.assert(fc.property(aSeed, aShare, law), { numRuns: runs })
  })

  test('lose no launch when facts are added, however few there were', () => {
    const law = (seed: number, share: number, added: number): void => {
      const random = createRandom(seed)
      const few = some(signals, share, random)
      const kept = new Set(few)
      const more = signals.filter(signal => kept.has(signal) || random() < added)
      const [before, after] = [names(rebuild(few, surroundings)), names(rebuild(more, surroundings))]
      // A refused request may turn out to have made an instance; then its request id is the instance's.
      const requests = new Set(rebuild(more, surroundings).map(({ requestId }) => requestId))
      expect([...before].filter(name => !after.has(name) && !requests.has(name))).toEqual([])
    }
    fc.assert(fc.property(aSeed, aShare, aShare, law), { numRuns: runs })
  })

  test('tell of every launch of which one unmistakable fact is left', () => {
    const law = (seed: number, share: number): void => {
      const few = some(signals, share, createRandom(seed))
      const proven = few.filter(({ name }) => UNMISTAKABLE.has(name)).flatMap(({ instances }) => instances)
      const found = names(rebuild(few, surroundings))
      expect(proven.filter(instance => !found.has(instance))).toEqual([])
    }
    fc.assert(fc.property(aSeed, aShare, law), { numRuns: runs })
  })

  test('tell, when some are missing, of no launch that all of them do not tell of', () => {
    const known = new Set([...names(launches), ...launches.map(({ requestId }) => requestId)])
    const law = (seed: number, share: number): void => {
      const found = names(rebuild(some(signals, share, createRandom(seed)), surroundings))
      expect([...found].filter(name => !known.has(name))).toEqual([])
    }
    fc.assert(fc.property(aSeed, aShare, law), { numRuns: runs })
  })

  test('give launches whose times hold together, also when some are missing', () => {
    const law = (seed: number, share: number): void => {
      const few = some(signals, share, createRandom(seed))
      for (const launch of rebuild(few, surroundingsOf(few))) expectWholeTimes(launch)
    }
    for (const launch of launches) expectWholeTimes(launch)
    fc.assert(fc.property(aSeed, aShare, law), { numRuns: runs })
  })
})

/** Phases that add up to the microsecond, and a launch, its attempts and its spans that do not end before they begin. */
function expectWholeTimes(launch: Launch): void {
  const { startedAt, endedAt, durationSeconds, phases, attempts, outcome, spans } = launch
  const told = [outcome, nameOf(launch)]
  const parts = Object.values(phases).map(wholeMicros)
  expect(
    parts.every(part => part > 0),
    `a phase without time: ${told.join(' ')}`,
  ).toBe(true)
  if (endedAt !== undefined && durationSeconds !== undefined) {
    expect([wholeMicros(durationSeconds), ...told]).toEqual([endedAt - startedAt, ...told])
    expect([parts.reduce((sum, part) => sum + part, 0), ...told]).toEqual([endedAt - startedAt, ...told])
  }
  for (const attempt of attempts) {
    expect(attempt.startedAt, told.join(' ')).toBeGreaterThanOrEqual(startedAt)
    expect(attempt.endedAt ?? Infinity, told.join(' ')).toBeGreaterThanOrEqual(attempt.startedAt)
    // What was being built when its instance was deleted is noticed a little later.
    if (endedAt === undefined || outcome === 'deleted') continue
    expect(attempt.endedAt, told.join(' ')).toBeLessThanOrEqual(endedAt)
  }
  for (const span of spans) expect(span.durationSeconds, `${span.name} ${told.join(' ')}`).toBeGreaterThanOrEqual(0)
}
