import { LaunchTraceError } from '../core/errors.ts'

export interface OutletProblem {
  /** What failed and what to do about it, ending in a full stop. Never a secret. */
  readonly what: string
  readonly cause?: unknown
  /** How long the other side asks to be left alone. */
  readonly retryAfterMs?: number
}

/**
 * An outlet cannot take signals now. It could be because: nobody listens, the other side is overloaded or has lost its
 * store, the topic is missing, a token or certificate is wrong. All of them can be mended while the signals wait.
 */
export class OutletUnavailableError extends LaunchTraceError {
  readonly code = 'LAUNCHTRACE_OUTLET_UNAVAILABLE'
  readonly retryable = true
  readonly outlet: string
  readonly retryAfterMs: number | undefined

  constructor(outlet: string, { what, cause, retryAfterMs }: OutletProblem) {
    super(`${outlet} does not take signals: ${what}`, { cause })
    this.outlet = outlet
    this.retryAfterMs = retryAfterMs
  }
}

/** At least one of the signals that were written together will never be accepted; the others may be, apart from it. */
export class SignalsRefusedError extends LaunchTraceError {
  readonly code = 'LAUNCHTRACE_SIGNALS_REFUSED'
  readonly retryable = false
  readonly outlet: string

  constructor(outlet: string, { what, cause }: OutletProblem) {
    super(`${outlet} refused signals: ${what}`, { cause })
    this.outlet = outlet
  }
}
