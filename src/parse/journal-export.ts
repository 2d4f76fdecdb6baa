/** Collects the fields of one entry of `journalctl -o export` line by line (systemd: Journal Export Format). */
export interface JournalBlock {
  readonly active: boolean
  begin(): void
  add(line: string): void
  /** Ends the entry and gives its fields. */
  end(): Readonly<Record<string, string>>
}

const FIELD = /^([A-Z0-9_]{1,64})=(.*)$/s
/** A field alone on its line holds binary text: eight bytes of length, the text, which may have lines, a newline. */
const BINARY_FIELD = /^[A-Z_][A-Z0-9_]{0,63}$/
const LENGTH_BYTES = 8
/** Longest text of one field; a journal entry may hold a core dump. */
const MAX_FIELD = 65_536

export function createJournalBlock(): JournalBlock {
  let active = false
  let fields: Record<string, string> = {}
  let binary = ''
  let isFirst = false

  const addBinary = (line: string): void => {
    const text = isFirst ? line.slice(LENGTH_BYTES) : line
    const before = isFirst ? '' : `${fields[binary] ?? ''}\n`
    isFirst = false
    fields[binary] = (before + text).slice(0, MAX_FIELD)
  }
  return {
    get active() {
      return active
    },
    begin: () => {
      ;[active, fields, binary] = [true, {}, '']
    },
    add: line => {
      const found = isFirst ? null : FIELD.exec(line)
      if (found !== null) {
        const [, name = '', value = ''] = found
        fields[name] = value.slice(0, MAX_FIELD)
        binary = ''
      } else if (binary === '' && BINARY_FIELD.test(line)) {
        ;[binary, isFirst] = [line, true]
      } else if (binary !== '') {
        addBinary(line)
      }
    },
    end: () => {
      active = false
      return fields
    },
  }
}
