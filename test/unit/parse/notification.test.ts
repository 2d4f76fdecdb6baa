import { describe, expect, test } from 'vitest'
import { formatMicros } from '../../../src/core/time.ts'
import { decodeDelivery, decodeLogNotification } from '../../../src/parse/notification.ts'
import type { Notification } from '../../../src/parse/notification.ts'
import { record } from '../../support/records.ts'

const REQUEST = 'req-a9a34782-8556-4852-a7b9-1f927a2e7bbb'
const GLOBAL = 'req-587b91d4-cb7b-457f-8cf9-ef213ea62709'

const bare = {
  message_id: 'd2cdb53f-122b-47f1-be82-a3782538179e',
  publisher_id: 'network.controller-1',
  event_type: 'port.create.end',
  priority: 'info',
  payload: { port: {} },
  timestamp: '2026-11-20 05:16:03.691302',
}
const context = {
  _context_request_id: REQUEST,
  _context_global_request_id: GLOBAL,
  _context_project_id: 'p1',
  _context_user_id: 'u1',
}
const inner = { ...bare, ...context }
const envelope = { 'oslo.version': '2.0', 'oslo.message': JSON.stringify(inner) }

function decode(json: unknown): Notification | undefined {
  const decoded = decodeDelivery(JSON.stringify(json))
  return decoded.outcome === 'notification' ? decoded.notification : undefined
}

describe('a delivery', () => {
  test.each([
    ['a recording with the exact body', { exchange: 'neutron', body: JSON.stringify(envelope) }],
    ['a recording with a decoded body', { exchange: 'neutron', body: envelope }],
    ['a recording without envelope', { exchange: 'neutron', body: inner }],
    ['a body encoded twice', { exchange: 'neutron', body: JSON.stringify(JSON.stringify(envelope)) }],
    ['a bare envelope', envelope],
    ['a bare message', inner],
    [
      'a message of Kafka',
      {
        'oslo.message': JSON.stringify({
          ...bare,
          _context: { request_id: REQUEST, global_request_id: GLOBAL, project_id: 'p1', user_id: 'u1' },
        }),
      },
    ],
  ])('is read from %s', (_, json) => {
    expect(decode(json)).toMatchObject({
      messageId: bare.message_id,
      eventType: 'port.create.end',
      publisherId: 'network.controller-1',
      priority: 'INFO',
      request: REQUEST,
      globalRequest: GLOBAL,
      project: 'p1',
      user: 'u1',
    })
  })

  test('states its time to the microsecond, in UTC', () => {
    const at = decode(inner)?.at
    expect(at === undefined ? '' : formatMicros(at)).toBe('2026-11-20T05:16:03.691302Z')
  })

  test('ignores request ids that are none', () => {
    expect(decode({ ...inner, _context_request_id: 'req-1', _context_global_request_id: null })).toMatchObject({
      request: '',
      globalRequest: '',
    })
  })

  test.each([
    ['{"body": ', 'no JSON'],
    ['"text"', 'no JSON'],
    ['{"exchange": "nova", "body": "not json"}', 'no body'],
    ['{"exchange": "nova", "body": [1]}', 'no body'],
    [JSON.stringify({ ...inner, event_type: undefined }), 'no event type'],
    [JSON.stringify({ ...inner, timestamp: 'yesterday' }), 'no timestamp'],
    [JSON.stringify({ ...inner, timestamp: '2026-13-41 05:16:03' }), 'no timestamp'],
  ])('that holds none is undecodable: %s', (json, reason) => {
    expect(decodeDelivery(json)).toEqual({ outcome: 'undecodable', reason })
  })
})

test('a notification in a log has its request ids in the header', () => {
  const decoded = decodeLogNotification(
    record({
      logger: 'oslo.messaging.notification.port.create.end',
      globalRequest: GLOBAL,
      message: JSON.stringify(bare),
    }),
  )
  expect(decoded).toMatchObject({
    outcome: 'notification',
    notification: { eventType: 'port.create.end', request: REQUEST, globalRequest: GLOBAL, user: record({}).user },
  })
})

test('a notification that was logged while its exception was handled is read up to its own end', () => {
  const message = `${JSON.stringify({ ...bare, note: 'a } and a \\" in it' })}: nova.exception.NoValidHost: No {valid} host\nTraceback`
  const decoded = decodeLogNotification(record({ logger: 'oslo.messaging.notification.port.create.end', message }))
  expect(decoded).toMatchObject({ outcome: 'notification', notification: { eventType: 'port.create.end' } })
})
