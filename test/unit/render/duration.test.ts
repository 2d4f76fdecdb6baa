import { expect, test } from 'vitest'
import { formatSeconds } from '../../../collector/render/duration.ts'

test.each([
  [0, '0 s'],
  [0.0004, '1 ms'],
  [0.0994, '99 ms'],
  [0.0996, '0.10 s'],
  [9.994, '9.99 s'],
  [9.996, '10.0 s'],
  [59.94, '59.9 s'],
  [99.96, '1 m 40 s'],
  [245, '4 m 05 s'],
  [3599.6, '1 h 00 m'],
  [-1.5, '-1.50 s'],
])('%d seconds read %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text)
})
