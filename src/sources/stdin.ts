import { micros } from '../core/time.ts'
import { createClock } from '../parse/clock.ts'
import type { Interest } from '../parse/interest.ts'
import type { Intake, Source, SourceStatus } from '../pipeline/stage.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { createLineSplitter, type LineSplitter } from './line-splitter.ts'
import { createLogSink, type LineSink } from './line-sink.ts'
import { createLineTally } from './line-tally.ts'
import { createPause } from './pause.ts'
import { createWrites, type Writes } from './writes.ts'

export interface StdinOptions {
  /** What to read: standard input. */
  readonly stream: AsyncIterable<unknown>
  /** Service of the lines; empty when the lines say it themselves. */
  readonly service: string
  /** Host of lines that give none. */
  readonly host: string
  /** Zone of local times. */
  readonly timezone: string
  /** Longest line; the rest of a longer one is passed over. */
  readonly maxLineBytes: number
  readonly wanted: Interest
  readonly telemetry: Telemetry
}

const NAME = 'stdin'
/** A record is given out when no line has come to it for once to twice as long. */
const QUIET_MS = 250
/** Behind a chunk of so many bytes there is more at once: it may have cut a record in two. */
const LONG_CHUNK = 65_536
const NEWLINE = 10

type Step = IteratorResult<unknown> | 'quiet'

class StdinSource implements Source {
  readonly name = NAME
  readonly #options: StdinOptions
  readonly #splitter: LineSplitter
  readonly #sink: LineSink
  readonly #pause = createPause()
  readonly #tally
  #state: SourceStatus['state'] = 'starting'
  #bytes = 0
  #quietAt = 0
  #endsLine = true

  constructor(options: StdinOptions) {
    const { host, service, timezone, maxLineBytes, wanted, telemetry } = options
    this.#options = options
    this.#splitter = createLineSplitter(maxLineBytes)
    const clock = createClock({ zone: timezone, reference: () => micros(Date.now() * 1000) })
    const place = { host: '', service, fallbackHost: host, fallbackService: NAME, domain: '' }
    this.#sink = createLogSink({ ...place, clock, wanted })
    this.#tally = createLineTally(telemetry, NAME)
  }

  async run(intake: Intake, stop: AbortSignal): Promise<void> {
    const writes = createWrites(intake, () => {
      this.#pause.end()
    })
    this.#state = 'running'
    try {
      await this.#read(writes, stop)
    } catch (cause) {
      const error = cause instanceof Error ? cause.message : String(cause)
      this.#options.telemetry.count('launchtrace_source_errors_total', { source: NAME, reason: 'io' })
      this.#options.telemetry.warn('Standard input cannot be read any more.', { source: NAME, error })
    }
    await writes.settled()
    this.#state = 'stopped'
  }

  status(): SourceStatus {
    return { state: this.#state, detail: `standard input, ${this.#bytes} bytes so far` }
  }

  async #read(writes: Writes, stop: AbortSignal): Promise<void> {
    const chunks = this.#options.stream[Symbol.asyncIterator]()
    let next: Promise<IteratorResult<unknown>> | undefined
    let isOver = false
    while (!isOver && !stop.aborted && !writes.isRefused) {
      if (!writes.hasRoom) {
        await this.#pause.wait(QUIET_MS, stop)
        continue
      }
      next ??= chunks.next()
      const step = await this.#nextOf(next, stop)
      if (step !== 'quiet') next = undefined
      isOver = this.#take(step)
      this.#give(writes)
    }
    if (!isOver && this.#endsLine) {
      this.#sink.end()
      this.#give(writes)
    }
    // What waits for the next chunk ends with the stream, whose end is not ours to bring about.
    next?.catch(() => undefined)
  }

  /** The next chunk, or that there was none for a while. */
  async #nextOf(next: Promise<IteratorResult<unknown>>, stop: AbortSignal): Promise<Step> {
    const pause = createPause()
    const quiet = pause.wait(QUIET_MS, stop).then((): Step => 'quiet')
    try {
      return await Promise.race([next, quiet])
    } finally {
      pause.end()
    }
  }

  /** Takes what came, and says whether it was the end. */
  #take(step: Step): boolean {
    const isOver = step !== 'quiet' && step.done === true
    const length = step === 'quiet' || isOver ? 0 : this.#takeChunk(step.value)
    if (isOver) {
      this.#sink.take(this.#splitter.end())
      this.#sink.end()
    } else if (this.#endsLine && length < LONG_CHUNK && performance.now() >= this.#quietAt) {
      this.#quietAt = performance.now() + QUIET_MS
      this.#sink.flushQuiet()
    }
    return isOver
  }

  #takeChunk(chunk: unknown): number {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk))
    if (bytes.length === 0) return 0
    this.#bytes += bytes.length
    this.#endsLine = bytes.at(-1) === NEWLINE
    this.#sink.take(this.#splitter.push(bytes))
    return bytes.length
  }

  #give(writes: Writes): void {
    const { service } = this.#options
    const { records, deliveries } = this.#sink.drain()
    if (records.length > 0) writes.begin({ service: service || NAME, records, deliveries }, () => undefined)
    const { counts: lines, cutRecords } = this.#sink
    const { oversized, invalid } = this.#splitter
    this.#tally.report({ lines, cutRecords, oversized, invalid, bytes: this.#bytes })
  }
}

/**
 * Reads log lines from a stream. `run` resolves when the stream has ended and what it said is durable. What was read and is
 * not durable when the process stops is lost: a pipe cannot be read again.
 * @throws {RangeError} when the zone is not known
 */
export function createStdinSource(options: StdinOptions): Source {
  return new StdinSource(options)
}
