import { LaunchTraceError } from '../core/errors.ts'

/** The back end for traces cannot be reached or does not answer as it should; the same launch may be accepted later. */
export class ExportUnavailableError extends LaunchTraceError {
  readonly code = 'LAUNCHTRACE_EXPORT_UNAVAILABLE'
  readonly retryable = true

  constructor(url: string, problem: { readonly said: string; readonly advice: string; readonly cause?: unknown }) {
    super(`${url} did not take the spans of a launch: ${problem.said}. ${problem.advice}`, { cause: problem.cause })
  }
}

/** The back end judged the spans of a launch and will not take them. */
export class ExportRefusedError extends LaunchTraceError {
  readonly code = 'LAUNCHTRACE_EXPORT_REFUSED'
  readonly retryable = false
  readonly status: number

  constructor(url: string, problem: { readonly status: number; readonly said: string; readonly cause: unknown }) {
    super(
      `${url} refused the spans of a launch with HTTP status ${String(problem.status)}: ${problem.said}. ` +
        'The launch stays in the store; the log of the back end may say more.',
      { cause: problem.cause },
    )
    this.status = problem.status
  }
}

/** Statuses that judge the request itself: sending it again changes nothing. */
const JUDGED = new Set([400, 413, 422])

/** The protocol has the sender repeat 429, 502, 503 and 504 at once; the others are a setting that a person can mend. */
function adviceFor(status: number | undefined): string {
  if (status === undefined) return 'Check the address and that the back end runs.'
  if (status === 401 || status === 403) return 'Check the headers of export.otlp: the back end wants to know who asks.'
  if (status === 404 || status === 405) return 'Check the path of export.otlp.url; it usually ends in /v1/traces.'
  if (status === 429) return 'The back end asks for fewer spans a second.'
  return 'The log of the back end may say more.'
}

/** Answers may be whole pages; a person needs the beginning. */
const MAX_SAID = 300

function statusOf(cause: unknown): number | undefined {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return typeof code === 'number' ? code : undefined
}

function saidBy(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause).slice(0, MAX_SAID)
  const data = 'data' in cause && typeof cause.data === 'string' ? cause.data.trim() : ''
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  const words = data || cause.message || code || 'it gave no reason'
  return words.slice(0, MAX_SAID).replace(/\.$/, '')
}

/** What a failed sending means for the launch: to be tried later, or never. `url` is shown, so it has no user info. */
export function exportErrorOf(url: string, cause: unknown): LaunchTraceError {
  const status = statusOf(cause)
  const said = saidBy(cause)
  if (status !== undefined && JUDGED.has(status)) return new ExportRefusedError(url, { status, said, cause })
  const withStatus = status === undefined ? said : `HTTP status ${String(status)}, ${said}`
  return new ExportUnavailableError(url, { said: withStatus, advice: adviceFor(status), cause })
}
