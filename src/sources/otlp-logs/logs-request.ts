import { micros } from '../../core/time.ts'
import type { UnixMicros } from '../../core/time.ts'
import type { PlainObject } from './plain-value.ts'
import { isObject, listOf, textOf, unwrapPairs, unwrapValue } from './plain-value.ts'

/** One log record of OTLP, its wrapping taken off. */
export interface OtlpLog {
  readonly resource: PlainObject
  readonly attributes: PlainObject
  /** Of the instrumentation scope: the logger, where a program sends by itself. */
  readonly scope: string
  /** When it was logged, else when a collector saw it; undefined when nothing says so. */
  readonly at: UnixMicros | undefined
  /** Python's names: `WARNING`, not `WARN`; empty when nothing says so. */
  readonly level: string
  readonly body: unknown
}

const LEVEL_NAMES: Readonly<Record<string, string>> = { WARN: 'WARNING', FATAL: 'CRITICAL', ERR: 'ERROR' }
/** By severity number: four numbers each (opentelemetry-specification: logs/data-model.md). */
const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL']

function levelOf(record: PlainObject): string {
  const name = textOf(record, 'severityText').toUpperCase()
  if (name !== '') return LEVEL_NAMES[name] ?? name
  const number = Number(textOf(record, 'severityNumber'))
  return number >= 1 ? (LEVELS[Math.ceil(number / 4) - 1] ?? '') : ''
}

function momentOf(record: PlainObject): UnixMicros | undefined {
  for (const name of ['timeUnixNano', 'observedTimeUnixNano']) {
    const nanos = textOf(record, name)
    if (/^[1-9]\d{0,19}$/.test(nanos)) return micros(Number(BigInt(nanos) / 1000n))
  }
  return undefined
}

function* logsOfScope(scopeLogs: unknown, resource: PlainObject): Generator<OtlpLog, void> {
  if (!isObject(scopeLogs)) return
  const scope = isObject(scopeLogs['scope']) ? textOf(scopeLogs['scope'], 'name') : ''
  for (const record of listOf(scopeLogs['logRecords'])) {
    if (!isObject(record)) continue
    const attributes = unwrapPairs(record['attributes'])
    const body = unwrapValue(record['body'])
    yield { resource, attributes, scope, at: momentOf(record), level: levelOf(record), body }
  }
}

/** The records of a request in OTLP's JSON form, in its order. Total: what is misshapen is left out. */
export function* logsOfRequest(request: unknown): Generator<OtlpLog, void> {
  if (!isObject(request)) return
  for (const resourceLogs of listOf(request['resourceLogs'])) {
    if (!isObject(resourceLogs)) continue
    const resource = isObject(resourceLogs['resource']) ? unwrapPairs(resourceLogs['resource']['attributes']) : {}
    for (const scopeLogs of listOf(resourceLogs['scopeLogs'])) yield* logsOfScope(scopeLogs, resource)
  }
}
