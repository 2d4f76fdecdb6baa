import { expect, test } from 'vitest'
import { chooseOffset } from '../../../src/reconstruct/offset-choice.ts'
import type { Bound } from '../../../src/reconstruct/offset-choice.ts'

const atMost = (high: number): Bound => ({ low: -Infinity, high })
const atLeast = (low: number): Bound => ({ low, high: Infinity })

test('clocks that may agree are left alone', () => {
  expect(chooseOffset([])).toBe(0)
  expect(chooseOffset([atMost(70_000), atLeast(-60_000)])).toBe(0)
  // Milliseconds are as fine as log lines are.
  expect(chooseOffset([atMost(-1_000), atLeast(-60_000)])).toBe(0)
})

test('an offset between two narrow bounds is their middle', () => {
  expect(chooseOffset([atMost(3_070_000), atLeast(2_990_000)])).toBe(3_030_000)
})

test('an offset in a wide stretch lies near its upper bound', () => {
  expect(chooseOffset([atMost(-1_430_000), atLeast(-5_700_000)])).toBe(-1_530_000)
})

test('an offset with one bound only lies on it', () => {
  expect(chooseOffset([atMost(-900_000)])).toBe(-900_000)
  expect(chooseOffset([atLeast(900_000)])).toBe(900_000)
})

test('one order that does not hold is outvoted by the others', () => {
  const honest = [atMost(70_000), atMost(80_000), atLeast(-60_000), atLeast(-50_000)]
  expect(chooseOffset([...honest, atLeast(7_000_000)])).toBe(0)
})
