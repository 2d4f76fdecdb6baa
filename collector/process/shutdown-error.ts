import { LaunchTraceError } from '../../src/core/errors.ts'

/** A stop took longer than it may. Nothing is lost: what was not written is read again after the next start. */
export class ShutdownError extends LaunchTraceError {
  readonly code = 'LAUNCHTRACE_SHUTDOWN'
  readonly retryable = true

  constructor(limitMs: number) {
    super(
      `What was under way could not be written within ${limitMs / 1000} s; it is read again after the next start. Raise limits.shutdown to wait longer.`,
    )
  }
}
