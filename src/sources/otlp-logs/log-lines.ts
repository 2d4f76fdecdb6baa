import { isoStampEnd } from '../../parse/timestamp.ts'
import type { OtlpLog } from './logs-request.ts'
import type { PlainObject } from './plain-value.ts'
import { isObject, textOf } from './plain-value.ts'

/** Names under which shippers keep the logger of a record that they took to pieces. */
const LOGGER = ['logger', 'logger.name', 'logger_name', 'log.logger', 'python_module', 'name'] as const
/** Of a map that is a record of oslo.log itself, or what kolla's fluentd makes of one. */
const OSLO_LOGGER = ['name', 'python_module'] as const
const OSLO_LEVEL = ['levelname', 'level', 'log_level'] as const
const OSLO_STAMP = ['created', 'asctime', 'time', 'Timestamp', '@timestamp'] as const

/** A logger of Python. Scopes of shippers are named like packages of Go. */
const PYTHON_NAME = /^[A-Za-z_]\w*(?:\.\w+)*$/

const IDS = ['request_id', 'global_request_id', 'project_id', 'tenant_id', 'user_id'] as const
const INSTANCE = ['instance', 'instance_uuid', 'instance_id'] as const
const PID = ['pid', 'process.pid', 'process', 'Pid'] as const

function secondsOf({ at }: OtlpLog): number | undefined {
  return at === undefined ? undefined : at / 1e6
}

function pythonLogger({ attributes, scope }: OtlpLog): string {
  return [textOf(attributes, ...LOGGER), scope].find(name => PYTHON_NAME.test(name)) ?? ''
}

/** A record of which the shipper, or the program itself, left the message only: as oslo.log would have written it as JSON. */
function rebuilt(log: OtlpLog, logger: string, message: string): string {
  const { attributes } = log
  const ids = Object.fromEntries(IDS.map(name => [name, textOf(attributes, name)]))
  return JSON.stringify({
    name: logger,
    levelname: log.level || textOf(attributes, ...OSLO_LEVEL).toUpperCase() || 'INFO',
    created: secondsOf(log),
    process: textOf(attributes, ...PID),
    ...ids,
    extra: { instance: textOf(attributes, ...INSTANCE) },
    message,
  })
}

function linesOfText(text: string): readonly string[] {
  return text.replace(/\r?\n$/, '').split('\n')
}

function linesOfString(log: OtlpLog, text: string): readonly string[] {
  const logger = pythonLogger(log)
  const isBare = logger !== '' && log.at !== undefined && isoStampEnd(text, 0) < 0 && !text.startsWith('{')
  return isBare ? [rebuilt(log, logger, text)] : linesOfText(text)
}

/** What the map does not say of its time and level, the record does. */
function completed(log: OtlpLog, map: PlainObject): PlainObject {
  if ('MESSAGE' in map) {
    const isTimed = '__REALTIME_TIMESTAMP' in map || '_SOURCE_REALTIME_TIMESTAMP' in map
    return isTimed ? map : { ...map, __REALTIME_TIMESTAMP: String(log.at ?? '') }
  }
  const level = textOf(map, ...OSLO_LEVEL) === '' && log.level !== '' ? { levelname: log.level } : {}
  const created = textOf(map, ...OSLO_STAMP) === '' && log.at !== undefined ? { created: secondsOf(log) } : {}
  return { ...map, ...level, ...created }
}

/** Docker ends whole lines with a newline; the container runtime interface marks them with F, which Fluent Bit keeps. */
function withLineEnd(map: PlainObject): PlainObject {
  const { log } = map
  const isWhole = typeof log === 'string' && textOf(map, '_p', 'logtag') === 'F' && !log.endsWith('\n')
  return isWhole ? { ...map, log: `${log}\n` } : map
}

function linesOfMap(log: OtlpLog, map: PlainObject): readonly string[] {
  if ('MESSAGE' in map || textOf(map, ...OSLO_LOGGER) !== '') return [JSON.stringify(completed(log, map))]
  const message = map['message']
  // Vector's own shape: the line as it was, and where it came from.
  return typeof message === 'string' ? linesOfText(message) : [JSON.stringify(withLineEnd(map))]
}

/** The lines of a log that a record stands for, as they are read from a file; undefined when it holds no text. */
export function linesOfLog(log: OtlpLog): readonly string[] | undefined {
  const { body } = log
  if (typeof body === 'string') return linesOfString(log, body)
  return isObject(body) && Object.keys(body).length > 0 ? linesOfMap(log, body) : undefined
}
