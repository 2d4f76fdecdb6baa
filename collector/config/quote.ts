import { printable } from '../render/text.ts'
import { hideCredentials } from './credentials.ts'

/** Characters of a value that a message shows. */
const LONGEST = 60

/**
 * A value as messages show it: short, safe on a terminal, without what may be a password in a URL, and without what follows
 * a space: where a colon was forgotten, the next setting hangs on to this one, and it may be a secret.
 */
export function quote(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'a mapping'
  if (typeof value !== 'string') return String(value)
  const text = hideCredentials(value.replace(/\s.*$/s, ' …'))
  return printable(JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text))
}

/** A key as messages show it: also without what follows a colon, for a value without a space before it is taken for the key. */
export function quoteKey(key: string): string {
  return quote(key.replace(/:.*$/s, ':…'))
}
