/** What ClickHouse's HTTP interface answers when a statement fails. */
export interface HttpFailure {
  readonly status: number
  /** ClickHouse's own number of the error; 0 when the failure is not the engine's. */
  readonly code: number
  readonly body: string
}

/** Codes that mean that something named in the statement does not exist: 404. */
const UNKNOWN_NAMES = new Set([46, 47, 50, 56, 60, 81, 115, 119])
/** Codes that mean that the statement cannot be read: 400. */
const UNREADABLE = new Set([6, 26, 27, 36, 38, 41, 42, 43, 53, 62, 72, 117, 130, 456, 457])
const READONLY = 164
const AUTHENTICATION_FAILED = 516
const NOT_IMPLEMENTED = 48

function statusFor(code: number): number {
  if (UNKNOWN_NAMES.has(code)) return 404
  if (UNREADABLE.has(code)) return 400
  if (code === READONLY || code === AUTHENTICATION_FAILED) return 403
  if (code === NOT_IMPLEMENTED) return 501
  return 500
}

export function toHttpFailure(error: unknown): HttpFailure {
  const said = error instanceof Error ? error.message : String(error)
  const coded = /Code: (\d+)\. DB::/.exec(said)
  if (coded === null) return { status: 500, code: 0, body: `${said}\n` }
  const code = Number(coded[1])
  return { status: statusFor(code), code, body: `${said.slice(coded.index).trimEnd()}\n` }
}
