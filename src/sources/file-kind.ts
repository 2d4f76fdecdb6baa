import { createLogAssembler } from '../parse/assembler.ts'
import { createClock } from '../parse/clock.ts'
import { readIsoStamp } from '../parse/timestamp.ts'
import { micros, type UnixMicros } from '../core/time.ts'

/** What a file holds. */
export type FileKind = 'log' | 'notifications' | 'binary' | 'other'

const LOG_NAME = /\.log\b|^(?:syslog|messages|daemon|user|kern)\b|\bjournal\b/i

/**
 * Files that lie beside recordings and hold neither logs nor notifications. A guest writes its console.log itself,
 * whatever it likes.
 */
const NOT_A_LOG =
  /^(?:truth|rpc(?:-trace)?)\.jsonl\b|^console\.log\b|^readme\b|\.(?:md|rst|html?|css|js|ts|py|sh|ya?ml|conf|cfg|ini|toml|xml|sql|csv|png|jpe?g|svg|pdf|pcap|pem|crt|key)(?:\.(?:gz|zst|bz2))?$/i

/** Whether a file found in a folder is passed over by its name alone. */
export function isNamedOtherwise(name: string): boolean {
  return NOT_A_LOG.test(name)
}

/** Share of control characters from which text is no text. */
const BINARY_SHARE = 0.05

/**
 * Whether bytes are no text in an encoding of ASCII's family. Zeros in front do not count: logrotate's copytruncate
 * leaves them where a program goes on writing at its old place.
 */
export function isBinary(start: Buffer): boolean {
  let from = 0
  while (start[from] === 0) from += 1
  const text = start.subarray(from)
  let controls = 0
  for (const byte of text) {
    if (byte < 9 || (byte > 13 && byte < 27) || (byte > 27 && byte < 32) || byte === 127) controls += 1
  }
  return controls > text.length * BINARY_SHARE
}

/** A line of a recording of notifications: a delivery, or the envelope or the notification alone. */
function isNotification(line: string): boolean {
  if (!line.startsWith('{')) return false
  const has = (field: string): boolean => line.includes(`"${field}"`)
  return (
    (has('exchange') && has('body') && !has('method')) ||
    has('oslo.message') ||
    (has('event_type') && has('publisher_id'))
  )
}

/** Dates without a year are read around it; which one does not matter here, but in 1970 nothing was logged. */
const SOME_DATE = micros(Date.UTC(2020, 6) * 1000)

function holdsLogLine(lines: readonly string[]): boolean {
  const clock = createClock({ zone: 'UTC', reference: SOME_DATE })
  const context = { host: '', service: '', fallbackHost: '', fallbackService: '', domain: '', clock }
  const assembler = createLogAssembler({ ...context, wanted: () => false }, () => undefined)
  for (const line of lines) assembler.push(line)
  return assembler.counts.heads > 0
}

/** Whether a file that begins like this is a recording of notifications. */
export function holdsNotifications(start: Buffer): boolean {
  const lines = start.toString('utf8').split('\n')
  return isNotification(lines.find(line => line.trim() !== '') ?? '')
}

/** Decides what a file holds by its name and its first unpacked bytes. */
export function kindOf(name: string, start: Buffer): FileKind {
  if (isBinary(start)) return 'binary'
  if (holdsNotifications(start)) return 'notifications'
  return LOG_NAME.test(name) || holdsLogLine(start.toString('utf8').split('\n')) ? 'log' : 'other'
}

const DATED = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d/m

/** The first dated line of a file's beginning: tells the year of files whose lines have none. */
export function findDate(start: Buffer): UnixMicros | undefined {
  const text = start.toString('latin1')
  const found = DATED.exec(text)
  const stamp = found === null ? undefined : readIsoStamp(text, found.index)
  return stamp === undefined ? undefined : micros(stamp.localSeconds * 1e6)
}
