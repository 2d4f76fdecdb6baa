import { detached, withoutAnsi } from './characters.ts'
import { NO_ENVELOPE, openEnvelope, openInside, openJournal, openPrefix, type Envelope } from './envelope.ts'
import { createOsloInterest, type Interest } from './interest.ts'
import { createJournalBlock } from './journal-export.ts'
import { readJsonLine } from './json-line.ts'
import { createLineCounter, type Fate, type LineCounts } from './line-counts.ts'
import { jsonHead, momentOf, plainHead, streamKey, syslogHead, type LineContext } from './line-head.ts'
import { createOpenRecords, type OpenRecords } from './open-records.ts'
import type { JsonRecord } from './oslo-json.ts'
import { OsloReader } from './oslo-reader.ts'
import {
  isNoise,
  readApacheLine,
  readStampedLine,
  readSyslogVlog,
  readUwsgiLine,
  UNWANTED,
  type PlainLine,
} from './plain-line.ts'
import type { LogRecord } from './record.ts'

/** Makes records out of the physical lines of one file. Never throws; memory is bounded by a few open records. */
export interface LogAssembler {
  /** Takes the next line, without its newline. */
  push(line: string): void
  /**
   * Takes a line that was read before, so that those behind it are understood as they were then: records that begin in it
   * are not given out again. Comes before the first `push`.
   */
  prime(line: string): void
  /** Gives out the records that are still open: at the end of a file. */
  flush(): void
  /**
   * Gives out the records that no line has come to since it was called last. A record is written in one go: call it only
   * when everything that is written has been pushed, and leave time between two calls.
   */
  flushQuiet(): void
  /** Number of the line, counted from 0 with those that primed, that began the oldest record still to be given out; Infinity when none is open. */
  readonly openSince: number
  /** UTF-16 units of text that wait for their record's end. */
  readonly held: number
  readonly counts: LineCounts
  /** Records whose message was cut to 64 KiB. */
  readonly cutRecords: number
}

export interface AssemblerOptions extends LineContext {
  readonly wanted: Interest
}

/** Envelopes inside envelopes: a container's line in a journal that was exported to syslog. */
const MAX_DEPTH = 3
/** Longest line that is put together from parts, in UTF-16 units. */
const MAX_JOINED = 1_048_576

/** The first line of an entry in the journal's export format. */
const JOURNAL_START = '__CURSOR='

const LEADING_ZEROS = /^\0+/

class Assembler implements LogAssembler {
  readonly #options: AssemblerOptions
  readonly #wanted: Interest
  readonly #wantsOslo: (logger: string, level: string) => boolean
  readonly #records: OpenRecords
  readonly #oslo: OsloReader
  readonly #counter = createLineCounter()
  readonly #journal = createJournalBlock()
  #partial = ''
  #lines = 0
  #primed = 0
  /** The line that began what is read now: of a line that is put together from parts, the first. */
  #beganAt = 0
  /** Whether a line of this file began with oslo.log's header. */
  #hasBareHeads = false

