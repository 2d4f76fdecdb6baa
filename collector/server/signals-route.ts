import { Router } from 'express'
import type { Response } from 'express'
import type { Telemetry } from '../../src/telemetry/telemetry.ts'
import type { AcceptSignals } from '../../src/transport/decode-lines.ts'
import { countDecoded, decodeLines } from '../../src/transport/decode-lines.ts'
import { createAdmission } from './admission.ts'
import type { Ingested, IngestRefusal } from './ingest.ts'
import { createIngest } from './ingest.ts'
import type { ApiErrorCode } from './problem.ts'
import { sendProblem } from './problem.ts'

export interface SignalsRouteDeps {
  readonly accept: AcceptSignals
  readonly telemetry: Telemetry
  readonly limits?: Partial<SignalsRouteLimits>
}

/** Bounds of the route: memory stays below `heldBytes`, and as much again for the signals that are read from it. */
export interface SignalsRouteLimits {
  /** Of one body as sent. Default 2 MiB. */
  readonly bytes: number
  /** Of one body unpacked. Default 8 MiB. */
  readonly unpackedBytes: number
  /** Requests under way. Default 256. */
  readonly requests: number
  /** Of bodies, as sent and unpacked, whose signals are not durable yet; more than one body takes. Default 64 MiB. */
  readonly heldBytes: number
  /** How long a client waits for a store that is away. Milliseconds. Default 30 seconds. */
  readonly patienceMs: number
}

const LIMITS: SignalsRouteLimits = {
  bytes: 2_097_152,
  unpackedBytes: 8_388_608,
  requests: 256,
  heldBytes: 67_108_864,
  patienceMs: 30_000,
}

/** Not one of those that a page in a browser may send without asking. */
const CONTENT_TYPE = 'application/x-ndjson'
const WRONG_TYPE: IngestRefusal = {
  status: 415,
  message: `Signals are sent as ${CONTENT_TYPE}, one JSON object a line.`,
}

/** What signals are counted under that come over HTTP. */
const INLET = 'http'

const CODES: Readonly<Record<IngestRefusal['status'], ApiErrorCode>> = {
  400: 'LAUNCHTRACE_USAGE',
  413: 'LAUNCHTRACE_USAGE',
  415: 'LAUNCHTRACE_USAGE',
  429: 'LAUNCHTRACE_BUSY',
  503: 'LAUNCHTRACE_STORE_UNAVAILABLE',
}

function sendRefusal(response: Response, { status, message, retryAfterSeconds }: IngestRefusal): void {
  if (retryAfterSeconds !== undefined) response.set('Retry-After', String(retryAfterSeconds))
  sendProblem(response, { status, code: CODES[status], message })
}

/** Lines that are no signals are told by reason; sending them again would change nothing. */
function takeLines(body: Buffer, { accept, telemetry }: SignalsRouteDeps): Ingested {
  const lines = body.toString('utf8').split('\n')
  const decoded = decodeLines(lines.filter(line => line !== ''))
  countDecoded(telemetry, INLET, decoded)
  const { signals, refused } = decoded
  const durable = signals.length === 0 ? Promise.resolve() : accept(signals)
  durable.then(
    () => telemetry.count('launchtrace_inlet_forwarded_total', { inlet: INLET }, signals.length),
    () => telemetry.count('launchtrace_inlet_dropped_total', { inlet: INLET, reason: 'stopping' }, signals.length),
  )
  const answer = { accepted: signals.length, refused: Object.fromEntries(refused) }
  return { durable, answer: response => void response.json(answer) }
}

/** `POST /v1/signals`: signals of agents, one JSON object a line, plain or gzip; answered 200 when they are durable. */
export function createSignalsRoute(deps: SignalsRouteDeps): Router {
  const limits = { ...LIMITS, ...deps.limits }
  const ingest = createIngest({
    admission: createAdmission({ requests: limits.requests, bytes: limits.heldBytes }),
    limits,
    patienceMs: limits.patienceMs,
    take: (body, request) => (request.is(CONTENT_TYPE) === CONTENT_TYPE ? takeLines(body, deps) : WRONG_TYPE),
    refuse: (_request, response, refusal) => sendRefusal(response, refusal),
  })
  return Router()
    .post('/v1/signals', ingest)
    .all('/v1/signals', (_request, response) => {
      const message = 'This takes signals; send them with POST.'
      sendProblem(response.set('Allow', 'POST'), { status: 405, code: 'LAUNCHTRACE_USAGE', message })
    })
}
