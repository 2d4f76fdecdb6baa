import { isAscii, isUtf8 } from 'node:buffer'

/** Cuts a file's bytes into lines. Holds one unfinished line, never more of it than `maxLine` bytes. */
export interface LineSplitter {
  /** Takes the next bytes and gives the lines that they complete, without newlines. */
  push(chunk: Buffer): readonly string[]
  /** Gives the last line when no newline ends it. */
  end(): readonly string[]
  /** Lines that were longer than `maxLine` and lost their end. */
  readonly oversized: number
  /** Lines with bytes that are not UTF-8, now replaced by U+FFFD. */
  readonly invalid: number
}

const NEWLINE = 10

class Splitter implements LineSplitter {
  readonly #maxLine: number
  #carry: Buffer[] = []
  #carried = 0
  #isCut = false
  oversized = 0
  invalid = 0

  constructor(maxLine: number) {
    this.#maxLine = maxLine
  }

  push(chunk: Buffer): readonly string[] {
    const last = chunk.lastIndexOf(NEWLINE)
    if (last < 0) {
      this.#keep(chunk)
      return []
    }
    const first = this.#carried === 0 ? 0 : chunk.indexOf(NEWLINE) + 1
    const before = first === 0 ? [] : this.#finish(chunk.subarray(0, first - 1))
    const whole = last >= first ? this.#whole(chunk.subarray(first, last)) : []
    this.#keep(chunk.subarray(last + 1))
    return before.length === 0 ? whole : [...before, ...whole]
  }

  end(): readonly string[] {
    return this.#carried === 0 ? [] : this.#finish(Buffer.alloc(0))
  }

  /** Lines that stand whole in one chunk: at once, unless one of them may be too long. */
  #whole(bytes: Buffer): readonly string[] {
    if (bytes.length <= this.#maxLine) return this.#decode(bytes)
    const lines: string[] = []
    for (let at = 0; at <= bytes.length;) {
      const newline = bytes.indexOf(NEWLINE, at)
      const end = newline < 0 ? bytes.length : newline
      lines.push(...this.#finish(bytes.subarray(at, end)))
      at = end + 1
    }
    return lines
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return
    const room = this.#maxLine - this.#carried
    if (bytes.length > room) this.#isCut = true
    // A copy: the stream may use the memory of a chunk again, and a short rest must not hold a long chunk.
    if (room > 0) this.#carry.push(Buffer.from(bytes.subarray(0, room)))
    this.#carried += Math.min(bytes.length, Math.max(room, 0))
  }

  #finish(tail: Buffer): string[] {
    this.#keep(tail)
    const line = Buffer.concat(this.#carry)
    if (this.#isCut) this.oversized += 1
    this.#carry = []
    this.#carried = 0
    this.#isCut = false
    return this.#decode(line)
  }

  #decode(bytes: Buffer): string[] {
    if (isAscii(bytes)) return bytes.toString('latin1').split('\n')
    const lines = bytes.toString('utf8').split('\n')
    if (!isUtf8(bytes)) this.#countInvalid(bytes)
    return lines
  }

  #countInvalid(bytes: Buffer): void {
    for (let at = 0; at < bytes.length;) {
      const newline = bytes.indexOf(NEWLINE, at)
      const end = newline < 0 ? bytes.length : newline
      if (!isUtf8(bytes.subarray(at, end))) this.invalid += 1
      at = end + 1
    }
  }
}

export function createLineSplitter(maxLine: number): LineSplitter {
  return new Splitter(maxLine)
}
