import { LaunchTraceError } from '../core/errors.ts'

/** Another process holds the data directory of the embedded store. */
export class StoreBusyError extends LaunchTraceError {
  readonly code = 'LAUNCHTRACE_STORE_BUSY'
  readonly retryable = true
  readonly directory: string
  /** Process id of the holder; undefined when it could not be told. */
  readonly holder: number | undefined

  constructor(directory: string, holder: number | undefined) {
    const who = holder === undefined ? 'another process' : `process ${String(holder)}`
    super(
      `The data directory ${directory} is in use by ${who}. ` +
        'Stop that process, or choose another directory with --data.',
    )
    this.directory = directory
    this.holder = holder
  }
}

/** The data was written by a newer version of launchtrace than this one. */
export class StoreNewerError extends LaunchTraceError {
  readonly code = 'LAUNCHTRACE_STORE_NEWER'
  readonly retryable = false
  readonly found: number
  readonly known: number

  constructor(store: string, versions: { readonly found: number; readonly known: number }) {
    super(
      `The data in ${store} has schema version ${String(versions.found)}, and this launchtrace knows versions up to ` +
        `${String(versions.known)}. Use the newer launchtrace that wrote it, or another data directory or database.`,
    )
    this.found = versions.found
    this.known = versions.known
  }
}

/** The engine cannot be reached or cannot do its work: no connection, no room, no permission. */
export class StoreUnavailableError extends LaunchTraceError {
  readonly code = 'LAUNCHTRACE_STORE_UNAVAILABLE'
  readonly retryable = true

  constructor(store: string, problem: { readonly advice: string; readonly cause: unknown }) {
    const said = problem.cause instanceof Error ? problem.cause.message : String(problem.cause)
    super(`The store ${store} cannot be used: ${said.slice(0, MAX_SAID)}. ${problem.advice}`, { cause: problem.cause })
  }
}

/** ClickHouse repeats whole queries in its errors; a person needs the beginning. */
const MAX_SAID = 500

const DISK_FULL = /No space left on device|NOT_ENOUGH_SPACE|ENOSPC|Cannot reserve/
const NO_DIRECTORY = /EEXIST|ENOTDIR|ENOENT|ENAMETOOLONG|ELOOP/
const NOT_ALLOWED = /Permission denied|EACCES|EROFS|Read-only file system/
const REFUSED = /AUTHENTICATION_FAILED|REQUIRED_PASSWORD|WRONG_PASSWORD|Authentication failed/
const NO_MEMORY = /MEMORY_LIMIT_EXCEEDED|memory limit exceeded/i
const UNREACHABLE = /ECONNREFUSED|ENOTFOUND|ECONNRESET|EAI_AGAIN|socket hang up|Timeout error/

function adviceFor(said: string): string {
  if (DISK_FULL.test(said))
    return 'The disk is full: make room and run the command again; nothing acknowledged is lost.'
  if (NO_DIRECTORY.test(said)) return 'It cannot be a directory: choose another one with --data.'
  if (NOT_ALLOWED.test(said)) return 'Make the directory writable for this user, or choose another one with --data.'
  if (REFUSED.test(said)) return 'Check the user name and the password.'
  if (NO_MEMORY.test(said))
    return 'It needs more memory than it may use: ask for a shorter range, or raise limits.memory.'
  if (UNREACHABLE.test(said)) return 'Check the address and that the server runs.'
  return 'Try again; if it stays, the message above is from ClickHouse.'
}

/** Any failure of the engine as an error that says what to do; errors of this program pass unchanged. */
export function asStoreError(store: string, cause: unknown): LaunchTraceError {
  if (cause instanceof LaunchTraceError) return cause
  const said = cause instanceof Error ? `${cause.message} ${'code' in cause ? String(cause.code) : ''}` : String(cause)
  return new StoreUnavailableError(store, { advice: adviceFor(said), cause })
}
