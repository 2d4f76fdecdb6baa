import { isDigitCode, numberBetween, skipBlanks, skipDigits, twoDigitsAt } from './characters.ts'

/** A reading of a wall clock. */
export interface Stamp {
  /** Whole seconds since 1970 on that wall clock, as if its zone were UTC. */
  readonly localSeconds: number
  /** Microseconds past the second. */
  readonly fraction: number
  /** Seconds east of UTC when the text states its zone. */
  readonly offset: number | undefined
  /** Index of the first character behind the stamp. */
  readonly end: number
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** 1 to 12 for an English month's three letters at `at`; 0 when there are none. */
function monthAt(text: string, at: number): number {
  return MONTHS.indexOf(text.slice(at, at + 3)) + 1
}

/**
 * Whether OpenStack can have said something in that year. A clock that was never set, or a date that a client made up,
 * must not stretch the time that the telemetry covers.
 */
export function isPlausibleYear(year: number): boolean {
  return year >= 2005 && year < 2100
}

/** Wall-clock seconds of a date and time of day; `undefined` when a part is out of its range. */
function wallSeconds(date: readonly [number, number, number], text: string, timeAt: number): number | undefined {
  const [year, month, day] = date
  const hour = twoDigitsAt(text, timeAt)
  const minute = twoDigitsAt(text, timeAt + 3)
  const second = twoDigitsAt(text, timeAt + 6)
  if (text[timeAt + 2] !== ':' || text[timeAt + 5] !== ':') return undefined
  if (!isPlausibleYear(year) || month < 1 || month > 12 || day < 1 || day > 31) return undefined
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return undefined
  return Date.UTC(year, month - 1, day) / 1000 + hour * 3600 + minute * 60 + second
}

function fractionEnd(text: string, at: number): number {
  const code = text.charCodeAt(at)
  const isSeparator = code === 46 || code === 44
  return isSeparator && isDigitCode(text.charCodeAt(at + 1)) ? skipDigits(text, at + 1) : at
}

function fractionMicros(text: string, at: number, end: number): number {
  if (end <= at) return 0
  const digits = Math.min(end - at - 1, 6)
  return numberBetween(text, at + 1, at + 1 + digits) * 10 ** (6 - digits)
}

/** End of a zone (`Z`, `+02`, `+0200`, `+02:00`) at `at`, or `at` when there is none. */
function zoneEnd(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code === 90) return at + 1
  if ((code !== 43 && code !== 45) || twoDigitsAt(text, at + 1) < 0) return at
  if (twoDigitsAt(text, at + 3) >= 0) return at + 5
  return text.charCodeAt(at + 3) === 58 && twoDigitsAt(text, at + 4) >= 0 ? at + 6 : at + 3
}

function zoneOffset(text: string, at: number, end: number): number | undefined {
  if (end === at) return undefined
  if (end === at + 1) return 0
  const minutes = end === at + 3 ? 0 : twoDigitsAt(text, end - 2)
  const seconds = twoDigitsAt(text, at + 1) * 3600 + minutes * 60
  return text.charCodeAt(at) === 45 ? -seconds : seconds
}

function finishStamp(text: string, localSeconds: number, at: number): Stamp {
  const fraction = fractionEnd(text, at)
  const end = zoneEnd(text, fraction)
  return { localSeconds, fraction: fractionMicros(text, at, fraction), offset: zoneOffset(text, fraction, end), end }
}

/**
 * Index behind an ISO 8601 stamp at `at`, fraction and zone included, or -1. Looks at the separators only: the cheap
 * question that most lines are answered with; `readIsoStamp` checks the digits.
 */
export function isoStampEnd(text: string, at: number): number {
  if (text.charCodeAt(at + 4) !== 45 || text.charCodeAt(at + 7) !== 45 || text.charCodeAt(at + 13) !== 58) return -1
  const middle = text.charCodeAt(at + 10)
  if ((middle !== 32 && middle !== 84) || text.charCodeAt(at + 16) !== 58) return -1
  if (!isDigitCode(text.charCodeAt(at)) || !isDigitCode(text.charCodeAt(at + 18))) return -1
  return zoneEnd(text, fractionEnd(text, at + 19))
}

/** Reads `2026-11-20 05:00:00.123`, with blank or `T`, point or comma, any number of decimals, with or without a zone. */
export function readIsoStamp(text: string, at: number): Stamp | undefined {
  if (isoStampEnd(text, at) < 0) return undefined
  const [century, year] = [twoDigitsAt(text, at), twoDigitsAt(text, at + 2)]
  if (century < 0 || year < 0) return undefined
  const date = [century * 100 + year, twoDigitsAt(text, at + 5), twoDigitsAt(text, at + 8)] as const
  const localSeconds = wallSeconds(date, text, at + 11)
  return localSeconds === undefined ? undefined : finishStamp(text, localSeconds, at + 19)
}

/** Reads RFC 3164's `Nov  2 05:00:00`, with or without decimals (journalctl's `short-precise`). */
export function readBsdStamp(
  text: string,
  at: number,
  yearOf: (month: number, day: number) => number,
): Stamp | undefined {
  const month = monthAt(text, at)
  if (month === 0 || text.charCodeAt(at + 3) !== 32) return undefined
  const dayAt = skipBlanks(text, at + 3)
  const dayEnd = skipDigits(text, dayAt)
  if (dayEnd === dayAt || dayEnd - dayAt > 2 || text.charCodeAt(dayEnd) !== 32) return undefined
  const day = numberBetween(text, dayAt, dayEnd)
  const localSeconds = wallSeconds([yearOf(month, day), month, day], text, dayEnd + 1)
  return localSeconds === undefined ? undefined : finishStamp(text, localSeconds, dayEnd + 9)
}

/** Reads C's `ctime`, `Fri Nov 20 05:44:04 2026`, as uWSGI prints it: local, whole seconds. */
export function readCtimeStamp(text: string, at: number): Stamp | undefined {
  const year = numberBetween(text, at + 20, at + 24)
  if (text.charCodeAt(at + 3) !== 32 || !(year >= 1970 && year <= 9999)) return undefined
  return readBsdStamp(text.slice(at, at + 23), 4, () => year)
}

const APACHE = /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4})[: ](\d{2}:\d{2}:\d{2})(?:[.,](\d{1,6}))? ?([+-]\d{4})?/

/** Reads `20/Nov/2026:05:44:04 +0000` of Apache's `%t`, and eventlet's form with a blank and no zone. */
export function readApacheStamp(text: string, at: number): Stamp | undefined {
  const found = APACHE.exec(text.slice(at, at + 40))
  if (found === null) return undefined
  const [whole, day = '', month = '', year = '', time = '', fraction = '', zone = ''] = found
  const localSeconds = wallSeconds([Number(year), monthAt(month, 0), Number(day)], time, 0)
  if (localSeconds === undefined) return undefined
  const offset = zoneOffset(zone, 0, zone.length)
  return { localSeconds, fraction: Number(fraction.padEnd(6, '0')), offset, end: at + whole.length }
}
