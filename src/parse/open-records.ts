import { NOTIFICATION_LOGGER } from '../catalogue/catalogue.ts'
import { withoutDebugSuffix } from './oslo-line.ts'
import type { LogRecord } from './record.ts'

/** The first line of a record: its message is still the line's own. */
export interface Head extends LogRecord {
  /** Whether lines without a header may belong to it. */
  readonly continues: boolean
  /** What its traceback lines repeat of it: the stamp as written; empty where there are none. */
  readonly stampText: string
}

/** A record that may still grow. */
interface Draft {
  readonly head: Head
  readonly parts: string[]
  length: number
  /** A DEBUG suffix ends a message: what follows without a header comes from somewhere else. */
  readonly complete: boolean
  /** Number of the line that began it. */
  readonly beganAt: number
  /** Whether a line has come to it since `flushQuiet` looked last. */
  isFresh: boolean
}

/** Longest message kept, in UTF-16 units; the rest of the record is counted and dropped. */
export const MAX_MESSAGE = 65_536

/** Processes that write into one file at a time; the record open longest is given out when there are more. */
const MAX_OPEN = 32

/** Which stream a line belongs to: a process id, or the name that an envelope gives. */
export type StreamKey = string | number

/** Records of several processes that grow side by side in one file. */
export interface OpenRecords {
  /** Begins a record and gives out the one before it in the same stream. */
  open(key: StreamKey, head: Head): void
  /** Notes a record that nobody wants: it ends the one before it, and its further lines go nowhere. */
  skip(key: StreamKey): void
  /** Notes a line of no record, so that what follows without a header belongs to nothing. */
  interrupt(): void
  /** Adds a line without a header to the latest record. */
  extendLatest(line: string): void
  /** Adds to a stream's record; false when none is open there. */
  extend(key: StreamKey, line: string): boolean
  /** Adds a traceback line to the record that has the same stamp and logger; false when none is open. */
  extendTraceback(
    key: StreamKey,
    line: { readonly stampText: string; readonly logger: string; readonly text: string },
  ): boolean
  flush(): void
  /** Gives out what no line has come to since it was called last. */
  flushQuiet(): void
  /** The line at which the oldest open record began, of those that began at `line` or later; Infinity when there is none. */
  openSince(line: number): number
  /** UTF-16 units of the messages that are open. */
  readonly held: number
  /** Records that lost their end to `MAX_MESSAGE`. */
  readonly cut: number
}

const QEMU_UUID = /-uuid ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/
const QEMU_NAME = /-name (?:guest=)?([^,\s]+)/

/** A domain's log names its instance in QEMU's command line only: the start that precedes it, and all after, mean that one. */
function qemuRecord(record: LogRecord, instance: string): LogRecord {
  const domain = QEMU_NAME.exec(record.message)?.[1] ?? record.logger
  return { ...record, logger: domain, instance }
}

function finishedMessage(draft: Draft): string {
  const message = draft.parts.length === 1 ? (draft.parts[0] ?? '') : draft.parts.join('\n')
  return draft.head.level === 'DEBUG' && !draft.complete ? withoutDebugSuffix(message) : message
}

function toRecord(draft: Draft): LogRecord {
  const { format, at, host, service, level, logger, pid, request, globalRequest, project, user, instance } = draft.head
  const message = finishedMessage(draft)
  return { format, at, host, service, level, logger, pid, request, globalRequest, project, user, instance, message }
}

/** A notification that `driver = log` writes is one line of JSON, of no use without its end. The line is bounded already. */
function limitOf({ logger }: Head): number {
  return logger.startsWith(NOTIFICATION_LOGGER) ? Infinity : MAX_MESSAGE
}

function startDraft(head: Head, beganAt: number): Draft {
  const whole = head.message.slice(0, limitOf(head))
  const message = head.level === 'DEBUG' ? withoutDebugSuffix(whole) : whole
  const complete = message.length < whole.length
  return { head, parts: [message], length: message.length, complete, beganAt, isFresh: true }
}

/** Where records go and where they come from. */
export interface OpenRecordsDeps {
  /** Gets each record when it is whole, and the number of the line that began it. */
  readonly emit: (record: LogRecord, beganAt: number) => void
  /** Number of the line that begins whatever is opened now. */
  readonly lineNow: () => number
}

class Records implements OpenRecords {
  readonly #deps: OpenRecordsDeps
  /** In the order in which they began. */
  readonly #drafts = new Map<StreamKey, Draft>()
  #latest: Draft | undefined
  #qemuInstance = ''
  cut = 0

  constructor(deps: OpenRecordsDeps) {
    this.#deps = deps
  }

  get held(): number {
    let sum = 0
    for (const { length } of this.#drafts.values()) sum += length
    return sum
  }

  open(key: StreamKey, head: Head): void {
    const draft = startDraft(head, this.#deps.lineNow())
    if (head.message.length > limitOf(head)) this.cut += 1
    if (!head.continues) {
      this.#give(draft)
      return
    }
    this.#close(key)
    this.#drafts.set(key, draft)
    this.#latest = draft
    if (this.#drafts.size > MAX_OPEN) this.#close(this.#drafts.keys().next().value ?? key)
  }

  skip(key: StreamKey): void {
    if (this.#drafts.size > 0) this.#close(key)
    this.#latest = undefined
  }

  interrupt(): void {
    this.#latest = undefined
  }

  extendLatest(line: string): void {
    if (this.#latest?.complete === false) this.#append(this.#latest, line)
  }

  extend(key: StreamKey, line: string): boolean {
    const draft = this.#drafts.get(key)
    if (draft?.complete === false) this.#append(draft, line)
    return draft !== undefined
  }

  extendTraceback(
    key: StreamKey,
    line: { readonly stampText: string; readonly logger: string; readonly text: string },
  ): boolean {
    const draft = this.#drafts.get(key)
    if (draft?.head.logger !== line.logger || draft.head.stampText !== line.stampText) return false
    this.#append(draft, line.text)
    this.#latest = draft
    return true
  }

  flush(): void {
    for (const key of [...this.#drafts.keys()]) this.#close(key)
    this.#latest = undefined
  }

  flushQuiet(): void {
    for (const [key, draft] of [...this.#drafts]) {
      if (!draft.isFresh) {
        if (this.#latest === draft) this.#latest = undefined
        this.#close(key)
      }
      draft.isFresh = false
    }
  }

  openSince(line: number): number {
    for (const { beganAt } of this.#drafts.values()) if (beganAt >= line) return beganAt
    return Infinity
  }

  #append(draft: Draft, line: string): void {
    draft.isFresh = true
    if (draft.length >= MAX_MESSAGE) return
    const room = MAX_MESSAGE - draft.length - 1
    draft.parts.push(line.slice(0, room))
    draft.length += line.length + 1
    if (draft.length > MAX_MESSAGE) this.cut += 1
  }

  #close(key: StreamKey): void {
    const draft = this.#drafts.get(key)
    if (draft === undefined) return
    this.#drafts.delete(key)
    this.#give(draft)
  }

  #give(draft: Draft): void {
    const record = toRecord(draft)
    if (record.format !== 'qemu') {
      this.#deps.emit(record, draft.beganAt)
      return
    }
    this.#qemuInstance = QEMU_UUID.exec(record.message)?.[1] ?? this.#qemuInstance
    this.#deps.emit(qemuRecord(record, this.#qemuInstance), draft.beganAt)
  }
}

/** Keeps the records of one file while they grow, and gives out each when it is whole. */
export function createOpenRecords(deps: OpenRecordsDeps): OpenRecords {
  return new Records(deps)
}
