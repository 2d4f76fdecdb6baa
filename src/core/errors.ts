/** Every code that launchtrace raises on purpose. Branch on it, never on a message. */
export type ErrorCode =
  | 'LAUNCHTRACE_USAGE'
  | 'LAUNCHTRACE_CONFIG'
  | 'LAUNCHTRACE_STORE_BUSY'
  | 'LAUNCHTRACE_STORE_NEWER'
  | 'LAUNCHTRACE_STORE_UNAVAILABLE'
  | 'LAUNCHTRACE_OUTLET_UNAVAILABLE'
  | 'LAUNCHTRACE_SIGNALS_REFUSED'
  | 'LAUNCHTRACE_NOT_FOUND'
  | 'LAUNCHTRACE_EXPORT_UNAVAILABLE'
  | 'LAUNCHTRACE_EXPORT_REFUSED'
  | 'LAUNCHTRACE_SHUTDOWN'

/** Root of every error this program raises on purpose. The message says what failed, with the value, and what to do. */
export abstract class LaunchTraceError extends Error {
  abstract readonly code: ErrorCode
  /** Whether the same input may succeed later. */
  abstract readonly retryable: boolean

  override get name(): string {
    return this.constructor.name
  }
}
