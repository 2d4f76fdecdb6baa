import { describe, expect, it } from 'vitest'
import { formatMicros, micros } from '../../../src/core/time.ts'
import { createClock, isTimeZone } from '../../../src/parse/clock.ts'
import { readApacheStamp, readBsdStamp, readCtimeStamp, readIsoStamp } from '../../../src/parse/timestamp.ts'
import { assemble } from './assembled.ts'

const REFERENCE = micros(Date.UTC(2026, 10, 20) * 1000)

function readAll(zone: string, texts: readonly string[]): readonly string[] {
  const clock = createClock({ zone, reference: REFERENCE })
  return texts.map(text => {
    const stamp = readIsoStamp(text, 0)
    return stamp === undefined ? '' : formatMicros(clock.toUtc(stamp)).slice(0, 19)
  })
}

describe('createClock', () => {
  it.each([
    ['UTC', '2026-07-01T12:00:00'],
    ['+02:00', '2026-07-01T10:00:00'],
    ['-0330', '2026-07-01T15:30:00'],
    ['UTC+5', '2026-07-01T07:00:00'],
    ['Europe/Rome', '2026-07-01T10:00:00'],
    ['Asia/Kathmandu', '2026-07-01T06:15:00'],
    ['America/St_Johns', '2026-07-01T14:30:00'],
  ])('reads local time in %s', (zone, expected) => {
    expect(readAll(zone, ['2026-07-01 12:00:00'])).toEqual([expected])
  })

  it('follows the change of summer and winter', () => {
    expect(readAll('Europe/Rome', ['2026-03-29 01:59:59', '2026-03-29 03:00:00'])).toEqual([
      '2026-03-29T00:59:59',
      '2026-03-29T01:00:00',
    ])
  })

  it('reads the hour that spring leaves out as a clock that was not set yet', () => {
    expect(readAll('Europe/Rome', ['2026-03-29 02:30:00'])).toEqual(['2026-03-29T01:30:00'])
  })

  it('reads the hour that comes twice in autumn by the order of the lines', () => {
    const texts = [
      '2026-10-25 01:59:59',
      '2026-10-25 02:10:00',
      '2026-10-25 02:59:59',
      '2026-10-25 02:00:01',
      '2026-10-25 02:59:59',
      '2026-10-25 03:00:00',
      '2026-10-25 02:59:59.990',
    ]
    expect(readAll('Europe/Rome', texts)).toEqual([
      '2026-10-24T23:59:59',
      '2026-10-25T00:10:00',
      '2026-10-25T00:59:59',
      '2026-10-25T01:00:01',
      '2026-10-25T01:59:59',
      '2026-10-25T02:00:00',
      '2026-10-25T01:59:59',
    ])
  })

  it('does not take the disorder of workers for a clock set back', () => {
    expect(readAll('Europe/Rome', ['2026-10-25 02:10:05', '2026-10-25 02:10:00', '2026-10-25 02:10:06'])).toEqual([
      '2026-10-25T00:10:05',
      '2026-10-25T00:10:00',
      '2026-10-25T00:10:06',
    ])
  })

  it('sees the clock set back on lines that nobody wants', () => {
    const lines = ['02:50:00.000 1 INFO noise', '02:05:00.000 1 INFO noise', '02:10:00.000 1 INFO signal'].map(
      line => `2026-10-25 ${line} [-] a`,
    )
    const clock = createClock({ zone: 'Europe/Rome', reference: REFERENCE })
    const { records } = assemble(lines, { clock, wanted: logger => logger === 'signal' })
    expect(records.map(record => formatMicros(record.at))).toEqual(['2026-10-25T01:10:00.000000Z'])
  })

  it('goes by the zone that a stamp states', () => {
    expect(readAll('Europe/Rome', ['2026-07-01T12:00:00Z', '2026-07-01T12:00:00-05:00'])).toEqual([
      '2026-07-01T12:00:00',
      '2026-07-01T17:00:00',
    ])
  })

  it('finds the year of dates without one, over the turn of the year', () => {
    const clock = createClock({ zone: 'UTC', reference: micros(Date.UTC(2027, 0, 3) * 1000) })
    const read = (text: string): string => {
      const stamp = readBsdStamp(text, 0, clock.yearOf)
      return stamp === undefined ? '' : formatMicros(clock.toUtc(stamp))
    }
    expect(read('Dec 31 23:59:59')).toBe('2026-12-31T23:59:59.000000Z')
    expect(read('Jan  1 00:00:01')).toBe('2027-01-01T00:00:01.000000Z')
    expect(read('Jan  4 00:00:01.5')).toBe('2027-01-04T00:00:01.500000Z')
    expect(read('Jan 40 00:00:01')).toBe('')
  })

  it('knows which zones it knows', () => {
    expect(['UTC', '+01:00', 'Europe/Rome'].map(isTimeZone)).toEqual([true, true, true])
    expect(['Mars/Olympus', 'tomorrow', '+'].map(isTimeZone)).toEqual([false, false, false])
    expect(() => createClock({ zone: 'Mars/Olympus', reference: REFERENCE })).toThrow(RangeError)
  })
})

describe('stamps', () => {
  it('are read with all their decimals, down to microseconds', () => {
    expect(readIsoStamp('x 2026-11-20T05:00:00.123456789Z|', 2)).toEqual({
      localSeconds: 1795150800,
      fraction: 123456,
      offset: 0,
      end: 32,
    })
    expect(readIsoStamp('2026-11-20 05:00:00,5', 0)?.fraction).toBe(500000)
  })

  it('of C and Apache are read', () => {
    expect(readCtimeStamp('Fri Nov  6 05:44:04 2026]', 0)?.localSeconds).toBe(Date.UTC(2026, 10, 6, 5, 44, 4) / 1000)
    expect(readApacheStamp('20/Nov/2026:05:44:04 +0100]', 0)).toMatchObject({
      localSeconds: Date.UTC(2026, 10, 20, 5, 44, 4) / 1000,
      offset: 3600,
    })
    expect(readApacheStamp('20/Nov/2026 05:44:04]', 0)?.offset).toBeUndefined()
  })

  it.each(['', '2026', '2026-11-20', '2026-11-20 05:00:0', '2026-1a-20 05:00:00', '20x6-11-20 05:00:00'])(
    'are not found in %j',
    text => {
      expect(readIsoStamp(text, 0)).toBeUndefined()
    },
  )
})
