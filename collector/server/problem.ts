import type { Response } from 'express'
import { LaunchTraceError } from '../../src/core/errors.ts'
import type { ErrorCode } from '../../src/core/errors.ts'

/** Codes of errors over HTTP: programs branch on them. */
export type ApiErrorCode =
  | ErrorCode
  | 'LAUNCHTRACE_AMBIGUOUS'
  | 'LAUNCHTRACE_BUSY'
  | 'LAUNCHTRACE_HOST_REFUSED'
  | 'LAUNCHTRACE_NOT_READY'
  | 'LAUNCHTRACE_INTERNAL'

/** An error as a client sees it. The message says what failed and what to do; nothing of the program's insides. */
export interface Problem {
  readonly status: number
  readonly code: ApiErrorCode
  readonly message: string
}

const STATUS = {
  LAUNCHTRACE_USAGE: 400,
  LAUNCHTRACE_CONFIG: 500,
  LAUNCHTRACE_NOT_FOUND: 404,
  LAUNCHTRACE_STORE_BUSY: 503,
  LAUNCHTRACE_STORE_NEWER: 503,
  LAUNCHTRACE_STORE_UNAVAILABLE: 503,
  LAUNCHTRACE_OUTLET_UNAVAILABLE: 503,
  LAUNCHTRACE_SIGNALS_REFUSED: 400,
  LAUNCHTRACE_EXPORT_UNAVAILABLE: 503,
  LAUNCHTRACE_EXPORT_REFUSED: 502,
  LAUNCHTRACE_SHUTDOWN: 503,
} as const satisfies Readonly<Record<ErrorCode, number>>

const INTERNAL: Problem = {
  status: 500,
  code: 'LAUNCHTRACE_INTERNAL',
  message: 'launchtrace failed to answer; its own output says why. Please report it.',
}

/** Express and its parsers mark what the client did wrong with a status, for example a path that cannot be decoded. */
function isClientError(error: unknown): boolean {
  if (!(error instanceof Error) || !('status' in error)) return false
  return typeof error.status === 'number' && error.status >= 400 && error.status < 500
}

/** What to tell the client of `error`. Only errors that this program raises on purpose are quoted. */
export function problemOf(error: unknown): Problem {
  if (error instanceof LaunchTraceError) return { status: STATUS[error.code], code: error.code, message: error.message }
  if (isClientError(error)) {
    return {
      status: 400,
      code: 'LAUNCHTRACE_USAGE',
      message: 'The request cannot be read; check its path and encoding.',
    }
  }
  return INTERNAL
}

/** Answers with `problem` as JSON; `details` stand beside the error. */
export function sendProblem(response: Response, { status, code, message }: Problem, details: object = {}): void {
  response.status(status).json({ error: { code, message }, ...details })
}
