/*
 * Moves the times that a log states. Every one of a line moves by as much, those in its message too, so that what they
 * say of each other stays as it was.
 */

const MONTHS = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec'
/** As oslo.log, OVN and libvirt write them, to the second; what stands behind it is kept, or moved as milliseconds. */
const ISO = /\b(20\d\d-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:[.,](\d{3}))?/g
/** As uWSGI writes them. */
const CTIME = new RegExp(
  `\\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (${MONTHS}) ([ \\d]\\d) (\\d\\d:\\d\\d:\\d\\d) (20\\d\\d)`,
  'g',
)

/** The moment that stands first in a line, in milliseconds; undefined when there is none. */
export function firstTime(line: string): number | undefined {
  const found = new RegExp(ISO.source).exec(line.slice(0, 80))
  if (found !== null) return Date.parse(`${found[1] ?? ''}T${found[2] ?? ''}.${found[3] ?? '000'}Z`)
  const ctime = new RegExp(CTIME.source).exec(line.slice(0, 200))
  return ctime === null ? undefined : Date.parse(`${ctime[0]} UTC`)
}

/** `2026-11-20 05:44:04.123`, with T or comma or without milliseconds, so much later in the same form. */
function laterIso(time: string, byMs: number): string {
  const [date, day, ms] = [time.slice(0, 10), time.slice(11, 19), time.slice(20)]
  const iso = new Date(Date.parse(`${date}T${day}.${ms === '' ? '000' : ms}Z`) + byMs).toISOString()
  return `${iso.slice(0, 10)}${time.slice(10, 11)}${iso.slice(11, 19)}${time.slice(19, 20)}${ms === '' ? '' : iso.slice(20, 23)}`
}

/** `Fri Nov 20 05:44:04 2026`, so much later. */
function laterCtime(time: string, byMs: number): string {
  // `Fri, 20 Nov 2026 05:44:04 GMT`
  const later = new Date(Date.parse(`${time} UTC`) + byMs).toUTCString()
  const day = later.slice(5, 7).replace(/^0/, ' ')
  return `${later.slice(0, 3)} ${later.slice(8, 11)} ${day} ${later.slice(17, 25)} ${later.slice(12, 16)}`
}

/** The text with all its times later by so many milliseconds. */
export function shiftTimes(text: string, byMs: number): string {
  return text.replace(ISO, time => laterIso(time, byMs)).replace(CTIME, time => laterCtime(time, byMs))
}
