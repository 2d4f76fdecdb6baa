import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Phase } from '../../../src/core/launch.ts'
import { PHASES } from '../../../src/core/launch.ts'
import type { UnixMicros } from '../../../src/core/time.ts'
import { micros } from '../../../src/core/time.ts'
import { drawCriticalPath } from '../../../src/reconstruct/critical-path.ts'
import type { Interval, PathInput, TryIntervals } from '../../../src/reconstruct/critical-path.ts'

type Edges = readonly [Phase, number | undefined, number | undefined]

function at(seconds: number | undefined): UnixMicros | undefined {
  return seconds === undefined ? undefined : micros(seconds * 1e6)
}

function intervals(edges: readonly Edges[]): ReadonlyMap<Phase, Interval> {
  return new Map(
    edges.map(([phase, start, end]) => [
      phase,
      { phase, start: at(start), end: at(end), startOrigin: 'measured', endOrigin: 'measured' },
    ]),
  )
}

function tryOf(startedAt: number, edges: readonly Edges[], given: Partial<TryIntervals> = {}): TryIntervals {
  return {
    startedAt: micros(startedAt * 1e6),
    failedAt: undefined,
    failedPhase: undefined,
    leftAt: micros(startedAt * 1e6),
    imageWorkEnd: undefined,
    intervals: intervals(edges),
    ...given,
  }
}

/** `[phase, seconds]` of each stretch. */
function pathOf(given: Partial<PathInput>): readonly (readonly [Phase, number])[] {
  const input: PathInput = {
    start: micros(0),
    end: micros(10e6),
    intervals: intervals([
      ['api', 0, 1],
      ['schedule', 1, 2],
    ]),
    tries: [],
    ended: 'active',
    ...given,
  }
  return drawCriticalPath(input).stretches.map(({ phase, from, to }) => [phase, (to - from) / 1e6])
}

describe('the critical path', () => {
  test('follows what was waited for, one phase after the other', () => {
    const build = tryOf(3, [
      ['claim', 3, 3.5],
      ['network', 3.5, 5],
      ['block_device', 4, 4.5],
      ['image', 4.5, 6],
      ['plug_vifs', 6, 7],
      ['domain_start', 7, 8],
      ['vif_wait', 8, 9],
    ])
    expect(pathOf({ tries: [build] })).toEqual([
      ['api', 1],
      ['schedule', 1],
      ['dispatch', 1],
      ['claim', 0.5],
      ['network', 0.5],
      ['block_device', 0.5],
      ['image', 1.5],
      ['plug_vifs', 1],
      ['domain_start', 1],
      ['vif_wait', 1],
      ['post', 1],
    ])
  })

  test('gives a gap in the signals to the phase whose end is known next', () => {
    const build = tryOf(3, [
      ['claim', 3, 3.5],
      ['plug_vifs', undefined, 7],
      ['vif_wait', undefined, 9],
    ])
    const path = pathOf({ tries: [build] })
    expect(path.slice(3)).toEqual([
      ['claim', 0.5],
      ['plug_vifs', 3.5],
      ['vif_wait', 2],
      ['post', 1],
    ])
  })

  test('calls unexplained what no signal can tell apart', () => {
    expect(pathOf({ tries: [tryOf(3, [['claim', 3, 3.5]])] }).at(-1)).toEqual(['unexplained', 6.5])
    const waited = tryOf(3, [
      ['claim', 3, 3.5],
      ['vif_wait', undefined, 9],
    ])
    expect(pathOf({ tries: [waited] }).slice(4)).toEqual([
      ['unexplained', 5.5],
      ['unexplained', 1],
    ])
  })

  test('waits for the next try after one has failed', () => {
    const first = tryOf(3, [['claim', 3, 3.5]], { failedAt: micros(4e6), failedPhase: 'image' })
    const second = tryOf(6, [
      ['claim', 6, 6.5],
      ['image', undefined, 8],
      ['domain_start', 8, 9],
    ])
    expect(pathOf({ tries: [first, second] }).slice(3)).toEqual([
      ['claim', 0.5],
      ['image', 0.5],
      ['reschedule', 2],
      ['claim', 0.5],
      ['image', 1.5],
      ['domain_start', 1],
      ['post', 1],
    ])
  })

  test('ends, when the launch is not over, in the phase that is open', () => {
    const build = tryOf(3, [
      ['claim', 3, 3.5],
      ['image', 4, 6],
      ['plug_vifs', 6, 7],
      ['domain_start', 7, 8],
      ['vif_wait', 8, undefined],
    ])
    const { stretches, open } = drawCriticalPath({
      start: micros(0),
      end: micros(20e6),
      intervals: intervals([]),
      tries: [build],
      ended: 'open',
    })
    expect([open, stretches.at(-1)?.phase]).toEqual(['vif_wait', 'vif_wait'])
  })

  test('is one unbroken line from start to end, whatever the edges are', () => {
    const moment = fc.option(fc.integer({ min: -5, max: 25 }), { nil: undefined })
    const edges = fc.uniqueArray(fc.tuple(fc.constantFrom(...PHASES), moment, moment), { selector: ([phase]) => phase })
    const aTry = fc
      .tuple(fc.integer({ min: -5, max: 25 }), edges, moment, moment)
      .map(([from, of, failed, work]) => tryOf(from, of, { failedAt: at(failed), imageWorkEnd: at(work) }))
    const ended = fc.constantFrom<PathInput['ended']>('active', 'failed', 'open')
    const law = (input: PathInput): void => {
      const { stretches } = drawCriticalPath(input)
      expect([stretches[0]?.from ?? 0, stretches.at(-1)?.to ?? 0]).toEqual([0, input.end])
      for (const [index, { from, to }] of stretches.entries()) {
        expect(to).toBeGreaterThan(from)
        expect(from).toBe(stretches[index - 1]?.to ?? 0)
      }
    }
    const input = fc.record({
      start: fc.constant(micros(0)),
      end: fc.integer({ min: 0, max: 20e6 }).map(micros),
      intervals: edges.map(intervals),
      tries: fc.array(aTry, { maxLength: 3 }),
      ended,
    })
    fc.assert(fc.property(input, law), { numRuns: 300 })
  })
})
