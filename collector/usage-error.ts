import { LaunchTraceError } from '../src/core/errors.ts'

/** A person or a program asked for something that cannot be. The message names the value and what is accepted. */
export class UsageError extends LaunchTraceError {
  override readonly code = 'LAUNCHTRACE_USAGE'
  override readonly retryable = false
}
