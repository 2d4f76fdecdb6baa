import { AsyncLocalStorage } from 'node:async_hooks'
import { diag, DiagLogLevel } from '@opentelemetry/api'

/** Hears what a back end left out of a request that it accepted (OTLP: partial success). */
export type PartialSuccessListener = (rejected: number, reason: string) => void

/** The words of otlp-exporter-base (logging-response-handler.ts), which tells of partial success in its log only. */
const PARTIAL_SUCCESS = 'Received Partial Success response:'
const COUNTS = ['rejectedSpans', 'rejectedDataPoints', 'rejectedLogRecords']
const MAX_REASON = 300

const listening = new AsyncLocalStorage<PartialSuccessListener>()

/** The answer as the library prints it: a 64-bit count is a number or decimal text. */
function readAnswer(json: string): { readonly rejected: number; readonly reason: string } {
  const answer: unknown = JSON.parse(json)
  const fields = new Map<string, unknown>(typeof answer === 'object' && answer !== null ? Object.entries(answer) : [])
  const rejected = COUNTS.map(name => Number(fields.get(name) ?? 0)).find(count => count > 0) ?? 0
  const reason = fields.get('errorMessage')
  return { rejected, reason: typeof reason === 'string' ? reason.slice(0, MAX_REASON) : '' }
}

function hear(message: string, ...details: readonly unknown[]): void {
  const listener = listening.getStore()
  const [json] = details
  if (listener === undefined || message !== PARTIAL_SUCCESS || typeof json !== 'string') return
  const { rejected, reason } = readAnswer(json)
  listener(rejected, reason)
}

const silent = (): void => undefined

/**
 * Runs `send`, which exports with an OTLP library, and tells `listener` when the answer to it is a partial success. Takes
 * the library's diagnostic log for itself, the one thing it has for a whole process; whose answer it is follows from the
 * asynchronous context, so several exporters may send side by side.
 */
export function hearPartialSuccess<Result>(listener: PartialSuccessListener, send: () => Result): Result {
  const logger = { error: silent, warn: hear, info: silent, debug: silent, verbose: silent }
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true })
  return listening.run(listener, send)
}
