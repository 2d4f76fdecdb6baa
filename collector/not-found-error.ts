import { LaunchTraceError } from '../src/core/errors.ts'

/** Something was asked for that is not there. */
export class NotFoundError extends LaunchTraceError {
  override readonly code = 'LAUNCHTRACE_NOT_FOUND'
  override readonly retryable = false
}
