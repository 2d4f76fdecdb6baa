import { expect, test } from 'vitest'
import { Horizon } from '../../../collector/live/horizon.ts'
import { plusSeconds } from '../../../src/core/time.ts'
import { makeSignal, NOON } from '../../support/store.ts'

test('the horizon goes on with the time that passes after the newest fact', () => {
  let nowMs = 1000
  const horizon = new Horizon(() => nowMs)
  horizon.saw([makeSignal({ at: NOON }), makeSignal({ at: plusSeconds(NOON, -10) })])
  expect(horizon.asOf()).toBe(NOON)
  nowMs += 90_000
  expect(horizon.asOf()).toBe(plusSeconds(NOON, 90))
  horizon.saw([makeSignal({ at: plusSeconds(NOON, 60) })])
  expect(horizon.asOf()).toBe(plusSeconds(NOON, 60))
})

test('a fact from far ahead does not move it, until the store says that it is not alone', () => {
  const horizon = new Horizon(() => 0)
  horizon.saw([makeSignal({ at: NOON })])
  horizon.saw([makeSignal({ at: plusSeconds(NOON, 30 * 86_400) })])
  expect(horizon.asOf()).toBe(NOON)
  horizon.reachedTo(plusSeconds(NOON, 30 * 86_400))
  expect(horizon.asOf()).toBe(plusSeconds(NOON, 30 * 86_400))
})
