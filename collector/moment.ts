import { micros, plusSeconds } from '../src/core/time.ts'
import type { UnixMicros } from '../src/core/time.ts'

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

const RELATIVE = /^(\d{1,9})([smhdw])$/
const ABSOLUTE = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?)?$/i

export const MOMENT_FORMS =
  'a time like 2024-03-05T10:00:00Z, 2024-03-05 or "2024-03-05 10:00" (UTC), or an age like 90s, 30m, 2h, 3d, 1w'

function offsetMinutes(zone: string): number | undefined {
  if (zone === '' || zone.toUpperCase() === 'Z') return 0
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(4, 6))]
  if (hours > 23 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

function parseAbsolute(text: string): UnixMicros | undefined {
  const match = ABSOLUTE.exec(text)
  if (match === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map(part => Number(part || 0))
  const offset = offsetMinutes(match[8] ?? '')
  if (offset === undefined || hour > 23 || minute > 59 || second > 59) return undefined
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  // 30 February would become 1 March.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  const fraction = Number((match[7] ?? '').slice(0, 6).padEnd(6, '0'))
  return micros(date.setUTCHours(hour, minute - offset, second) * 1000 + fraction)
}

/** No cloud is older, and the store cannot hold what is much older still. */
const EARLIEST = micros(Date.UTC(2000, 0, 1) * 1000)

function parseAge(text: string, now: UnixMicros): UnixMicros | undefined {
  const [, count, unit = ''] = RELATIVE.exec(text) ?? []
  const seconds = UNIT_SECONDS[unit]
  if (seconds === undefined) return undefined
  const at = plusSeconds(now, -Number(count) * seconds)
  return at < EARLIEST ? undefined : at
}

/**
 * A moment as people write it: see `MOMENT_FORMS`. Without a zone it is UTC, as everything that is printed; an age counts
 * back from `now`. Undefined when it is none of these or no such day exists.
 */
export function parseMoment(text: string, now: UnixMicros): UnixMicros | undefined {
  return parseAge(text, now) ?? parseAbsolute(text)
}
