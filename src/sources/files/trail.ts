import type { ClockMemory } from '../../parse/clock.ts'

/** Where in a file reading may go on, after any end of the process. */
export interface Resume {
  /** Everything before it is durable, and no record is open there: bytes from the file's beginning, where a line begins. */
  readonly offset: number
  /** From here to `offset` lines are read again for what they say of those behind: a line begins here, or the file. */
  readonly from: number
  /** What the file's clock knew at `from`. */
  readonly clock?: ClockMemory | undefined
}

/** The beginning of a line that reading passed. */
interface Mark {
  readonly offset: number
  /** Number of the line. */
  readonly line: number
  readonly clock: ClockMemory | undefined
}

/** Marks of one file. When there are more, every second is forgotten: a restart goes back a little further then. */
const MAX_MARKS = 128

/** Remembers where lines began, so that it is known how far to go back. */
export interface Trail {
  /** Passes the beginning of a line. */
  pass(mark: Mark): void
  /**
   * Where to go on after a restart, when reading has come to `end` and the record that began in line `openSince` waits for
   * more (Infinity: none does).
   */
  resumeAt(end: number, openSince: number): Resume
  /** Forgets what lies before a place from which reading will go on. */
  forget(durable: Resume): void
}

/**
 * Begins where reading begins: lines are read again from `start.from`, and taken from `start.offset`.
 * @param reach - bytes to read again before the place where reading goes on
 */
export function createTrail(start: Resume, reach: number): Trail {
  let marks: Mark[] = [{ offset: start.from, line: 0, clock: start.clock }]
  let floor = start.offset
  const lastThat = (fits: (mark: Mark) => boolean): Mark | undefined => marks.findLast(fits) ?? marks[0]
  return {
    pass: mark => {
      marks.push(mark)
      if (marks.length > MAX_MARKS) marks = marks.filter((_, index) => index % 2 === 0 || index === marks.length - 1)
    },
    resumeAt: (end, openSince) => {
      const began = openSince === Infinity ? end : (lastThat(({ line }) => line <= openSince)?.offset ?? floor)
      const offset = Math.max(began, floor)
      const mark = lastThat(found => found.offset <= offset - reach)
      return { offset, from: mark?.offset ?? floor, clock: mark?.clock }
    },
    forget: durable => {
      floor = durable.offset
      const first = marks.findLastIndex(({ offset }) => offset <= durable.from)
      if (first > 0) marks = marks.slice(first)
    },
  }
}
