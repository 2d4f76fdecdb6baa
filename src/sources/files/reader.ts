import { read } from 'node:fs'
import { promisify } from 'node:util'
import type { Clock, ClockMemory } from '../../parse/clock.ts'
import { createLineSplitter, type LineSplitter } from '../line-splitter.ts'
import type { Drained, LineSink } from '../line-sink.ts'
import { FINGERPRINT_BYTES } from './fingerprint.ts'
import type { Counted } from '../line-tally.ts'
import { ownCopy, readRange } from './regular-file.ts'
import { createTrail, type Resume, type Trail } from './trail.ts'

/** Bytes before the place of reading that are compared each time: when they change, the file is another one. */
const OVERLAP = 64
/** Bytes that are read in one go when the reader is behind: little enough to stay in a processor's cache. */
const CHUNK_BYTES = 65_536
/** Length of the buffer that every read of a source uses in turn. */
export const BUFFER_BYTES = OVERLAP + CHUNK_BYTES
/** Short reads are of what was written just now, which the system still has in memory: not worth a thread. */
const SHORT_READ = 32_768
/** Never more than this is read again, in bytes: lines may be of any length. */
const MAX_REACH = 16_777_216
const NEWLINE = 10

const readLater = promisify(read)

export interface ReaderOptions {
  readonly descriptor: number
  /** The file's first bytes. */
  readonly head: Buffer
  readonly resume: Resume
  readonly sink: LineSink
  readonly clock: Clock
  readonly maxLineBytes: number
  /** Bytes to read again before the place where reading goes on after a restart. */
  readonly reach: number
}

/**
 * Reads one content of one file, line by line, from a place on. Between two reads it holds the open records of its sink and
 * a kilobyte, but no unfinished line: that is read again when it has grown.
 */
export class Reader {
  readonly #options: ReaderOptions
  readonly #splitter: LineSplitter
  readonly #trail: Trail
  #head: Buffer
  /** Behind the last whole line. */
  #lineAt: number
  /** From where the next read goes on: behind `#lineAt` in a line that is longer than a chunk. */
  #at: number
  /** What is known of the file lies before this. */
  #seen: number
  #overlap: Buffer
  #lines = 0
  #bytes = 0

  /** Reads again what lies before `resume.offset`. @throws what the system says */
  constructor(options: ReaderOptions) {
    const { descriptor, resume, head, maxLineBytes, reach } = options
    this.#options = options
    this.#head = ownCopy(head)
    this.#splitter = createLineSplitter(maxLineBytes)
    this.#trail = createTrail(resume, reach)
    this.#lineAt = this.#at = this.#seen = resume.offset
    this.#overlap = ownCopy(readRange(descriptor, Math.max(0, resume.offset - OVERLAP), resume.offset))
    this.#prime(resume)
  }

  /** Behind the last byte that was taken. */
  get at(): number {
    return this.#at
  }

  /** The file's first bytes, as many as a fingerprint is made of. */
  get head(): Buffer {
    return this.#head
  }

  /** Whether a file of this size has something that was not looked at. */
  isBehind(size: number): boolean {
    return size > this.#at && size !== this.#seen
  }

  /** Whether everything that was seen were whole lines. */
  get isBetweenLines(): boolean {
    return this.#seen === this.#lineAt
  }

  get hasOpenRecords(): boolean {
    return this.#options.sink.openSince !== Infinity
  }

  get held(): number {
    return this.#options.sink.held
  }

  get clockMemory(): ClockMemory | undefined {
    return this.#options.clock.memory
  }

