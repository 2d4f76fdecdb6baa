import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Launch, Span } from '../../src/core/launch.ts'
import { CORPUS, EXAMPLES } from '../support/corpus.ts'
import { createRandom } from '../support/random.ts'
import { rebuild, surroundingsOf, wholeMicros } from '../support/reconstruction.ts'
import { factsOf } from '../support/scored.ts'

/* What must be true of the spans of every trace, on the facts of real clouds, whole and with holes. */

const RECORDINGS = [
  ...EXAMPLES,
  ...CORPUS.filter(({ name }) => ['zed-load', 'zed-deep-ovs', 'zed-ovn-info', 'zed-ovs-info'].includes(name)),
]

const aSeed = fc.integer({ min: 0, max: 0xffffffff })
const aShare = fc.constantFrom(0.1, 0.5, 0.9, 1)

function byTrace(launches: readonly Launch[]): readonly (readonly Launch[])[] {
  return [...Map.groupBy(launches, ({ traceId }) => traceId).values()]
}

function kindOf({ attributes }: Span): string {
  return attributes['launchtrace.kind'] ?? ''
}

function endOf(span: Span): number {
  return span.startedAt + wholeMicros(span.durationSeconds)
}

function told(span: Span): string {
  return `${kindOf(span)} ${span.name} of ${span.spanId}`
}

/** One root, every parent there, no id twice. */
function expectTree(trace: readonly Launch[]): void {
  const spans = trace.flatMap(launch => launch.spans)
  const ids = new Set(spans.map(({ spanId }) => spanId))
  expect(ids.size).toBe(spans.length)
  expect(spans.filter(({ parentSpanId }) => parentSpanId === '').map(({ name }) => name)).toEqual(['POST /servers'])
  const orphans = spans.filter(({ parentSpanId }) => parentSpanId !== '' && !ids.has(parentSpanId))
  expect(orphans.map(told)).toEqual([])
}

/** The launch in its request, attempts in the launch, phases in their attempt or the launch. */
function expectNested(trace: readonly Launch[]): void {
  const spans = new Map(trace.flatMap(launch => launch.spans).map(span => [span.spanId, span]))
  for (const { spans: own, outcome } of trace) {
    for (const span of own) {
      const parent = spans.get(span.parentSpanId)
      if (parent === undefined || !['launch', 'attempt', 'phase'].includes(kindOf(span))) continue
      expect(span.startedAt, told(span)).toBeGreaterThanOrEqual(parent.startedAt)
      // A build runs on for a while after its instance was deleted, and its spans show that.
      if (outcome === 'deleted' && kindOf(span) !== 'launch') continue
      expect(endOf(span), told(span)).toBeLessThanOrEqual(endOf(parent))
    }
  }
}

/** The critical path as spans tell it: no phase span claims more than there is, and none more than it lasts. */
function expectWaited(launch: Launch): void {
  for (const span of launch.spans.filter(each => kindOf(each) === 'phase')) {
    const waited = wholeMicros(Number(span.attributes['launchtrace.critical_path_seconds']))
    expect(waited, told(span)).toBeLessThanOrEqual(wholeMicros(span.durationSeconds))
    const all = Object.entries(launch.phases).find(([phase]) => phase === span.name)?.[1] ?? 0
    if (launch.instanceId !== undefined) expect(waited, told(span)).toBeLessThanOrEqual(wholeMicros(all))
  }
}

describe.each(RECORDINGS)('the traces of $name', async recorded => {
  const { signals } = await factsOf(recorded)
  const launches = rebuild(signals)
  const some = (seed: number, share: number): readonly Launch[] => {
    const random = createRandom(seed)
    return rebuild(signals.filter(() => random() < share))
  }
  const numRuns = signals.length > 5000 ? 2 : 20

  test('are trees: one root, every parent there, no span id twice', () => {
    byTrace(launches).forEach(expectTree)
    const law = (seed: number, share: number): void => byTrace(some(seed, share)).forEach(expectTree)
    fc.assert(fc.property(aSeed, aShare, law), { numRuns })
  })

  test('hold attempts and phases inside what they are part of', () => {
    byTrace(launches).forEach(expectNested)
  })

  test('wait in a phase no longer than it lasts', () => {
    launches.forEach(expectWaited)
  })

  test('have the same span ids when they are rebuilt, and keep those of phases when a fact more is known', () => {
    const ids = (of: readonly Launch[]): ReadonlySet<string> =>
      new Set(of.flatMap(({ spans }) => spans.filter(span => kindOf(span) !== 'call').map(({ spanId }) => spanId)))
    const first = ids(launches)
    expect(ids(rebuild(signals.toReversed()))).toEqual(first)
    const without = signals.filter(({ name }) => name !== 'nova.compute.spawn.took')
    expect([...ids(rebuild(without, surroundingsOf(signals)))].filter(id => !first.has(id))).toEqual([])
  })

  test('hold what a guest asked for in one launch only, after its request came', () => {
    const asked = launches.flatMap(launch =>
      launch.spans
        .filter(span => kindOf(span) === 'guest')
        .map(span => ({ launch, said: JSON.stringify(span.evidence), at: span.startedAt })),
    )
    const twice = [...Map.groupBy(asked, ({ said }) => said)].filter(([, all]) => all.length > 1)
    expect(twice.map(([said, all]) => [said, all.map(({ launch }) => launch.instanceId)])).toEqual([])
    expect(asked.filter(({ launch, at }) => at < launch.startedAt)).toEqual([])
  })

  test('carry the shared spans once, with the first instance of a request', () => {
    for (const trace of byTrace(launches)) {
      const carriers = trace.filter(({ spans }) => spans.some(({ parentSpanId }) => parentSpanId === ''))
      const first = trace.map(({ instanceId }) => instanceId ?? '').toSorted()[0]
      expect(carriers.map(({ instanceId }) => instanceId ?? '')).toEqual([first])
    }
  })
})
