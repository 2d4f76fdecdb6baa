import { micros, type UnixMicros } from '../core/time.ts'
import { isUuid } from './characters.ts'
import { readIsoStamp, type Stamp } from './timestamp.ts'

/** A record that came as one JSON object, in the words of LogRecord. */
export interface JsonRecord {
  /** When the object says so as a number; else see `stamp`. */
  readonly created: UnixMicros | undefined
  readonly stamp: Stamp | undefined
  readonly host: string
  /** What the object says the program is; empty when it does not. */
  readonly program: string
  readonly level: string
  readonly logger: string
  readonly pid: number
  readonly request: string
  readonly globalRequest: string
  readonly project: string
  readonly user: string
  readonly instance: string
  readonly message: string
}

type JsonObject = Readonly<Record<string, unknown>>

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Parses a line that should be one JSON object; `undefined` when it is not. */
export function parseJsonObject(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** The first of some fields that holds text or a number, as text; empty when none does. */
export function textOf(object: JsonObject, ...names: readonly string[]): string {
  for (const name of names) {
    const value = object[name]
    if (typeof value === 'string' && value !== '') return value
    if (typeof value === 'number') return String(value)
  }
  return ''
}

function objectOf(object: JsonObject, name: string): JsonObject {
  const value = object[name]
  return isJsonObject(value) ? value : {}
}

const UUID_IN_TEXT = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/
const UUID_FIELD = /\buuid['"]?[=:] ?u?['"]?([0-9a-f]{8}-[0-9a-f-]{27})/

/** `extra.instance` is a uuid, an object, or the printed form of nova's Instance, whose own uuid is in `uuid=`. */
function instanceOf(extra: JsonObject, context: JsonObject): string {
  const uuid = textOf(extra, 'instance_uuid')
  if (isUuid(uuid)) return uuid
  const printed = textOf(extra, 'instance') || textOf(objectOf(extra, 'instance'), 'uuid')
  if (isUuid(printed)) return printed
  const found = UUID_FIELD.exec(printed)?.[1] ?? UUID_IN_TEXT.exec(printed)?.[0] ?? ''
  const resource = textOf(context, 'resource_uuid')
  return isUuid(found) ? found : isUuid(resource) ? resource : ''
}

/** `traceback` is a list of lines up to oslo.log 7.x and one text from 8.0 on. */
function tracebackOf(object: JsonObject): string {
  const value = object['traceback']
  if (typeof value === 'string') return value.trimEnd()
  if (!Array.isArray(value)) return ''
  return value
    .filter(line => typeof line === 'string')
    .join('\n')
    .trimEnd()
}

function messageOf(object: JsonObject): string {
  const text = textOf(object, 'message', 'Payload', 'msg')
  const summary = textOf(object, 'error_summary')
  const traceback = tracebackOf(object)
  const headline = summary !== '' && !text.includes(summary) ? `${text}: ${summary}` : text
  return traceback === '' ? headline : `${headline}\n${traceback}`
}

function requestId(text: string): string {
  return text.startsWith('req-') ? text : ''
}

function dashless(text: string): string {
  return text === '-' || text === 'None' ? '' : text
}

function createdOf(object: JsonObject): UnixMicros | undefined {
  const created = object['created']
  return typeof created === 'number' && created > 0 && created < 8e9 ? micros(Math.round(created * 1e6)) : undefined
}

/**
 * Reads what oslo.log's JSONFormatter and FluentFormatter make (oslo.log: oslo_log/formatters.py), and the fields that
 * kolla's fluentd cuts a text line into. `undefined` when the object is none of them.
 */
export function readOsloJson(object: JsonObject): JsonRecord | undefined {
  const logger = textOf(object, 'name', 'python_module')
  const level = textOf(object, 'levelname', 'level', 'log_level').toUpperCase()
  const stampText = textOf(object, 'asctime', 'time', 'Timestamp', '@timestamp')
  const created = createdOf(object)
  const stamp = created === undefined ? readIsoStamp(stampText, 0) : undefined
  if (logger === '' || level === '' || (created === undefined && stamp === undefined)) return undefined
  const context = objectOf(object, 'context')
  const pid = Number(textOf(object, 'process', 'Pid'))
  return {
    created,
    stamp,
    host: textOf(object, 'hostname', 'Hostname'),
    program: textOf(object, 'programname', 'uwsgi_name'),
    level,
    logger,
    pid: Number.isSafeInteger(pid) ? pid : 0,
    request: requestId(textOf(context, 'request_id') || textOf(object, 'request_id')),
    globalRequest: requestId(textOf(context, 'global_request_id') || textOf(object, 'global_request_id')),
    project: dashless(textOf(context, 'project_id', 'project', 'tenant') || textOf(object, 'tenant_id', 'project_id')),
    user: dashless(textOf(context, 'user_id', 'user') || textOf(object, 'user_id')),
    instance: instanceOf(objectOf(object, 'extra'), context),
    message: messageOf(object),
  }
}
