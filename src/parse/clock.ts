import { micros, type UnixMicros } from '../core/time.ts'
import { twoDigitsAt } from './characters.ts'
import { readIsoStamp, type Stamp } from './timestamp.ts'

/** Turns the wall-clock readings of one file into moments. Holds the running order of that file, so one file each. */
export interface Clock {
  /** A stamp that states its zone is taken at its word; any other is read in the clock's zone. */
  toUtc(stamp: Stamp): UnixMicros
  /**
   * Shows the clock the ISO stamp at `at` of a line that nobody reads, so that it sees an hour come twice. Costs
   * nothing in zones without daylight saving, and little on days without a change.
   */
  pass(line: string, at: number): void
  /** The year of a date without one: the one that lies next to the reference, rather before than after it. */
  readonly yearOf: (month: number, day: number) => number
  /** What the lines so far say of those to come; undefined when they say nothing. */
  readonly memory: ClockMemory | undefined
}

/** How far a clock is in a day on which an hour comes twice. Plain data, to be kept with the place in the file. */
export interface ClockMemory {
  /** Days since the epoch, local. */
  readonly foldDay: number
  /** Latest local reading of that day, in seconds. */
  readonly highest: number
  readonly isSecondPass: boolean
}

export interface ClockOptions {
  /** `UTC`, a fixed offset such as `+02:00`, or an IANA name such as `Europe/Rome`. */
  readonly zone: string
  /**
   * A moment near the lines, for dates without a year: a dated line of the same recording, or when the file was written.
   * A function for files that grow.
   */
  readonly reference: UnixMicros | (() => UnixMicros)
  /** What a clock that read the lines before knew. */
  readonly memory?: ClockMemory | undefined
}

const DAY = 86_400
/** Workers of one service write into one file a little out of order; a step back that is longer is a clock set back. */
const JITTER_SECONDS = 30
/** Zone rules change on a quarter of an hour everywhere. */
const BLOCK = 900

/** Seconds east of UTC for `UTC`, `Z`, `+2`, `+02:00`, `UTC+0200`; `undefined` when the text is no fixed offset. */
function fixedOffset(zone: string): number | undefined {
  if (/^(?:|UTC|GMT|Z|Etc\/UTC)$/i.test(zone)) return 0
  const found = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?$/i.exec(zone)
  if (found === null) return undefined
  const seconds = Number(found[2]) * 3600 + Number(found[3] ?? 0) * 60
  return found[1] === '-' ? -seconds : seconds
}

function zoneFormat(zone: string): Intl.DateTimeFormat {
  const number = '2-digit'
  const date = { year: 'numeric', month: number, day: number } as const
  return new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    ...date,
    hour: number,
    minute: number,
    second: number,
  })
}

/** Whether `zone` is one that `createClock` knows. */
export function isTimeZone(zone: string): boolean {
  if (fixedOffset(zone) !== undefined) return true
  try {
    zoneFormat(zone)
    return true
  } catch {
    return false
  }
}

/** Seconds east of UTC of an IANA zone at a moment. */
function createOffsetAt(zone: string): (utcSeconds: number) => number {
  const format = zoneFormat(zone)
  return utcSeconds => {
    const parts = new Map(format.formatToParts(utcSeconds * 1000).map(part => [part.type, Number(part.value)]))
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
    const date = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
    return Math.round(date / 1000) - utcSeconds
  }
}

/** What a wall-clock quarter of an hour may mean: two offsets when it comes twice, the first pass first. */
interface Block {
  readonly first: number
  readonly second: number
}

function createBlockAt(offsetAt: (utcSeconds: number) => number): (local: number) => Block {
  return local => {
    const before = offsetAt(local - DAY)
    const after = offsetAt(local + DAY)
    const fits = [before, after].filter(offset => offsetAt(local - offset) === offset)
    // None fits in the hour that spring leaves out: a clock that had not been set forward yet would show it.
    return { first: fits[0] ?? before, second: fits.at(-1) ?? before }
  }
}

