import fc from 'fast-check'
import { expect, test } from 'vitest'
import { catalogue } from '../../src/catalogue/catalogue.ts'
import { createInterest } from '../../src/parse/recognise.ts'
import { createLogStreams } from '../../src/sources/otlp-logs/log-streams.ts'
import type { OtlpLog } from '../../src/sources/otlp-logs/logs-request.ts'
import { logsOfRequest } from '../../src/sources/otlp-logs/logs-request.ts'
import { decodeProtobuf } from '../../src/sources/otlp-logs/protobuf.ts'
import type { OtlpGroup, OtlpRecord, OtlpValue } from '../support/otlp.ts'
import { otlpJson, otlpProtobuf } from '../support/otlp.ts'
import { recordTelemetry } from '../support/telemetry.ts'

const names = [
  'log',
  'message',
  'MESSAGE',
  'name',
  'levelname',
  'time',
  'host.name',
  'log.file.path',
  'service.name',
  '_p',
]
const texts = [
  '2026-11-20 05:16:50.459 457 ERROR nova.compute.manager [-] x',
  '/var/log/nova/nova-compute.log',
  '{"log":"x","stream":"stdout","time":"2026-11-20T05:16:50Z"}',
  'Traceback (most recent call last):',
]
const name = fc.oneof(fc.constantFrom(...names), fc.string())
const text = fc.oneof(fc.constantFrom(...texts), fc.string({ unit: 'grapheme' }))

const { value } = fc.letrec<{ value: OtlpValue; object: Record<string, OtlpValue> }>(tie => ({
  object: fc.dictionary(name, tie('value'), { maxKeys: 4 }),
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter(number => !Number.isInteger(number)),
    fc.boolean(),
    fc.uint8Array({ maxLength: 20 }),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
}))

const attributes = fc.dictionary(name, value, { maxKeys: 4 })
const record: fc.Arbitrary<OtlpRecord> = fc.record(
  {
    body: value,
    attributes,
    severityText: fc.constantFrom('INFO', 'warn', 'x'),
    severityNumber: fc.nat(24),
    time: fc.bigInt(1n, 2n ** 63n),
  },
  { requiredKeys: [] },
)
const groups: fc.Arbitrary<readonly OtlpGroup[]> = fc.array(
  fc.record({ resource: attributes, scope: name, records: fc.array(record, { maxLength: 6 }) }),
  { maxLength: 3 },
)

/** Takes logs as the source does; resolves when all is durable. */
async function take(logs: Iterable<OtlpLog>): Promise<number> {
  const telemetry = recordTelemetry()
  const deps = { source: 'otlp', wanted: createInterest(catalogue), timezone: 'Europe/Rome', telemetry }
  const streams = createLogStreams({ ...deps, intake: { write: () => Promise.resolve() } })
  const { durable, taken, rejected } = streams.take(logs)
  streams.end()
  await durable
  const lines = await telemetry.total('launchtrace_source_lines_total')
  const forwarded = await telemetry.total('launchtrace_source_lines_forwarded_total')
  const dropped = await telemetry.total('launchtrace_source_lines_dropped_total')
  expect(forwarded + dropped).toBe(lines)
  expect(lines).toBeGreaterThanOrEqual(taken)
  return taken + rejected
}

test('a request means the same as protobuf and as JSON', () => {
  fc.assert(
    fc.property(groups, given => {
      const fromJson = [...logsOfRequest(JSON.parse(otlpJson(given)))]
      expect([...logsOfRequest(decodeProtobuf(otlpProtobuf(given)))]).toEqual(fromJson)
      expect(fromJson).toHaveLength(given.reduce((sum, { records }) => sum + records.length, 0))
    }),
    { numRuns: 500 },
  )
})

test('any records are taken, and every one and every line is counted once', async () => {
  await fc.assert(
    fc.asyncProperty(groups, async given => {
      const count = given.reduce((sum, { records }) => sum + records.length, 0)
      expect(await take(logsOfRequest(JSON.parse(otlpJson(given))))).toBe(count)
    }),
    { numRuns: 300 },
  )
})

test('no bytes and no JSON make the reader throw', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.jsonValue(), async (bytes, json) => {
      await take(logsOfRequest(decodeProtobuf(bytes)))
      await take(logsOfRequest(json))
      await take(
        logsOfRequest({ resourceLogs: [{ resource: json, scopeLogs: [{ scope: json, logRecords: [json] }] }] }),
      )
      const logRecords = [
        { body: json, attributes: json, timeUnixNano: json, severityNumber: json, severityText: json },
      ]
      await take(logsOfRequest({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }))
    }),
    { numRuns: 300 },
  )
})

test('a request that was damaged anywhere is read or refused, and never throws', async () => {
  await fc.assert(
    fc.asyncProperty(groups, fc.nat(), fc.nat(255), async (given, at, byte) => {
      const bytes = otlpProtobuf(given)
      bytes[at % Math.max(bytes.length, 1)] = byte
      await take(logsOfRequest(decodeProtobuf(bytes)))
    }),
    { numRuns: 500 },
  )
})

test('values that are nested without end are cut, not followed', async () => {
  const depth = 50_000
  const json = `${'{"arrayValue":{"values":['.repeat(depth)}{}${']}}'.repeat(depth)}`
  const request: unknown = JSON.parse(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":${json}}]}]}]}`)
  expect(await take(logsOfRequest(request))).toBe(1)
  let bytes: Uint8Array = new Uint8Array()
  // An array, and the value in it, in turn.
  for (let level = 0; level < 1000; level += 1) bytes = within(ARRAY, within(VALUES, bytes))
  const body = (nested: Uint8Array): Uint8Array => [BODY, LOG_RECORDS, SCOPE_LOGS, RESOURCE_LOGS].reduce(inTag, nested)
  expect(await take(logsOfRequest(decodeProtobuf(body(within(ARRAY, new Uint8Array())))))).toBe(1)
  expect(decodeProtobuf(body(bytes))).toBeUndefined()
})

/** Number and wire type of fields. */
const [RESOURCE_LOGS, SCOPE_LOGS, LOG_RECORDS, BODY, ARRAY, VALUES] = [0x0a, 0x12, 0x12, 0x2a, 0x2a, 0x0a]

function inTag(bytes: Uint8Array, tag: number): Uint8Array {
  return within(tag, bytes)
}

/** `bytes` as a field of a message. */
function within(tag: number, bytes: Uint8Array): Uint8Array {
  const length: number[] = []
  for (let rest = bytes.length; ; rest >>>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest)
    if (rest <= 127) break
  }
  return Uint8Array.from([tag, ...length, ...bytes])
}
