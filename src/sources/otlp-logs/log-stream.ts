import { createClock } from '../../parse/clock.ts'
import type { Interest } from '../../parse/interest.ts'
import { micros } from '../../core/time.ts'
import type { Intake } from '../../pipeline/stage.ts'
import type { Telemetry } from '../../telemetry/telemetry.ts'
import { createLineTally } from '../line-tally.ts'
import type { LineTally } from '../line-tally.ts'
import type { LineSink } from '../line-sink.ts'
import { createLogSink } from '../line-sink.ts'
import type { LogPlace } from './log-place.ts'

export interface LogStreamDeps {
  /** What it is counted under. */
  readonly source: string
  readonly intake: Intake
  readonly wanted: Interest
  /** Zone of local times that state none. */
  readonly timezone: string
  readonly telemetry: Telemetry
}

interface Waiting {
  /** Number of the line behind the last one that is waited for. */
  readonly end: number
  readonly asked: number
  readonly settled: PromiseWithResolvers<undefined>
}

/** Longest line, in UTF-16 units; the rest of it is passed over. */
const MAX_LINE = 1_048_576
/** Longest that a request waits for the end of what it began: of a line of which the rest never comes. Milliseconds. */
const LONGEST_MS = 2000

/**
 * One log, of which requests bring line after line. Requests know nothing of records: the lines of one may be spread over
 * several, so a request is durable when every record that it touched has ended and is durable.
 */
export class LogStream {
  readonly #deps: LogStreamDeps
  readonly #service: string
  readonly #sink: LineSink
  readonly #tally: LineTally
  readonly #writes = new Set<Promise<void>>()
  #waiting: Waiting[] = []
  #lines = 0
  #bytes = 0
  #oversized = 0

  constructor(place: LogPlace, deps: LogStreamDeps) {
    const { host, service, fallbackService, domain } = place
    this.#deps = deps
    this.#service = service || fallbackService || deps.source
    const clock = createClock({ zone: deps.timezone, reference: () => micros(Date.now() * 1000) })
    const context = { host, service, domain, clock, fallbackHost: '', fallbackService }
    this.#sink = createLogSink({ ...context, wanted: deps.wanted })
    this.#tally = createLineTally(deps.telemetry, deps.source)
  }

  /** Whether a request waits for the end of a record. */
  get isWaitedFor(): boolean {
    return this.#waiting.length > 0
  }

  push(lines: readonly string[]): void {
    this.#sink.take(lines.map(line => this.#bounded(line)))
    this.#lines += lines.length
  }

  /** Hands on what is whole. Resolves when everything that was pushed until now is durable; rejects when the process stops before. */
  async durable(): Promise<void> {
    const settled = Promise.withResolvers<undefined>()
    this.#waiting.push({ end: this.#lines, asked: performance.now(), settled })
    this.#settle()
    await settled.promise
  }

  /** Ends what no line has come to since it was called last. */
  rest(): void {
    this.#sink.flushQuiet()
    const [oldest] = this.#waiting
    if (oldest !== undefined && performance.now() - oldest.asked > LONGEST_MS) this.end()
    else this.#settle()
  }

  /** Ends everything that is open. */
  end(): void {
    this.#sink.end()
    this.#settle(Infinity)
  }

  #bounded(line: string): string {
    this.#bytes += line.length
    if (line.length <= MAX_LINE) return line
    this.#oversized += 1
    return line.slice(0, MAX_LINE)
  }

  /** @param open - where the oldest record that is still open began */
  #settle(open = this.#sink.openSince): void {
    const { counts, cutRecords } = this.#sink
    this.#tally.report({ lines: counts, bytes: this.#bytes, oversized: this.#oversized, invalid: 0, cutRecords })
    this.#write()
    const isOver = this.#waiting.filter(({ end }) => end <= open)
    if (isOver.length === 0) return
    this.#waiting = this.#waiting.filter(({ end }) => end > open)
    const written = Promise.all(this.#writes)
    for (const { settled } of isOver) written.then(() => settled.resolve(undefined), settled.reject)
  }

  #write(): void {
    const drained = this.#sink.drain()
    if (drained.records.length === 0) return
    const written = this.#deps.intake.write({ service: this.#service, ...drained })
    this.#writes.add(written)
    // A write that failed stays: whoever waits from now on must not be told that all is well.
    written.then(
      () => this.#writes.delete(written),
      () => undefined,
    )
  }
}