  get counted(): Counted {
    const { counts: lines, cutRecords } = this.#options.sink
    const { oversized, invalid } = this.#splitter
    return { lines, cutRecords, bytes: this.#bytes, oversized, invalid }
  }

  /**
   * Reads on in a file of this size, a chunk at most. False when the file does not hold any more what was read of it:
   * then nothing was taken. @throws what the system says
   */
  async read(buffer: Buffer, size: number): Promise<boolean> {
    const before = this.#overlap.length
    const length = Math.min(buffer.length, before + Math.max(0, size - this.#at))
    const count = await this.#fill(buffer.subarray(0, length), this.#at - before)
    if (count < before || !buffer.subarray(0, before).equals(this.#overlap) || !this.#hasSameHead()) return false
    const bytes = buffer.subarray(before, count)
    this.#seen = this.#at + bytes.length
    const taken = this.#take(bytes, count === buffer.length)
    this.#at += taken
    if (taken > 0) this.#overlap = ownCopy(buffer.subarray(Math.max(0, before + taken - OVERLAP), before + taken))
    return true
  }

  flushQuiet(): void {
    this.#options.sink.flushQuiet()
  }

  /** Ends the open records. */
  end(): void {
    this.#options.sink.end()
  }

  /** Takes the last line, which no newline ends, of a file that does not grow any more. @throws what the system says */
  takeRest(size: number): void {
    const { descriptor, maxLineBytes } = this.#options
    const rest = readRange(descriptor, this.#lineAt, Math.min(size, this.#lineAt + maxLineBytes + 1))
    if (rest.length === 0) return
    this.#accept([...this.#splitter.push(rest), ...this.#splitter.end()], size - this.#lineAt)
    this.#at = this.#seen = this.#lineAt
    this.#overlap = ownCopy(readRange(descriptor, Math.max(0, size - OVERLAP), size))
  }

  drain(): Drained {
    return this.#options.sink.drain()
  }

  /** Where to go on after a restart, once everything that was drained is durable. `durable` is where to go on now. */
  resumeAfter(durable: Resume): Resume {
    this.#trail.forget(durable)
    return this.#trail.resumeAt(this.#lineAt, this.#options.sink.openSince)
  }

  async #fill(into: Buffer, position: number): Promise<number> {
    const { descriptor } = this.#options
    if (into.length <= SHORT_READ) {
      const bytes = readRange(descriptor, position, position + into.length)
      return bytes.copy(into)
    }
    return (await readLater(descriptor, into, 0, into.length, position)).bytesRead
  }

  #hasSameHead(): boolean {
    const head = readRange(this.#options.descriptor, 0, FINGERPRINT_BYTES)
    if (!head.subarray(0, this.#head.length).equals(this.#head)) return false
    if (head.length > this.#head.length) this.#head = ownCopy(head)
    return true
  }

  /** Takes whole lines and says how many bytes they are. */
  #take(bytes: Buffer, isFull: boolean): number {
    if (this.#at > this.#lineAt) return this.#takeLong(bytes)
    const end = bytes.lastIndexOf(NEWLINE) + 1
    if (end > 0) {
      this.#accept(this.#splitter.push(bytes.subarray(0, end)), end)
      return end
    }
    if (!isFull) return 0
    const zeros = bytes.findIndex(byte => byte !== 0)
    if (zeros === 0) return bytes.length
    // What a program leaves that goes on at its old place after a truncation: a hole, maybe of gigabytes.
    const skipped = zeros < 0 ? bytes.length : zeros
    this.#trail.pass({ offset: this.#lineAt, line: this.#lines, clock: this.#options.clock.memory })
    this.#lineAt += skipped
    this.#seen = this.#lineAt
    this.#bytes += skipped
    return skipped
  }

  /** Looks for the end of a line that is longer than a chunk. Only then is it read into memory, up to the limit. */
  #takeLong(bytes: Buffer): number {
    const newline = bytes.indexOf(NEWLINE)
    if (newline < 0) return bytes.length
    const end = this.#at + newline
    const { descriptor, maxLineBytes } = this.#options
    const kept = readRange(descriptor, this.#lineAt, Math.min(end, this.#lineAt + maxLineBytes + 1))
    this.#accept([...this.#splitter.push(kept), ...this.#splitter.push(Buffer.from('\n'))], end + 1 - this.#lineAt)
    this.#seen = this.#lineAt
    return newline + 1
  }

  #accept(lines: readonly string[], length: number): void {
    const { sink, clock } = this.#options
    this.#trail.pass({ offset: this.#lineAt, line: this.#lines, clock: clock.memory })
    sink.take(lines)
    this.#lines += lines.length
    this.#lineAt += length
    this.#bytes += length
  }

  #prime({ from, offset }: Resume): void {
    const { descriptor, sink, maxLineBytes } = this.#options
    const splitter = createLineSplitter(maxLineBytes)
    // From the byte before on, a newline most often: what comes up to the first one is the end of another line.
    const start = Math.max(0, from - 1, offset - MAX_REACH)
    let isFirst = start > 0 || from > 0
    for (let at = start; at < offset; at += CHUNK_BYTES) {
      const lines = splitter.push(readRange(descriptor, at, Math.min(offset, at + CHUNK_BYTES)))
      const whole = isFirst ? lines.slice(1) : lines
      if (lines.length > 0) isFirst = false
      sink.prime(whole)
      this.#lines += whole.length
    }
  }
}
