import { expect, it } from 'vitest'
import { parseDuration } from '../../../collector/config/duration.ts'

it.each([
  ['500ms', 500],
  ['30s', 30_000],
  ['1.5s', 1500],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  ['0s', 0],
])('%s is %d milliseconds', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

it.each(['', '30', 's', '-1s', '1 s', '1w', '1e3s', '1h30m', '30S', '٣s', 'constructor'])('%j is no duration', text => {
  expect(parseDuration(text)).toBeUndefined()
})
