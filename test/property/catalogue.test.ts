import fc from 'fast-check'
import { expect, test } from 'vitest'
import { catalogue } from '../../src/catalogue/catalogue.ts'
import { readLiteral } from '../../src/catalogue/literal.ts'
import type { Signal } from '../../src/core/signal.ts'
import { decodeDelivery } from '../../src/parse/notification.ts'
import { createRecogniseNotification } from '../../src/parse/notification-recognise.ts'
import { createRecogniser } from '../../src/parse/recognise.ts'
import type { LogRecord } from '../../src/parse/record.ts'
import { record } from '../support/records.ts'

const recognise = createRecogniser(catalogue)
const recogniseNotification = createRecogniseNotification(catalogue.notifications)

const bytes = fc.uint8Array({ maxLength: 400 }).map(array => Buffer.from(array).toString('utf8'))
const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), bytes)
const examples = catalogue.logs.flatMap(({ examples }) => examples.map(({ message }) => message))
const beginnings = catalogue.logs.flatMap(({ messages }) => messages.map(({ literals }) => literals[0] ?? ''))
/** Words that come close to a catalogued message: its beginning and anything, or an example cut anywhere. */
const nearMessage = fc.oneof(
  fc.tuple(fc.constantFrom(...beginnings), anyText).map(parts => parts.join('')),
  fc
    .tuple(fc.constantFrom(...examples), fc.nat(800), anyText)
    .map(([example, cut, tail]) => example.slice(0, cut) + tail),
)
const loggers = [
  ...new Set(catalogue.logs.flatMap(entry => entry.loggers)),
  'eventlet.wsgi.server',
  'oslo.messaging.notification.x',
  '',
]
const formats: readonly LogRecord['format'][] = [
  'oslo',
  'oslo-json',
  'vlog',
  'libvirt',
  'qemu',
  'uwsgi',
  'apache',
  'syslog',
  'ceph',
  'rabbitmq',
]

const anyRecord = fc
  .record({
    format: fc.constantFrom(...formats),
    logger: fc.oneof(fc.constantFrom(...loggers), anyText),
    level: fc.constantFrom('DEBUG', 'INFO', 'WARNING', 'ERROR', ''),
    service: fc.oneof(fc.constantFrom('nova-api', ''), anyText),
    instance: fc.oneof(fc.uuid(), anyText),
    request: anyText,
    message: fc.oneof(anyText, nearMessage),
  })
  .map(record)

function isWellFormed(signal: Signal): boolean {
  const uuids = [...signal.instances, ...signal.ports, ...signal.volumes]
  const isBounded = Object.values(signal.attributes).every(value => value !== '' && value.length <= 300)
  return (
    uuids.every(id => /^[0-9a-f-]{36}$/.test(id)) &&
    isBounded &&
    signal.text.length <= 400 &&
    !signal.text.includes('\n')
  )
}

test('no record makes recognition throw, and every signal is well formed', () => {
  fc.assert(
    fc.property(anyRecord, said => {
      const signal = recognise(said)
      expect(signal === undefined || isWellFormed(signal)).toBe(true)
    }),
    { numRuns: 2000 },
  )
})

test('the same record states the same signal', () => {
  fc.assert(
    fc.property(anyRecord, said => {
      expect(recognise({ ...said })).toEqual(recognise(said))
    }),
  )
})

test('no delivery makes decoding or recognition throw', () => {
  const body = fc.record({
    event_type: fc.constantFrom(
      ...catalogue.notifications.flatMap(({ eventTypes }) => eventTypes),
      'build_and_run_instance',
    ),
    publisher_id: anyText,
    priority: fc.constantFrom('INFO', 'ERROR'),
    timestamp: fc.constantFrom('2026-11-20 05:16:03.691302', '0000-00-00 00:00:00'),
    payload: fc.oneof(
      fc.json().map((text): unknown => JSON.parse(text)),
      fc.object({
        key: fc.constantFrom(
          'port',
          'ports',
          'nova_object.data',
          'nova_object.name',
          'fault',
          'reason',
          'exception',
          'args',
          'uuid',
        ),
      }),
    ),
  })
  const delivery = fc.oneof(
    anyText,
    fc.json(),
    body.map(value => JSON.stringify(value)),
  )
  fc.assert(
    fc.property(delivery, line => {
      const decoded = decodeDelivery(line)
      const signal = decoded.outcome === 'notification' ? recogniseNotification(decoded.notification) : undefined
      expect(signal === undefined || isWellFormed(signal)).toBe(true)
    }),
    { numRuns: 1000 },
  )
})

test('any JSON is read as what it is, any other text as something', () => {
  const plain = fc.letrec(tie => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      tie('list'),
      tie('map'),
    ),
    list: fc.array(tie('value'), { maxLength: 5 }),
    map: fc.dictionary(fc.string(), tie('value'), { maxKeys: 5, noNullPrototype: true }),
  })).value
  fc.assert(
    fc.property(plain, value => {
      expect(readLiteral(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
  fc.assert(
    fc.property(anyText, text => {
      readLiteral(text)
    }),
  )
})
