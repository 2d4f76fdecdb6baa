import fc from 'fast-check'
import { expect, test } from 'vitest'
import { micros } from '../../src/core/time.ts'
import { createLogAssembler } from '../../src/parse/assembler.ts'
import { createClock } from '../../src/parse/clock.ts'
import { MAX_MESSAGE } from '../../src/parse/open-records.ts'
import type { LogRecord } from '../../src/parse/record.ts'
import { createLineSplitter } from '../../src/sources/line-splitter.ts'

const PIECES = [
  '2026-11-20 05:16:50.459 457 ',
  '2026-10-25 02:16:50.459 457 ',
  '2026-11-20T05:16:50.459+01:00 ',
  '2026-11-20T05:16:50.459Z|00042|binding|INFO|',
  '2026-11-20 05:16:50.459+0000: 119: error : f:1 : ',
  '2026-11-20T05:16:50.459+0000 7fc6507f86c0  0 ',
  '2026-11-20T05:16:50.459Z stdout P ',
  '2026-11-20T05:16:50.459Z stderr F ',
  'Nov 20 05:16:50 compute-1 nova-compute[457]: ',
  '<134>1 2026-11-20T05:16:50.459Z compute-1 nova 1 - - ',
  '__CURSOR=a',
  '__REALTIME_TIMESTAMP=1795151810460012',
  'MESSAGE',
  'MESSAGE=',
  '{"log":"',
  '{"message":"a","name":"b","levelname":"INFO","created":1795151810.4,"context":{},"extra":{"instance":1}}',
  '","stream":"stdout","time":"2026-11-20T05:16:50Z"}',
  'INFO nova.compute.claims ',
  'ERROR nova.compute.manager ',
  'DEBUG nova.compute.manager ',
  '[None req-1d82800d-69fe-4c99-8567-194cc9c4322c - - - - - -] ',
  '[-] ',
  '[instance: 5ca3b08e-4ed8-4c95-a0a9-bd4bc18052ee] ',
  'Traceback (most recent call last):',
  ' func /a/b.py:12',
  '[pid: 1|app: 0|req: 2/5] 10.20.0.11 () {36 vars in 670 bytes} [Fri Nov 20 05:44:04 2026] GET / => ',
  '10.20.0.11 - - [20/Nov/2026:06:44:04 +0100] "GET / HTTP/1.1" 200 3',
  '\u001b[00m',
  '#012',
  '\0',
  ' ',
]

const text = fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 40 }))
const line = fc.array(text, { maxLength: 8 }).map(parts => parts.join('').replaceAll('\n', ' '))
const lines = fc.array(line, { maxLength: 40 })
const zone = fc.constantFrom('UTC', 'Europe/Rome', '-03:30')

function run(input: readonly string[], inZone: string, isWanted: boolean): readonly LogRecord[] {
  const records: LogRecord[] = []
  const clock = createClock({ zone: inZone, reference: micros(Date.UTC(2026, 10, 21) * 1000) })
  const place = { host: '', service: '', fallbackHost: 'h', fallbackService: 's', domain: '' }
  const assembler = createLogAssembler({ ...place, clock, wanted: () => isWanted }, record => records.push(record))
  for (const each of input) assembler.push(each)
  assembler.flush()
  const { lines: total, heads, unwanted, continuations, blank, undecodable } = assembler.counts
  expect(total).toBe(input.length)
  expect(heads + continuations + blank + undecodable).toBe(total)
  expect(heads - unwanted).toBe(records.length)
  return records
}

test('no lines make parsing throw, and every line is counted once', () => {
  fc.assert(
    fc.property(lines, zone, fc.boolean(), (input, inZone, isWanted) => {
      for (const record of run(input, inZone, isWanted)) {
        expect(Number.isSafeInteger(record.at)).toBe(true)
        expect(record.message.length).toBeLessThanOrEqual(MAX_MESSAGE)
      }
    }),
    { numRuns: 2000 },
  )
})

test('the same lines make the same records', () => {
  fc.assert(
    fc.property(lines, zone, (input, inZone) => {
      expect(run(input, inZone, true)).toEqual(run(input, inZone, true))
    }),
  )
})

test('no bytes make splitting throw, and chunks do not matter', () => {
  const bytes = fc
    .uint8Array({ maxLength: 400 })
    .map(values => Buffer.from(values.map(value => (value % 7 === 0 ? 10 : value))))
  fc.assert(
    fc.property(bytes, fc.array(fc.nat(60), { maxLength: 20 }), fc.constantFrom(5, 1000), (input, cuts, maxLine) => {
      const whole = createLineSplitter(maxLine)
      const expected = [...whole.push(input), ...whole.end()]
      const parted = createLineSplitter(maxLine)
      const found: string[] = []
      let at = 0
      for (const cut of cuts) {
        found.push(...parted.push(input.subarray(at, at + cut)))
        at += cut
      }
      found.push(...parted.push(input.subarray(at)), ...parted.end())
      expect(found).toEqual(expected)
      expect([parted.oversized, parted.invalid]).toEqual([whole.oversized, whole.invalid])
    }),
  )
})
