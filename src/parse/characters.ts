const ZERO = 48
const NINE = 57

/** Whether a UTF-16 code unit is an ASCII digit; false for `NaN`, so it may be asked past the end of a text. */
export function isDigitCode(code: number): boolean {
  return code >= ZERO && code <= NINE
}

/** The number of the two digits at `at`; -1 when they are not two digits. */
export function twoDigitsAt(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO
  const ones = text.charCodeAt(at + 1) - ZERO
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1
}

/** Index of the first character at or after `at` that is no digit. */
export function skipDigits(text: string, at: number): number {
  let end = at
  while (isDigitCode(text.charCodeAt(end))) end += 1
  return end
}

/** Index of the first character at or after `at` that is no blank. */
export function skipBlanks(text: string, at: number): number {
  let end = at
  while (text.charCodeAt(end) === 32) end += 1
  return end
}

/** The decimal number in `text[from, to)`, which must be digits; 0 when empty. */
export function numberBetween(text: string, from: number, to: number): number {
  let value = 0
  for (let at = from; at < to; at += 1) value = value * 10 + (text.charCodeAt(at) - ZERO)
  return value
}

// Written as a constructor call so that no control character stands in the source; colour and erase sequences only.
const ANSI = new RegExp('(?:\\u001b|#033)\\[[0-9;]*[mK]', 'g')

/** Takes terminal colours away, also as rsyslog escapes them (`#033[00m`). */
export function withoutAnsi(text: string): string {
  return text.includes('\u001b') || text.includes('#033[') ? text.replace(ANSI, '') : text
}

/**
 * A copy that shares no memory with the text that `text` was cut from. V8 keeps the whole parent of a slice alive, and
 * one signal out of a chunk must not hold the chunk.
 */
export function detached(text: string): string {
  return ` ${text}`.slice(1)
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Whether the whole text is a lower-case uuid with dashes. */
export function isUuid(text: string): boolean {
  return text.length === 36 && UUID.test(text)
}