interface LocalClock {
  toUtc(local: number): number
  memory(): ClockMemory | undefined
}

const NO_FOLD: ClockMemory = { foldDay: Number.NaN, highest: Number.NEGATIVE_INFINITY, isSecondPass: false }

/** Resolves local readings of a zone with daylight saving by the order in which they come. */
function createLocalClock(blockAt: (local: number) => Block, memory: ClockMemory | undefined): LocalClock {
  let block = Number.NaN
  let offsets: Block = { first: 0, second: 0 }
  let { foldDay, highest, isSecondPass } = memory ?? NO_FOLD
  const toUtc = (local: number): number => {
    const at = Math.floor(local / BLOCK)
    if (at !== block) [block, offsets] = [at, blockAt(at * BLOCK)]
    const day = Math.floor(local / DAY)
    if (offsets.first !== offsets.second) {
      if (day !== foldDay) [foldDay, highest, isSecondPass] = [day, Number.NEGATIVE_INFINITY, false]
      if (highest - local > JITTER_SECONDS) [highest, isSecondPass] = [local, true]
    }
    if (day === foldDay) highest = Math.max(highest, local)
    return local - (isSecondPass && day === foldDay ? offsets.second : offsets.first)
  }
  return { toUtc, memory: () => (Number.isNaN(foldDay) ? undefined : { foldDay, highest, isSecondPass }) }
}

/** The year that puts a date into the ten months before the reference or the two after it. */
function createYearOf(reference: ClockOptions['reference']): (month: number, day: number) => number {
  return (month, day) => {
    const latest = (typeof reference === 'number' ? reference : reference()) / 1e6 + 60 * DAY
    const year = new Date(latest * 1000).getUTCFullYear()
    return Date.UTC(year, month - 1, day) / 1000 <= latest ? year : year - 1
  }
}

function toMicros(utcSeconds: number, stamp: Stamp): UnixMicros {
  return micros(utcSeconds * 1e6 + stamp.fraction)
}

/** A clock for one file. @throws {RangeError} when `isTimeZone` denies the zone. */
export function createClock(options: ClockOptions): Clock {
  const yearOf = createYearOf(options.reference)
  const fixed = fixedOffset(options.zone)
  if (fixed === undefined) return createDaylightClock(options, yearOf)
  return {
    memory: undefined,
    toUtc: stamp => toMicros(stamp.localSeconds - (stamp.offset ?? fixed), stamp),
    pass: () => undefined,
    yearOf,
  }
}

function createDaylightClock({ zone, memory }: ClockOptions, yearOf: Clock['yearOf']): Clock {
  const offsetAt = createOffsetAt(zone)
  const local = createLocalClock(createBlockAt(offsetAt), memory)
  let [seenDate, isFoldDay] = [-1, false]
  const foldOn = (stamp: Stamp): boolean => {
    const midnight = Math.floor(stamp.localSeconds / DAY) * DAY
    return offsetAt(midnight + 2 * DAY) < offsetAt(midnight - DAY)
  }
  return {
    toUtc: stamp => {
      const utc = stamp.offset === undefined ? local.toUtc(stamp.localSeconds) : stamp.localSeconds - stamp.offset
      return toMicros(utc, stamp)
    },
    pass: (line, at) => {
      const date = twoDigitsAt(line, at + 5) * 100 + twoDigitsAt(line, at + 8)
      if (date === seenDate && !isFoldDay) return
      const stamp = readIsoStamp(line, at)
      if (stamp === undefined) return
      if (date !== seenDate) [seenDate, isFoldDay] = [date, foldOn(stamp)]
      if (isFoldDay && stamp.offset === undefined) local.toUtc(stamp.localSeconds)
    },
    yearOf,
    get memory() {
      return local.memory()
    },
  }
}
