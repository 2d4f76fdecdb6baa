import { detached, isDigitCode, withoutAnsi } from './characters.ts'
import type { Envelope } from './envelope.ts'
import { momentOf, osloHead, STAMP_LENGTH, streamKey, type LineContext } from './line-head.ts'
import type { Fate } from './line-counts.ts'
import type { OpenRecords, StreamKey } from './open-records.ts'
import { createHeaderCut, cutLevelAndLogger, cutOsloHeader, hasContextAt, readOsloContext } from './oslo-line.ts'
import { readIsoStamp } from './timestamp.ts'

/** logging_exception_prefix writes ERROR whatever the level of the head; TRACE before oslo.log 1.10. */
function isTracebackLevel(level: string): boolean {
  return level === 'ERROR' || level === 'TRACE'
}

const TRACEBACK_LINE =
  /^(?:$|\s|Traceback |During handling |The above exception |[\w.]{1,200}(?:Error|Exception|_Remote|Timeout)\b)/

export interface OsloReaderDeps {
  readonly context: LineContext
  readonly records: OpenRecords
  readonly wants: (logger: string, level: string) => boolean
}

/** Reads oslo.log's text records, line by line. */
export class OsloReader {
  readonly #deps: OsloReaderDeps
  readonly #cut = createHeaderCut()
  #hasContexts = false

  constructor(deps: OsloReaderDeps) {
    this.#deps = deps
  }

  /** What became of a line; `undefined` when it has no header of oslo.log. Most lines that nobody wants end here. */
  read(line: string, envelope: Envelope | undefined): Fate | undefined {
    const cut = this.#cut
    if (!isDigitCode(line.charCodeAt(0)) || !cutOsloHeader(line, 0, cut)) return undefined
    if (this.#isWanted(line)) return this.#readWanted(detached(withoutAnsi(line).trimEnd()), envelope)
    if (isTracebackLevel(cut.level) && !hasContextAt(line, cut.bodyAt)) return 'continuation'
    this.#deps.records.skip(streamKey(envelope, cut.pid))
    if (envelope?.at === undefined) this.#deps.context.clock.pass(line, 0)
    return 'unwanted'
  }

  /** Reads a line that leaves the time to its envelope, as devstack's do in the journal: `INFO logger [context] message`. */
  readTimeless(line: string, envelope: Envelope): Fate | undefined {
    const cut = this.#cut
    if (envelope.at === undefined || !cutLevelAndLogger(line, 0, cut)) return undefined
    Object.assign(cut, { stampAt: 0, pid: 0 })
    const { context, records } = this.#deps
    const key = streamKey(envelope, 0)
    const ids = readOsloContext(line, cut.bodyAt)
    if (!ids.found && isTracebackLevel(cut.level) && records.extend(key, line.slice(ids.messageAt)))
      return 'continuation'
    if (!this.#isWanted(line)) {
      records.skip(key)
      return 'unwanted'
    }
    const head = osloHead(detached(line), cut, { context, envelope, at: envelope.at, ids })
    records.open(key, { ...head, stampText: '' })
    return 'head'
  }

  /** Adds a further line of one envelope to the record that the first one began. */
  follow(line: string, envelope: Envelope): void {
    const cut = this.#cut
    const hasHeader = cutOsloHeader(line, 0, cut) || cutLevelAndLogger(line, 0, cut)
    const isTraceback = hasHeader && isTracebackLevel(cut.level)
    const text = isTraceback ? line.slice(readOsloContext(line, cut.bodyAt).messageAt) : line
    this.#deps.records.extend(streamKey(envelope, cut.pid), text)
  }

  #isWanted(line: string): boolean {
    return this.#deps.wants(line.slice(this.#cut.loggerAt, this.#cut.loggerEnd), this.#cut.level)
  }

  #readWanted(line: string, envelope: Envelope | undefined): Fate | undefined {
    const cut = this.#cut
    // Colours may have stood in the header.
    if (!cutOsloHeader(line, 0, cut)) return undefined
    const { context, records } = this.#deps
    const ids = readOsloContext(line, cut.bodyAt)
    const key = streamKey(envelope, cut.pid)
    if (ids.found) this.#hasContexts = true
    else if (isTracebackLevel(cut.level) && this.#isTraceback(line, key, ids.messageAt)) return 'continuation'
    const stamp = readIsoStamp(line, 0)
    if (stamp === undefined) return undefined
    records.open(key, osloHead(line, cut, { context, envelope, at: momentOf(stamp, envelope, context.clock), ids }))
    return 'head'
  }

  /** Whether a line without a context bracket goes on with a record; adds it there when that record is open. */
  #isTraceback(line: string, key: StreamKey, at: number): boolean {
    const text = line.slice(at)
    const logger = line.slice(this.#cut.loggerAt, this.#cut.loggerEnd)
    if (this.#deps.records.extendTraceback(key, { stampText: line.slice(0, STAMP_LENGTH), logger, text })) return true
    // Its head is lost or unwanted. Only a site whose format has no brackets writes heads that look the same.
    return this.#hasContexts || TRACEBACK_LINE.test(text)
  }
}
