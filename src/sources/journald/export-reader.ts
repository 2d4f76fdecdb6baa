/** One entry of the journal: the fields that were asked for, decoded as UTF-8 with replacements. */
export interface JournalEntry {
  readonly cursor: string
  readonly fields: Readonly<Record<string, string>>
}

/** Reads systemd's Journal Export Format from a stream of bytes, and counts by the lengths that the format states. */
export interface ExportReader {
  /** Takes the next bytes and gives the entries that they complete. */
  push(chunk: Buffer): readonly JournalEntry[]
  /** Entries of which a field was longer than the bound and lost its end. */
  readonly cut: number
}

const NEWLINE = 10
const EQUALS = 61
const LENGTH_BYTES = 8
/** A field's name has at most 64 characters (systemd: journal-file.c). */
const MAX_NAME = 65

type State = 'line' | 'length' | 'data' | 'end of data'

/** Bytes of one field, at most `most` of them; what lies beyond is passed over. */
class Kept {
  #parts: Buffer[] = []
  #size = 0
  isCut = false

  get size(): number {
    return this.#size
  }

  add(bytes: Buffer, most: number): void {
    const room = Math.max(0, most - this.#size)
    if (bytes.length > room) this.isCut = true
    if (room === 0 || bytes.length === 0) return
    this.#parts.push(bytes.subarray(0, room))
    this.#size += Math.min(bytes.length, room)
  }

  take(): Buffer {
    const [only] = this.#parts
    const all = this.#parts.length === 1 && only !== undefined ? only : Buffer.concat(this.#parts)
    this.#parts = []
    this.#size = 0
    this.isCut = false
    return all
  }
}

class Reader implements ExportReader {
  readonly #maxField: number
  readonly #kept = new Kept()
  #state: State = 'line'
  #fields: Record<string, string> = {}
  #hasCutField = false
  #binaryName = ''
  /** Bytes of the binary field that are still to come. */
  #left = 0n
  cut = 0

  constructor(maxField: number) {
    this.#maxField = maxField
  }

  push(chunk: Buffer): readonly JournalEntry[] {
    const entries: JournalEntry[] = []
    for (let at = 0; at < chunk.length;) {
      if (this.#state === 'line') at = this.#readLine(chunk, at, entries)
      else if (this.#state === 'length') at = this.#readLength(chunk, at)
      else if (this.#state === 'data') at = this.#readData(chunk, at)
      else {
        this.#state = 'line'
        at += 1
      }
    }
    return entries
  }

  #readLine(chunk: Buffer, at: number, entries: JournalEntry[]): number {
    const newline = chunk.indexOf(NEWLINE, at)
    this.#kept.add(chunk.subarray(at, newline < 0 ? chunk.length : newline), this.#maxField + MAX_NAME)
    if (newline < 0) return chunk.length
    const { isCut } = this.#kept
    const line = this.#kept.take()
    const equals = line.indexOf(EQUALS)
    if (line.length === 0) this.#endEntry(entries)
    else if (equals > 0) this.#setField(line.toString('latin1', 0, equals), line.subarray(equals + 1), isCut)
    else {
      this.#binaryName = line.toString('latin1')
      this.#state = 'length'
    }
    return newline + 1
  }

  #readLength(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + LENGTH_BYTES - this.#kept.size)
    this.#kept.add(chunk.subarray(at, end), LENGTH_BYTES)
    if (this.#kept.size < LENGTH_BYTES) return end
    this.#left = this.#kept.take().readBigUInt64LE()
    this.#state = 'data'
    if (this.#left === 0n) this.#endData()
    return end
  }

  #readData(chunk: Buffer, at: number): number {
    const here = BigInt(chunk.length - at)
    const end = this.#left < here ? at + Number(this.#left) : chunk.length
    this.#kept.add(chunk.subarray(at, end), this.#maxField)
    this.#left -= BigInt(end - at)
    if (this.#left === 0n) this.#endData()
    return end
  }

  #endData(): void {
    const { isCut } = this.#kept
    this.#setField(this.#binaryName, this.#kept.take(), isCut)
    this.#state = 'end of data'
  }

  #setField(name: string, value: Buffer, isCut: boolean): void {
    if (isCut || value.length > this.#maxField) this.#hasCutField = true
    this.#fields[name] = value.toString('utf8', 0, Math.min(value.length, this.#maxField))
  }

  #endEntry(entries: JournalEntry[]): void {
    const { __CURSOR: cursor = '', ...fields } = this.#fields
    this.#fields = {}
    if (this.#hasCutField) this.cut += 1
    this.#hasCutField = false
    if (cursor !== '') entries.push({ cursor, fields })
  }
}

/** Holds one unfinished entry, of each of its fields at most `maxField` bytes. Ask journalctl for the wanted fields only. */
export function createExportReader(maxField: number): ExportReader {
  return new Reader(maxField)
}
