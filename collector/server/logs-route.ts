import { Router } from 'express'
import type { Request, Response } from 'express'
import { decodeProtobuf, encodeProtobuf } from '../../src/sources/otlp-logs/protobuf.ts'
import type { LogStreams, TakenLogs } from '../../src/sources/otlp-logs/log-streams.ts'
import { logsOfRequest } from '../../src/sources/otlp-logs/logs-request.ts'
import type { Telemetry } from '../../src/telemetry/telemetry.ts'
import { createAdmission } from './admission.ts'
import type { Ingested, IngestRefusal } from './ingest.ts'
import { createIngest } from './ingest.ts'

export interface LogsRouteDeps {
  /** What records are counted under. */
  readonly source: string
  readonly streams: LogStreams
  readonly telemetry: Telemetry
}

/** An OpenTelemetry Collector sends up to 8192 records at a time, some megabytes before packing. */
const LIMITS = { bytes: 8_388_608, unpackedBytes: 16_777_216 }
/** Requests wait for the ends of their records, so there are many; memory stays below twice the bytes. */
const HELD = { requests: 256, bytes: 33_554_432 }
const PATIENCE_MS = 30_000

const JSON_TYPE = 'application/json'
const PROTOBUF_TYPE = 'application/x-protobuf'

/** Codes of gRPC, which OTLP's errors carry (googleapis: google/rpc/code.proto). */
const CODES: Readonly<Record<IngestRefusal['status'], number>> = { 400: 3, 413: 3, 415: 3, 429: 8, 503: 14 }

const UNREADABLE: IngestRefusal = {
  status: 400,
  message: 'The body is no ExportLogsServiceRequest in the form that Content-Type says.',
}
const WRONG_TYPE: IngestRefusal = { status: 415, message: `Logs are sent as ${PROTOBUF_TYPE} or ${JSON_TYPE}.` }

function typeOf(request: Request): string | undefined {
  const type = request.is([JSON_TYPE, PROTOBUF_TYPE])
  return typeof type === 'string' ? type : undefined
}

/** Answers in the form of the request, as the specification has it (opentelemetry-proto: docs/specification.md). */
function send(response: Response, message: 'LogsResponse' | 'Status', fields: Record<string, unknown>): void {
  const type = typeOf(response.req) ?? JSON_TYPE
  const body = type === PROTOBUF_TYPE ? encodeProtobuf(message, fields) : Buffer.from(JSON.stringify(fields))
  response.setHeader('Content-Type', type)
  response.end(body)
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

function answerOf({ taken, rejected }: TakenLogs): Record<string, unknown> {
  if (rejected === 0) return {}
  const errorMessage = `${rejected} of ${taken + rejected} records have no body that is a text or a map; the others are durable.`
  return { partialSuccess: { rejectedLogRecords: String(rejected), errorMessage } }
}

function count({ taken, rejected }: TakenLogs, { telemetry, source }: LogsRouteDeps): void {
  telemetry.count('launchtrace_source_messages_total', { source }, taken + rejected)
  if (rejected === 0) return
  telemetry.count('launchtrace_source_messages_dropped_total', { source, reason: 'no_text' }, rejected)
}

function takeLogs(body: Buffer, request: Request, deps: LogsRouteDeps): Ingested | IngestRefusal {
  const type = typeOf(request)
  if (type === undefined) return WRONG_TYPE
  const decoded = type === JSON_TYPE ? parseJson(body) : decodeProtobuf(body)
  if (typeof decoded !== 'object' || decoded === null) return UNREADABLE
  const taken = deps.streams.take(logsOfRequest(decoded))
  count(taken, deps)
  return { durable: taken.durable, answer: response => send(response, 'LogsResponse', answerOf(taken)) }
}

/** `POST /v1/logs`: logs as OTLP over HTTP, protobuf or JSON, plain or gzip; answered 200 when what they say is durable. */
export function createLogsRoute(deps: LogsRouteDeps): Router {
  const ingest = createIngest({
    admission: createAdmission(HELD),
    limits: LIMITS,
    patienceMs: PATIENCE_MS,
    take: (body, request) => takeLogs(body, request, deps),
    refuse: (_request, response, { status, message, retryAfterSeconds }) => {
      if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(retryAfterSeconds))
      send(response.status(status), 'Status', { code: CODES[status], message })
    },
  })
  return Router()
    .post('/v1/logs', ingest)
    .all('/v1/logs', (_request, response) => {
      response.setHeader('Allow', 'POST')
      send(response.status(405), 'Status', { code: 12, message: 'This takes logs; send them with POST.' })
    })
}
