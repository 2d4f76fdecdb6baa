/** Longest value of a field; what failed elsewhere may answer with a whole page. UTF-16 units. */
const MAX_VALUE = 4096

/**
 * The login inside of an address, up to the last `@` of the word: a password that nobody encoded may hold a slash or
 * an `@` itself.
 */
const LOGIN = /\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s"'<>]*@/gi

/** Control characters of both sets, line separators, and what changes the direction of text or is not seen. */
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu

const SHORT = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
])

function escaped(character: string): string {
  return SHORT.get(character) ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}

/** Addresses lose the user and the password that stand in them: `amqp://user:secret@host` becomes `amqp://host`. */
export function withoutLogin(text: string): string {
  return text.includes('://') ? text.replace(LOGIN, '$1') : text
}

/**
 * A value of a log line, made safe to print: no login in an address, no character that a terminal obeys or a person
 * cannot see, at most 4,096 units.
 */
export function printableValue(text: string): string {
  const cut = text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text
  return withoutLogin(cut).toWellFormed().replace(UNSEEN, escaped)
}