  constructor(options: AssemblerOptions, emit: (record: LogRecord) => void) {
    this.#options = options
    this.#wanted = options.wanted
    this.#wantsOslo = createOsloInterest(options.wanted)
    this.#records = createOpenRecords({
      emit: (record, beganAt) => {
        if (beganAt >= this.#primed) emit(record)
      },
      lineNow: () => this.#beganAt,
    })
    this.#oslo = new OsloReader({ context: options, records: this.#records, wants: this.#wantsOslo })
  }

  get counts(): LineCounts {
    return this.#counter.counts
  }

  get cutRecords(): number {
    return this.#records.cut
  }

  get openSince(): number {
    const records = this.#records.openSince(this.#primed)
    return this.#isInside ? Math.min(records, Math.max(this.#beganAt, this.#primed)) : records
  }

  get held(): number {
    return this.#records.held + this.#partial.length
  }

  /** Whether the next line goes on with something that is no record yet. */
  get #isInside(): boolean {
    return this.#partial !== '' || this.#journal.active
  }

  prime(line: string): void {
    this.#primed += 1
    this.push(line)
  }

  push(line: string): void {
    if (!this.#isInside) this.#beganAt = this.#lines
    this.#lines += 1
    // A text in the journal may have lines that look like a record of their own.
    const fate = this.#journal.active ? undefined : this.#oslo.read(line, undefined)
    if (fate !== undefined) this.#hasBareHeads = true
    this.#counter.add(fate ?? this.#slow(line))
  }

  flush(): void {
    if (this.#journal.active) this.#endJournal()
    this.#records.flush()
  }

  flushQuiet(): void {
    this.#records.flushQuiet()
  }

  #slow(line: string): Fate {
    if (this.#journal.active) return this.#journalLine(line)
    const unpadded = line.charCodeAt(0) === 0 ? line.replace(LEADING_ZEROS, '') : line
    const text = withoutAnsi(unpadded).trimEnd()
    if (text === '') return 'blank'
    const first = text.charCodeAt(0)
    if (first === 32 || first === 9) return this.#headless(text)
    if (text.startsWith(JOURNAL_START)) {
      this.#journal.begin()
      return 'head'
    }
    // Oslo.log's format has been tried on the line as it stands.
    const fate = text === line ? this.#others(text, undefined, 0) : this.#understand(text, undefined, 0)
    return fate ?? this.#leftover(text, undefined)
  }

  /** Tries every format on a line; `undefined` when it has no header that is known. */
  #understand(text: string, envelope: Envelope | undefined, depth: number): Fate | undefined {
    return this.#oslo.read(text, envelope) ?? this.#others(text, envelope, depth)
  }

  #others(text: string, envelope: Envelope | undefined, depth: number): Fate | undefined {
    const first = text.charCodeAt(0)
    if (first === 123) return this.#json(text, envelope, depth)
    const plain = first === 91 ? readUwsgiLine(text, this.#wanted) : readStampedLine(text, this.#wanted)
    if (plain !== undefined) return this.#plain(plain, envelope)
    const inner = depth < MAX_DEPTH ? openEnvelope(text, this.#options.clock) : undefined
    if (inner !== undefined) return this.#unwrap(inner, envelope, depth)
    const timeless = envelope === undefined ? undefined : this.#timeless(text, envelope)
    return timeless ?? this.#plain(readApacheLine(text, this.#wanted), envelope)
  }

  #timeless(text: string, envelope: Envelope): Fate | undefined {
    return this.#oslo.readTimeless(text, envelope) ?? this.#plain(readSyslogVlog(text, this.#wanted), envelope)
  }

  #plain(plain: PlainLine | typeof UNWANTED | undefined, envelope: Envelope | undefined): Fate | undefined {
    if (plain === undefined) return undefined
    if (plain === UNWANTED) {
      this.#records.interrupt()
      return 'unwanted'
    }
    const { clock } = this.#options
    const at = plain.stamp === undefined ? envelope?.at : momentOf(plain.stamp, envelope, clock)
    if (at === undefined) return undefined
    const copy = { ...plain, logger: detached(plain.logger), message: detached(plain.message) }
    this.#records.open(streamKey(envelope, 0), plainHead(copy, { context: this.#options, envelope, at }))
    return 'head'
  }

  #json(text: string, envelope: Envelope | undefined, depth: number): Fate | undefined {
    const line = readJsonLine(text, { clock: this.#options.clock, wants: this.#wantsOslo })
    if (line === undefined || line === UNWANTED) return this.#plain(line, envelope)
    if (line.kind === 'plain') return this.#plain(line.plain, envelope)
    if (line.kind === 'record') return this.#jsonRecord(line.record, envelope)
    return depth < MAX_DEPTH ? this.#unwrap(line.envelope, envelope, depth) : undefined
  }

  #jsonRecord(record: JsonRecord, outer: Envelope | undefined): Fate | undefined {
    const at = record.stamp === undefined ? record.created : momentOf(record.stamp, outer, this.#options.clock)
    if (at === undefined) return undefined
    const given = outer ?? NO_ENVELOPE
    const envelope = { ...given, host: given.host || record.host, tag: given.tag || record.program }
    this.#records.open('json', jsonHead(record, { context: this.#options, envelope, at }))
    return 'head'
  }

  #unwrap(inner: Envelope, outer: Envelope | undefined, depth: number): Fate {
    if (inner.partial) {
      if (this.#partial.length < MAX_JOINED) this.#partial += inner.text
      return 'continuation'
    }
    const [first = '', ...rest] = withoutAnsi(this.#partial + inner.text).split('\n')
    this.#partial = ''
    const envelope = openInside(inner, outer)
    const fate = this.#understand(first, envelope, depth + 1) ?? this.#leftover(first, envelope)
    if (fate === 'head' || fate === 'continuation') for (const line of rest) this.#oslo.follow(line, envelope)
    return fate
  }

  /** What becomes of a line without a header that is known. */
  #leftover(text: string, envelope: Envelope | undefined): Fate {
    if (envelope !== undefined && envelope.tag !== '') return this.#tagged(text, envelope)
    // Where headers begin the lines, one in the middle of a line is a quotation: of what a user typed, perhaps.
    const prefixed = this.#hasBareHeads ? undefined : openPrefix(text)
    const fate = prefixed && this.#oslo.read(prefixed.text, envelope ? openInside(prefixed, envelope) : prefixed)
    if (fate !== undefined) return fate
    if (isNoise(text)) {
      this.#records.interrupt()
      return 'unwanted'
    }
    return this.#headless(text)
  }

  #headless(text: string): Fate {
    if (!this.#counter.hasHead || text.includes('\0')) return 'undecodable'
    this.#records.extendLatest(text)
    return 'continuation'
  }

  /** What syslog or the journal say of a program that writes no format of its own, or the next line of one that does. */
  #tagged(text: string, envelope: Envelope): Fate {
    if (this.#records.extend(streamKey(envelope, 0), text)) return 'continuation'
    if (envelope.at === undefined || !this.#wanted(envelope.tag, 'syslog', '')) return 'unwanted'
    const copy = { ...envelope, tag: detached(envelope.tag), text: detached(text) }
    this.#records.open('syslog', syslogHead(copy, { context: this.#options, envelope: copy, at: envelope.at }))
    return 'head'
  }

  #journalLine(line: string): Fate {
    if (this.#journal.mayHaveEnded && line.startsWith(JOURNAL_START)) {
      this.#endJournal()
      this.#beganAt = this.#lines - 1
      this.#journal.begin()
      return 'head'
    }
    if (line !== '' || this.#journal.isInText) {
      this.#journal.add(line)
      return line === '' ? 'blank' : 'continuation'
    }
    this.#endJournal()
    return 'blank'
  }

  /** The entry's first line was counted as a head before it was known what it says. */
  #endJournal(): void {
    const envelope = openJournal(this.#journal.end())
    this.#counter.amendHead(envelope === undefined ? 'undecodable' : this.#unwrap(envelope, undefined, 0))
  }
}

/** Begins a file; `emit` gets every wanted record once it is whole. */
export function createLogAssembler(options: AssemblerOptions, emit: (record: LogRecord) => void): LogAssembler {
  return new Assembler(options, emit)
}
