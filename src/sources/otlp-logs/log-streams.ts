import { linesOfLog } from './log-lines.ts'
import { originOf, placeOf } from './log-place.ts'
import type { LogOrigin } from './log-place.ts'
import type { LogStreamDeps } from './log-stream.ts'
import { LogStream } from './log-stream.ts'
import type { OtlpLog } from './logs-request.ts'

/** What became of the records of one request. */
export interface TakenLogs {
  /** Resolves when all of it is durable; rejects when the process stops before. */
  readonly durable: Promise<void>
  readonly taken: number
  /** Records that hold no text. */
  readonly rejected: number
}

/** All logs that requests bring lines of. */
export interface LogStreams {
  take(logs: Iterable<OtlpLog>): TakenLogs
  /** Ends everything that is open: nothing comes any more. */
  end(): void
}

/** Logs whose beginnings are remembered, some 50 kB each at most; the one that was silent longest is forgotten first. */
const MAX_STREAMS = 1000
/** A record that got no line for so long, and no longer than twice that, has ended. Milliseconds. */
const REST_MS = 100

class Streams implements LogStreams {
  readonly #deps: LogStreamDeps
  /** In the order of their last lines. */
  readonly #streams = new Map<string, LogStream>()
  #timer: NodeJS.Timeout | undefined

  constructor(deps: LogStreamDeps) {
    this.#deps = deps
  }

  take(logs: Iterable<OtlpLog>): TakenLogs {
    const touched = new Set<LogStream>()
    let [taken, rejected] = [0, 0]
    for (const log of logs) {
      const lines = linesOfLog(log)
      if (lines === undefined) rejected += 1
      else {
        taken += 1
        const stream = this.#streamOf(originOf(log))
        stream.push(lines)
        touched.add(stream)
      }
    }
    const durable = Promise.all(Array.from(touched, stream => stream.durable())).then(() => undefined)
    this.#watch()
    return { durable, taken, rejected }
  }

  end(): void {
    for (const stream of this.#streams.values()) stream.end()
    this.#streams.clear()
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #streamOf(origin: LogOrigin): LogStream {
    const stream = this.#streams.get(origin.key) ?? new LogStream(placeOf(origin), this.#deps)
    this.#streams.delete(origin.key)
    this.#streams.set(origin.key, stream)
    const [oldest] = this.#streams
    if (this.#streams.size > MAX_STREAMS && oldest !== undefined) {
      this.#streams.delete(oldest[0])
      oldest[1].end()
    }
    return stream
  }

  #watch(): void {
    this.#timer ??= setInterval(() => {
      const waitedFor = this.#streams.values().filter(stream => stream.isWaitedFor)
      let count = 0
      for (const stream of waitedFor) {
        stream.rest()
        count += 1
      }
      if (count > 0) return
      clearInterval(this.#timer)
      this.#timer = undefined
    }, REST_MS)
  }
}

export function createLogStreams(deps: LogStreamDeps): LogStreams {
  return new Streams(deps)
}
