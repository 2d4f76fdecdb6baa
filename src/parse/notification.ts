import type { UnixMicros } from '../core/time.ts'
import { micros } from '../core/time.ts'
import type { LogRecord } from './record.ts'
import { isPlausibleYear } from './timestamp.ts'

/** A JSON object whose members nobody has checked yet. */
export type JsonObject = Readonly<Record<string, unknown>>

/** One notification of an OpenStack service, its envelope taken off. */
export interface Notification {
  readonly messageId: string
  readonly eventType: string
  readonly publisherId: string
  /** Upper case. */
  readonly priority: string
  /** The publisher's clock; oslo.messaging writes UTC. */
  readonly at: UnixMicros
  /** When the API request that it serves arrived, on the API's clock; undefined where the context does not say. */
  readonly askedAt: UnixMicros | undefined
  readonly request: string
  readonly globalRequest: string
  readonly project: string
  readonly user: string
  readonly payload: JsonObject
  /** The exchange it came through; empty when unknown. */
  readonly exchange: string
}

export type DecodedNotification =
  | { readonly outcome: 'notification'; readonly notification: Notification }
  | { readonly outcome: 'undecodable'; readonly reason: UndecodableReason }

/** Why a delivery holds no notification. */
export type UndecodableReason = 'no JSON' | 'no body' | 'no event type' | 'no timestamp'

/** How deep bodies are wrapped into strings and envelopes at most. */
const MAX_WRAPPING = 6

const REQUEST = /^req-[0-9a-f-]{36}$/
const TIMESTAMP = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?/

/**
 * Reads one line of a recording, `{received_at, exchange, routing_key, properties, body}`, or a bare body as Kafka carries
 * it: with and without oslo.messaging's envelope, encoded once or twice (oslo.messaging: _drivers/common.py).
 */
export function decodeDelivery(json: string): DecodedNotification {
  const delivery = parseObject(json)
  if (delivery === undefined) return { outcome: 'undecodable', reason: 'no JSON' }
  const isRecording = 'body' in delivery && !('event_type' in delivery)
  const body = unwrap(isRecording ? delivery['body'] : delivery)
  if (body === undefined) return { outcome: 'undecodable', reason: 'no body' }
  return decodeBody(body, textOf(delivery['exchange']), contextOf(body))
}

/**
 * Where the JSON object at the beginning of `text` ends. An error notification that is logged while its exception is
 * handled is followed by the exception's summary and traceback (oslo.log: formatters.py).
 */
function objectEnd(text: string): number {
  let depth = 0
  let isInString = false
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]
    if (char === '\\' && isInString) at += 1
    else if (char === '"') isInString = !isInString
    else if (isInString) continue
    else if (char === '{') depth += 1
    else if (char === '}') depth -= 1
    if (depth === 0 && char === '}' && !isInString) return at + 1
  }
  return text.length
}

/** Reads a record that `driver = log` wrote: its message is the notification, its header has the request ids. */
export function decodeLogNotification(record: LogRecord): DecodedNotification {
  const body = unwrap(record.message.slice(0, objectEnd(record.message)))
  if (body === undefined) return { outcome: 'undecodable', reason: 'no JSON' }
  return decodeBody(body, '', record)
}

/** `value` as an object; an empty one when it is none. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {}
}

/** `value` as a list; an empty one when it is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** A string or a number as text; empty for everything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

type Context = Pick<Notification, 'request' | 'globalRequest' | 'project' | 'user'>

/**
 * A context is made when a request arrives and says when that was; it is handed on whole. Releases that blank what they
 * send make a new one just before they send it, within milliseconds: that one tells nothing. Microseconds.
 */
const MADE_TO_SEND = 50_000

function readAskedAt(body: JsonObject, at: UnixMicros): UnixMicros | undefined {
  const made = readTimestamp(textOf(body['_context_timestamp']) || textOf(objectOf(body['_context'])['timestamp']))
  return made === undefined || at - made < MADE_TO_SEND ? undefined : made
}

function decodeBody(body: JsonObject, exchange: string, context: Context): DecodedNotification {
  const eventType = textOf(body['event_type'])
  const at = readTimestamp(textOf(body['timestamp']))
  if (eventType === '') return { outcome: 'undecodable', reason: 'no event type' }
  if (at === undefined) return { outcome: 'undecodable', reason: 'no timestamp' }
  const { request, globalRequest, project, user } = context
  const notification = {
    messageId: textOf(body['message_id']),
    eventType,
    publisherId: textOf(body['publisher_id']),
    priority: textOf(body['priority']).toUpperCase(),
    at,
    askedAt: readAskedAt(body, at),
    request,
    globalRequest,
    project,
    user,
    payload: objectOf(body['payload']),
    exchange,
  }
  return { outcome: 'notification', notification }
}

/** RabbitMQ bodies have the context in flat keys, Kafka's in one object. */
function contextOf(body: JsonObject): Context {
  const nested = objectOf(body['_context'])
  const value = (name: string): string => textOf(body[`_context_${name}`]) || textOf(nested[name])
  return {
    request: requestOf(value('request_id')),
    globalRequest: requestOf(value('global_request_id')),
    project: value('project_id') || value('tenant') || value('project'),
    user: value('user_id') || value('user'),
  }
}

function requestOf(value: string): string {
  return REQUEST.test(value) ? value : ''
}

/** Takes strings and `oslo.message` envelopes off, until the notification itself is left. */
function unwrap(wrapped: unknown): JsonObject | undefined {
  let value = wrapped
  for (let depth = 0; depth < MAX_WRAPPING; depth++) {
    if (typeof value === 'string') value = parseObject(value) ?? parseString(value)
    else if (isObject(value) && 'oslo.message' in value) value = value['oslo.message']
    else break
  }
  return isObject(value) ? value : undefined
}

function parseString(json: string): unknown {
  const value = parse(json)
  return typeof value === 'string' ? value : undefined
}

function parseObject(json: string): JsonObject | undefined {
  const value = parse(json)
  return isObject(value) ? value : undefined
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `2026-11-20 05:16:06.012805`, UTC without a zone (oslo.messaging: notify/notifier.py). */
function readTimestamp(text: string): UnixMicros | undefined {
  const parts = TIMESTAMP.exec(text)
  if (parts === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number)
  if (!isPlausibleYear(year) || month < 1 || month > 12 || day < 1 || day > 31) return undefined
  if (hour > 23 || minute > 59 || second > 60) return undefined
  const fraction = Number((parts[7] ?? '').padEnd(6, '0').slice(0, 6))
  return micros(Date.UTC(year, month - 1, day, hour, minute, second) * 1000 + fraction)
}
