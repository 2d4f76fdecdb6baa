/** Collects the fields of one entry of `journalctl -o export` line by line (systemd: Journal Export Format). */
export interface JournalBlock {
  readonly active: boolean
  /** Whether an empty line may be one of the text, and not the end of the entry. */
  readonly isInText: boolean
  /** Whether the line before was such an empty one: the entry has ended if the next one begins another. */
  readonly mayHaveEnded: boolean
  begin(): void
  /** Takes the next line; empty ones that are not followed by another line of the text do not belong to it. */
  add(line: string): void
  /** Ends the entry and gives its fields. */
  end(): Readonly<Record<string, string>>
}

const FIELD = /^([A-Z0-9_]{1,64})=(.*)$/s
/**
 * A field alone on its line holds binary text: eight bytes of length, the text, which may have lines, a newline. The
 * length is not told from a decoded line for certain, so a line `NAME=value` ends the text.
 */
const BINARY_FIELD = /^[A-Z_][A-Z0-9_]{0,63}$/
const LENGTH_BYTES = 8
/** Longest text of one field; a journal entry may hold a core dump. */
const MAX_FIELD = 65_536

/** A text that stands behind its length, put together from the lines over which it goes. */
class BinaryText {
  #text = ''
  /** Bytes of the length that have been passed: one of them may be a newline, and cut it over lines. */
  #passed = 0
  #hasText = false
  /** Empty lines since the last one that was part of the text for certain. */
  emptyLines = 0

  get isInLength(): boolean {
    return !this.#hasText
  }

  get text(): string {
    return this.#text
  }

  add(line: string): void {
    const rest = LENGTH_BYTES - this.#passed
    // The newline that ended a line which is shorter than the rest was a byte of the length.
    this.#passed = Math.min(LENGTH_BYTES, this.#passed + line.length + 1)
    if (line.length >= rest) this.#append(line.slice(rest))
  }

  #append(line: string): void {
    if (line === '' && this.#hasText) {
      this.emptyLines += 1
      return
    }
    const before = this.#hasText ? this.#text + '\n'.repeat(this.emptyLines + 1) : ''
    this.#text = (before + line).slice(0, MAX_FIELD)
    this.#hasText = true
    this.emptyLines = 0
  }
}

export function createJournalBlock(): JournalBlock {
  let active = false
  let fields: Record<string, string> = {}
  let name = ''
  let binary: BinaryText | undefined
  return {
    get active() {
      return active
    },
    get isInText() {
      return binary !== undefined
    },
    get mayHaveEnded() {
      return binary !== undefined && binary.emptyLines > 0
    },
    begin: () => {
      ;[active, fields, binary] = [true, {}, undefined]
    },
    add: line => {
      const found = binary?.isInLength === true ? null : FIELD.exec(line)
      if (found !== null) {
        fields[found[1] ?? ''] = (found[2] ?? '').slice(0, MAX_FIELD)
        binary = undefined
      } else if (binary !== undefined) {
        binary.add(line)
        fields[name] = binary.text
      } else if (BINARY_FIELD.test(line)) {
        ;[name, binary] = [line, new BinaryText()]
      }
    },
    end: () => {
      active = false
      return fields
    },
  }
}
