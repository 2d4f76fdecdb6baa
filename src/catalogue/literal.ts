/** How deep values may nest; deeper ones read as undefined. */
const MAX_DEPTH = 40

/** How many values are read at most. */
const MAX_VALUES = 5000

interface Cursor {
  readonly text: string
  at: number
  left: number
}

/**
 * Reads the Python or JSON literal (dict, list, tuple, set, string, number, name) that starts at `start`. Lenient: what is
 * cut off in the middle gives what was read so far, and an unknown word reads as a string. Time grows with the text.
 */
export function readLiteral(text: string, start = 0): unknown {
  return readValue({ text, at: start, left: MAX_VALUES }, 0)
}

function readValue(cursor: Cursor, depth: number): unknown {
  skipBlanks(cursor)
  cursor.left--
  const first = cursor.text[cursor.at]
  if (first === undefined || depth > MAX_DEPTH || cursor.left < 0) return undefined
  if (first === '{') return readMapping(cursor, depth)
  if (first === '[' || first === '(') return readSequence(cursor, depth)
  if (first === '"' || first === "'") return readString(cursor, first)
  return readWord(cursor, depth)
}

function readMapping(cursor: Cursor, depth: number): unknown {
  const entries = new Map<string, unknown>()
  const members: unknown[] = []
  cursor.at++
  while (!atEnd(cursor, '}')) {
    const key = readValue(cursor, depth + 1)
    if (take(cursor, ':')) entries.set(String(key), readValue(cursor, depth + 1))
    else members.push(key)
    if (!take(cursor, ',')) break
  }
  take(cursor, '}')
  return entries.size === 0 && members.length > 0 ? members : Object.fromEntries(entries)
}

function readSequence(cursor: Cursor, depth: number): unknown[] {
  const close = cursor.text[cursor.at] === '[' ? ']' : ')'
  const members: unknown[] = []
  cursor.at++
  while (!atEnd(cursor, close)) {
    members.push(readValue(cursor, depth + 1))
    if (!take(cursor, ',')) break
  }
  take(cursor, close)
  return members
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }

function readString(cursor: Cursor, quote: string): string {
  const parts: string[] = []
  let from = ++cursor.at
  while (cursor.at < cursor.text.length && cursor.text[cursor.at] !== quote) {
    if (cursor.text[cursor.at] !== '\\') {
      cursor.at++
      continue
    }
    parts.push(cursor.text.slice(from, cursor.at), readEscape(cursor))
    from = cursor.at
  }
  parts.push(cursor.text.slice(from, cursor.at))
  cursor.at++
  return parts.join('')
}

/** `\n`, `\u00e9` (JSON), `\xe9` (Python); any other character stands for itself. */
function readEscape(cursor: Cursor): string {
  const coded = /^(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))/.exec(cursor.text.slice(cursor.at + 1, cursor.at + 6))
  const escaped = cursor.text[cursor.at + 1] ?? ''
  cursor.at += coded === null ? 2 : 1 + coded[0].length
  return coded === null ? (ESCAPES[escaped] ?? escaped) : String.fromCharCode(parseInt(coded[1] ?? coded[2] ?? '', 16))
}

function readWord(cursor: Cursor, depth: number): unknown {
  const from = cursor.at
  while (cursor.at < cursor.text.length && !/[\s,:'"[\](){}]/.test(cursor.text.charAt(cursor.at))) cursor.at++
  const word = cursor.text.slice(from, cursor.at)
  const next = cursor.text[cursor.at]
  if (next === "'" || next === '"') return readString(cursor, next)
  if (next === '(') return readSequence(cursor, depth)
  return wordValue(word)
}

function wordValue(word: string): unknown {
  if (word === 'None' || word === 'null') return null
  if (word === 'True' || word === 'true') return true
  if (word === 'False' || word === 'false') return false
  return /^-?\d{1,15}(?:\.\d{1,15})?$/.test(word) ? Number(word) : word
}

function skipBlanks(cursor: Cursor): void {
  while (/\s/.test(cursor.text.charAt(cursor.at))) cursor.at++
}

function atEnd(cursor: Cursor, close: string): boolean {
  skipBlanks(cursor)
  return cursor.at >= cursor.text.length || cursor.text[cursor.at] === close || cursor.left < 0
}

function take(cursor: Cursor, mark: string): boolean {
  skipBlanks(cursor)
  if (cursor.text[cursor.at] !== mark) return false
  cursor.at++
  return true
}
