import { expect, test } from 'vitest'
import { parseSize } from '../../../collector/config/size.ts'

test.each([
  ['512MiB', 536_870_912],
  ['1.5GiB', 1_610_612_736],
  ['64KiB', 65_536],
  ['1TiB', 1_099_511_627_776],
])('%s is %i bytes', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes)
})

test.each(['512', '512 MiB', '1GB', '-1GiB', '', 'GiB', '1e3GiB'])('%j is no size', text => {
  expect(parseSize(text)).toBeUndefined()
})
