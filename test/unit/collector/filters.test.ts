import { describe, expect, test } from 'vitest'
import { parseLaunchFilter } from '../../../collector/filters.ts'
import type { FilterTexts } from '../../../collector/filters.ts'
import { parseMoment } from '../../../collector/moment.ts'
import { formatMicros, micros } from '../../../src/core/time.ts'

const now = micros(Date.UTC(2024, 2, 5, 12) * 1000)
const parse = (texts: FilterTexts) => parseLaunchFilter(texts, { now, label: name => `--${name}` })

describe('a moment', () => {
  test.each([
    ['2024-03-05T10:00:00Z', '2024-03-05T10:00:00.000000Z'],
    ['2024-03-05t10:00:00.1234567z', '2024-03-05T10:00:00.123456Z'],
    ['2024-03-05T10:00:00.5+05:30', '2024-03-05T04:30:00.500000Z'],
    ['2024-03-05T23:30:00-01:00', '2024-03-06T00:30:00.000000Z'],
    ['2024-03-05', '2024-03-05T00:00:00.000000Z'],
    ['2024-03-05 10:07', '2024-03-05T10:07:00.000000Z'],
    ['2024-03-05 10:07:08', '2024-03-05T10:07:08.000000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000000Z'],
    ['2h', '2024-03-05T10:00:00.000000Z'],
    ['3d', '2024-03-02T12:00:00.000000Z'],
    ['90s', '2024-03-05T11:58:30.000000Z'],
    ['30m', '2024-03-05T11:30:00.000000Z'],
    ['1w', '2024-02-27T12:00:00.000000Z'],
  ])('%s is %s', (text, expected) => {
    const at = parseMoment(text, now)
    expect(at === undefined ? undefined : formatMicros(at)).toBe(expected)
  })

  test.each([
    '',
    'yesterday',
    '2023-02-29',
    '2024-13-01',
    '2024-00-10',
    '2024-01-00',
    '2024-03-05T24:00:00Z',
    '2024-03-05T10:60:00Z',
    '2024-03-05T10:00:60Z',
    '2024-03-05T10:00:00+25:00',
    '2024-03-05T10',
    '24-03-05',
    '2 h',
    '-2h',
    '2H ',
    '1709632800',
    '2024-03-05; DROP TABLE launches',
  ])('%j is none', text => {
    expect(parseMoment(text, now)).toBeUndefined()
  })
})

describe('filters', () => {
  test('are empty when nothing is asked', () => {
    expect(parse({})).toEqual({})
    expect(parse({ since: undefined })).toEqual({})
  })

  test('are read by name', () => {
    const texts = { outcome: 'in_progress', host: 'c-1', project: 'p', instance: '0F1E-2', slowest: '5', limit: '10' }
    expect(parse({ ...texts, since: '2h', until: '1h' })).toEqual({
      since: now - 7_200_000_000,
      until: now - 3_600_000_000,
      outcome: 'in_progress',
      host: 'c-1',
      project: 'p',
      instance: '0f1e-2',
      slowest: 5,
      limit: 10,
    })
  })

  test.each([
    [{ outcome: 'failed' }, '--outcome is "failed"; it takes one of active, error, deleted, in_progress, lost.'],
    [{ outcome: 'toString' }, '--outcome is "toString"'],
    [{ limit: '0' }, '--limit is "0"; it takes a whole number from 1 to 1000000000.'],
    [{ limit: '-1' }, '--limit is "-1"'],
    [{ limit: '1.5' }, '--limit is "1.5"'],
    [{ limit: '1e3' }, '--limit is "1e3"'],
    [{ slowest: '9999999999' }, '--slowest is "9999999999"'],
    [{ slowest: '' }, '--slowest is ""'],
    [{ since: 'noon' }, '--since is "noon"; it takes a time like'],
    [{ instance: "0f'; --" }, `--instance is "0f'; --"; it takes an instance uuid or the beginning of one.`],
    [{ instance: '\u001b[2J' }, '--instance is "\\u001b[2J"'],
    [{ host: ' ' }, '--host is " "; it takes a name or id of 1 to 255 characters.'],
    [{ project: 'x'.repeat(256) }, `--project is "${'x'.repeat(60)}…"`],
    [{ since: '1h', until: '2h' }, '--since "1h" is not before --until "2h"; swap them or widen the range.'],
    [{ since: '1h', until: '1h' }, 'is not before'],
  ])('%j is refused in words', (texts: FilterTexts, message) => {
    expect(() => parse(texts)).toThrow(
      expect.objectContaining({ code: 'LAUNCHTRACE_USAGE', message: expect.stringContaining(message) as string }),
    )
  })
})
