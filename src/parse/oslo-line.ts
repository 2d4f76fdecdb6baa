import { isDigitCode, isUuid, numberBetween, skipBlanks, skipDigits } from './characters.ts'
import { isoStampEnd } from './timestamp.ts'

/** Where the parts of an oslo.log header stand in a line. Written over and over: one per assembler, no garbage. */
export interface HeaderCut {
  stampAt: number
  /** 0 when the line does not print it. */
  pid: number
  level: string
  loggerAt: number
  loggerEnd: number
  /** Index behind the logger and its blank. */
  bodyAt: number
}

export function createHeaderCut(): HeaderCut {
  return { stampAt: 0, pid: 0, level: '', loggerAt: 0, loggerEnd: 0, bodyAt: 0 }
}

function levelByFirstLetter(code: number): string {
  switch (code) {
    case 65:
      return 'AUDIT'
    case 67:
      return 'CRITICAL'
    case 68:
      return 'DEBUG'
    case 69:
      return 'ERROR'
    case 73:
      return 'INFO'
    case 84:
      return 'TRACE'
    case 87:
      return 'WARNING'
    default:
      return ''
  }
}

/** The level at `at`, if a blank follows it; empty otherwise. */
function levelAt(line: string, at: number): string {
  const level = levelByFirstLetter(line.charCodeAt(at))
  if (level === '') return ''
  if (line.startsWith(level, at) && line.charCodeAt(at + level.length) === 32) return level
  return line.startsWith('WARN ', at) ? 'WARN' : ''
}

function isNameStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95
}

/** Cuts `LEVEL logger …` at `at`: the whole header where something else keeps the time (devstack in the journal). */
export function cutLevelAndLogger(line: string, at: number, cut: HeaderCut): boolean {
  const level = levelAt(line, at)
  if (level === '') return false
  const loggerAt = skipBlanks(line, at + level.length)
  if (!isNameStart(line.charCodeAt(loggerAt))) return false
  const blank = line.indexOf(' ', loggerAt)
  const loggerEnd = blank < 0 ? line.length : blank
  cut.level = level
  cut.loggerAt = loggerAt
  cut.loggerEnd = line.charCodeAt(loggerEnd - 1) === 58 ? loggerEnd - 1 : loggerEnd
  cut.bodyAt = Math.min(loggerEnd + 1, line.length)
  return true
}

/**
 * Cuts the header `stamp [pid] LEVEL logger ` of oslo.log's text formats, logging_exception_prefix included
 * (oslo.log: oslo_log/_options.py). Walks the line by index: most lines end here, as nobody wants their logger.
 */
export function cutOsloHeader(line: string, at: number, cut: HeaderCut): boolean {
  const stampEnd = isoStampEnd(line, at)
  if (stampEnd < 0 || line.charCodeAt(stampEnd) !== 32) return false
  let next = skipBlanks(line, stampEnd)
  cut.stampAt = at
  cut.pid = 0
  if (isDigitCode(line.charCodeAt(next))) {
    const pidEnd = skipDigits(line, next)
    if (line.charCodeAt(pidEnd) !== 32) return false
    cut.pid = numberBetween(line, next, pidEnd)
    next = skipBlanks(line, pidEnd)
  }
  return cutLevelAndLogger(line, next, cut)
}

/** What stands between the logger and the message. */
export interface OsloContext {
  /** Whether there was a context bracket; a traceback line has none. */
  readonly found: boolean
  readonly request: string
  readonly globalRequest: string
  readonly project: string
  readonly user: string
  readonly instance: string
  /** Index of the message's first character. */
  readonly messageAt: number
}

interface Bracket {
  readonly found: boolean
  readonly request: string
  readonly globalRequest: string
  readonly project: string
  readonly user: string
}

const NO_BRACKET: Bracket = { found: false, request: '', globalRequest: '', project: '', user: '' }
const EMPTY_BRACKET: Bracket = { ...NO_BRACKET, found: true }

