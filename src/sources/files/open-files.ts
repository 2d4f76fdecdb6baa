import type { Registry } from './registry.ts'
import type { Tail } from './tail.ts'

export interface OpenFilesDeps {
  readonly registry: Registry
  /** Takes what a reader has made; no reader is closed without. */
  readonly give: (tail: Tail) => void
  /** How long a deleted file is kept open after it grew last. */
  readonly lingerMs: number
}

/** Files that are open at a time; idle ones are closed to make room, and while none is idle the others wait. */
const MAX_OPEN = 1024
/** A file that has not grown for so long is closed, and opened again when it has. */
const IDLE_CLOSE_MS = 300_000
/** A renamed file is kept open for so long after it grew last: a program that was not told writes on into it. */
const RENAMED_LINGER_MS = 3_600_000
/** To make room, this many are closed of the files that have not grown for so long. */
const CLOSE_AT_ONCE = 64
const MIN_IDLE_MS = 5000

/** Keeps the number of open files within bounds. An open file can be read to its end when it is renamed or deleted. */
export class OpenFiles {
  readonly #deps: OpenFilesDeps
  #count = 0

  constructor(deps: OpenFilesDeps) {
    this.#deps = deps
  }

  /** Opens a file; false while there is no room. @throws what the system says */
  open(tail: Tail, now: number): boolean {
    if (this.#count >= MAX_OPEN) this.#closeIdle(now)
    if (this.#count >= MAX_OPEN) return false
    tail.open()
    this.#count += 1
    tail.look(now)
    tail.grewAt = now - Math.max(0, Date.now() - tail.modifiedMs)
    return true
  }

  close(tail: Tail): void {
    if (tail.descriptor === undefined) return
    if (tail.reading !== undefined) this.#deps.give(tail)
    tail.close()
    this.#count -= 1
  }

  /** Ends a file that nothing more is expected of, as far as that is due. @throws what the system says */
  rest(tail: Tail, now: number): void {
    const { lingerMs } = this.#deps
    const isOrphan = tail.orphanedAt !== undefined
    const quietMs = now - Math.max(tail.grewAt, tail.orphanedAt ?? -Infinity)
    if (isOrphan && quietMs > lingerMs) this.#takeRest(tail)
    if (!tail.isAtRest) return
    const patienceMs = tail.isDeleted ? lingerMs : RENAMED_LINGER_MS
    if (quietMs <= (isOrphan ? patienceMs : IDLE_CLOSE_MS)) return
    this.close(tail)
    if (isOrphan) tail.retryAt = Infinity
  }

  /** The last line of a file that ends without a newline. */
  #takeRest(tail: Tail): void {
    const reader = tail.reading?.reader
    if (reader === undefined || tail.isBehind || reader.isBetweenLines) return
    reader.takeRest(tail.size)
    reader.end()
    this.#deps.give(tail)
  }

  #closeIdle(now: number): void {
    const idle = [...this.#deps.registry].filter(tail => tail.descriptor !== undefined && tail.isAtRest)
    const longest = idle.sort((one, other) => one.grewAt - other.grewAt).slice(0, CLOSE_AT_ONCE)
    for (const tail of longest) if (now - tail.grewAt > MIN_IDLE_MS) this.close(tail)
  }
}
