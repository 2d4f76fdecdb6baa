import type { Fields } from './telemetry.ts'

/** A line of the program's own log. */
export interface LogLine {
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
  readonly fields: Fields
}

/** Lets the first of many same lines through, and then tells how many more there were. */
export interface RepeatedLines {
  take(line: LogLine): void
  /** Gives out what is held back. */
  close(): void
}

/** What was held back of one line since it was last given out. */
interface Held {
  readonly timer: NodeJS.Timeout
  latest: LogLine
  suppressed: number
}

/** One line a minute says as much as a thousand. */
const WINDOW_MS = 60_000
/** Lines that are watched at a time. Messages are constant sentences and sources are configured, so there are few. */
const MAX_WATCHED = 1000
/** Fields that say which one of several it happened to. */
const WHO = ['source', 'outlet', 'inlet', 'file']

function identityOf({ level, message, fields }: LogLine): string {
  return [level, message, ...WHO.map(name => String(fields[name] ?? ''))].join('\0')
}

class Limiter implements RepeatedLines {
  readonly #give: (line: LogLine) => void
  readonly #held = new Map<string, Held>()

  constructor(give: (line: LogLine) => void) {
    this.#give = give
  }

  take(line: LogLine): void {
    if (line.level === 'info') {
      this.#give(line)
      return
    }
    const identity = identityOf(line)
    const held = this.#held.get(identity)
    if (held === undefined) {
      this.#give(line)
      this.#watch(identity, line)
    } else {
      held.suppressed += 1
      held.latest = line
    }
  }

  close(): void {
    for (const identity of [...this.#held.keys()]) this.#release(identity)
  }

  #watch(identity: string, latest: LogLine): void {
    const [oldest] = this.#held.size < MAX_WATCHED ? [] : this.#held.keys()
    if (oldest !== undefined) this.#release(oldest)
    const timer = setTimeout(() => {
      this.#endWindow(identity)
    }, WINDOW_MS)
    timer.unref()
    this.#held.set(identity, { timer, latest, suppressed: 0 })
  }

  /** Says how many there were, and goes on watching as long as there are any. */
  #endWindow(identity: string): void {
    const held = this.#release(identity)
    if (held !== undefined && held.suppressed > 0) this.#watch(identity, held.latest)
  }

  #release(identity: string): Held | undefined {
    const held = this.#held.get(identity)
    if (held === undefined) return undefined
    clearTimeout(held.timer)
    this.#held.delete(identity)
    const { latest, suppressed } = held
    if (suppressed > 0) this.#give({ ...latest, fields: { ...latest.fields, suppressed: suppressed - 1 } })
    return held
  }
}

/**
 * Warnings and errors with the same message about the same source, outlet, inlet or file are given out at most once a
 * minute, the last of them with the number of those in between that were left out (`suppressed`).
 */
export function createRepeatedLines(give: (line: LogLine) => void): RepeatedLines {
  return new Limiter(give)
}