/** Keystone's ids are 32 hex digits, 64 for users of LDAP; devstack prints names in their place, which join nothing. */
const IDENTITY = /^[0-9a-f-]{32,64}$/

function identity(token: string | undefined): string {
  return token !== undefined && IDENTITY.test(token) ? token : ''
}

const REQUEST = 'req-'

/**
 * Reads a bracket by its tokens, not by their places: sites drop fields and add some. Two request ids are the global
 * and the local one, a single one is the local one; the identity follows the last (oslo.log: oslo_log/_options.py).
 */
function readBracket(content: string): Bracket {
  if (content === '-') return EMPTY_BRACKET
  if (content.startsWith('instance: ')) return NO_BRACKET
  const tokens = content.split(' ').filter(token => token !== '')
  const requests = tokens.filter(token => token.startsWith(REQUEST))
  const last = requests.at(-1)
  if (last === undefined) {
    return tokens.every(token => token === '-' || token === 'None') ? EMPTY_BRACKET : NO_BRACKET
  }
  const after = tokens.lastIndexOf(last) + 1
  const globalRequest = requests.length > 1 ? (requests[0] ?? '') : ''
  return {
    found: true,
    request: last,
    globalRequest,
    user: identity(tokens[after]),
    project: identity(tokens[after + 1]),
  }
}

const INSTANCE = '[instance: '
const INSTANCE_LENGTH = INSTANCE.length + 37

/** The uuid of `[instance: uuid]` at `at`, empty when there is none. */
function instanceAt(line: string, at: number): string {
  if (!line.startsWith(INSTANCE, at) || line.charCodeAt(at + INSTANCE_LENGTH - 1) !== 93) return ''
  const uuid = line.slice(at + INSTANCE.length, at + INSTANCE_LENGTH - 1)
  return isUuid(uuid) ? uuid : ''
}

function behindBlank(line: string, at: number): number {
  return line.charCodeAt(at) === 32 ? at + 1 : at
}

/** Whether a context bracket may begin at `at`, behind the logger: traceback lines have an instance there, or nothing. */
export function hasContextAt(line: string, at: number): boolean {
  return line.charCodeAt(at) === 91 && !line.startsWith(INSTANCE, at)
}

/** Reads the context bracket and the instance prefix that may stand at `at`, behind the logger. */
export function readOsloContext(line: string, at: number): OsloContext {
  const close = line.charCodeAt(at) === 91 ? line.indexOf(']', at) : -1
  const bracket = close < 0 ? NO_BRACKET : readBracket(line.slice(at + 1, close))
  const instanceStart = bracket.found ? behindBlank(line, close + 1) : at
  const instance = instanceAt(line, instanceStart)
  const messageAt = instance === '' ? instanceStart : behindBlank(line, instanceStart + INSTANCE_LENGTH)
  return { ...bracket, instance, messageAt }
}

const DEBUG_SUFFIX = / (?:from \(pid=\d+\) )?[\w<>]+ \/\S+\.py:\d+$/
const DEVSTACK_SUFFIX = / \{\{(?:\(pid=\d+\) )?[\w<>]+ \/\S+\.py:\d+\}\}$/
/** Longer than any suffix seen; keeps the patterns away from the rest of a long message. */
const SUFFIX_REACH = 512

/**
 * Takes off what logging_debug_format_suffix adds, ` func /path/file.py:12`, and devstack's ` {{(pid=42) func …}}`.
 * The message as it is when there is no suffix.
 */
export function withoutDebugSuffix(message: string): string {
  const last = message.charCodeAt(message.length - 1)
  if (!isDigitCode(last) && last !== 125) return message
  const tailAt = Math.max(0, message.length - SUFFIX_REACH)
  const tail = message.slice(tailAt)
  const found = (last === 125 ? DEVSTACK_SUFFIX : DEBUG_SUFFIX).exec(tail)
  return found === null ? message : message.slice(0, tailAt + found.index).trimEnd()
}
