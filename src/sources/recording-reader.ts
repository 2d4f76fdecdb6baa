import type { Interest } from '../parse/interest.ts'
import type { LineCounts } from '../parse/line-counts.ts'
import { endsEarly, openUnpacked, type UnpackedFile } from './compression.ts'
import { createDeliverySink, createLogSink, type LineSink } from './line-sink.ts'
import { createLineSplitter, type LineSplitter } from './line-splitter.ts'
import { serviceOf } from './place.ts'
import { problemOf, type SourceProblem } from './problem.ts'
import { addCounts, NO_LINES, type ReadSummary, type ServiceCounts } from './read-summary.ts'
import type { OpenableFile, Recording, RecordingBatch } from './recording.ts'
import type { SkippedFile } from './walk.ts'

/** Longest line of a log, in bytes; the rest of it is passed over. */
const MAX_LOG_LINE = 1_048_576
/** Longest recorded notification, in bytes: an AMQP body and its quoting. */
const MAX_DELIVERY = 16_777_216

export interface ReaderOptions {
  readonly files: readonly OpenableFile[]
  readonly wanted: Interest
  readonly problems: readonly SourceProblem[]
  readonly skipped: readonly SkippedFile[]
}

function createSink({ kind, place, clock, fallbackHost }: OpenableFile, wanted: Interest): LineSink {
  if (kind === 'notifications') return createDeliverySink()
  const { host, service, stem, domain } = place
  return createLogSink({ host, service, domain, clock, fallbackHost, fallbackService: stem, wanted })
}

/** What has come together of a file since it was asked last. */
function batchOf({ file, sink }: Reading): RecordingBatch | undefined {
  const { records, deliveries } = sink.drain()
  if (deliveries.length > 0) return { kind: 'notifications', file, deliveries }
  return records.length > 0 ? { kind: 'records', file, records } : undefined
}

/** A file while it is read. */
interface Reading {
  readonly file: OpenableFile
  readonly opened: UnpackedFile
  readonly splitter: LineSplitter
  readonly sink: LineSink
  unpackedBytes: number
}

interface Loss {
  readonly count: number
  /** `[1, several]`. */
  readonly words: readonly [string, string]
  readonly advice: string
}

/** What a file lost in reading, so that a person can look at it. */
function lossesOf(path: string, { splitter, cut }: { splitter: LineSplitter; cut: number }): readonly SourceProblem[] {
  const losses: readonly Loss[] = [
    {
      count: splitter.oversized,
      words: ['line is too long', 'lines are too long'],
      advice: 'What lies beyond 1 MiB (16 MiB of a recorded notification) was left out.',
    },
    {
      count: cut,
      words: ['record is too long', 'records are too long'],
      advice: 'What lies beyond 64 KiB was left out.',
    },
    {
      count: splitter.invalid,
      words: ['line is not UTF-8', 'lines are not UTF-8'],
      advice: 'It was read with replacements; iconv -t utf8 converts other encodings.',
    },
  ]
  return losses
    .filter(({ count }) => count > 0)
    .map(({ count, words: [one, many], advice }) => {
      return { severity: 'warning', path, what: `${String(count)} ${count === 1 ? one : many}`, advice }
    })
}

class Reader implements Recording {
  readonly files: readonly OpenableFile[]
  readonly #bytesTotal: number
  readonly #wanted: Interest
  readonly #skipped: readonly SkippedFile[]
  readonly #problems: SourceProblem[]
  readonly #services = new Map<string, ServiceCounts>()
  #deliveries = 0
  #filesRead = 0
  #bytesRead = 0
  #oversized = 0
  #invalid = 0
  #cut = 0
  #current: Reading | undefined

  constructor(options: ReaderOptions) {
    this.files = options.files
    this.#bytesTotal = options.files.reduce((sum, file) => sum + file.size, 0)
    this.#wanted = options.wanted
    this.#skipped = options.skipped
    this.#problems = [...options.problems]
  }

  async *read(signal?: AbortSignal): AsyncGenerator<RecordingBatch> {
    for (const file of this.files) {
      if (signal?.aborted === true) return
      yield* this.#readFile(file, signal)
    }
  }

  summary(): ReadSummary {
    const services = new Map(this.#services)
    if (this.#current?.file.kind === 'log') this.#addService(services, this.#current)
    return {
      filesRead: this.#filesRead,
      filesTotal: this.files.length,
      bytesRead: this.#bytesRead + (this.#current?.opened.bytesRead() ?? 0),
      bytesTotal: this.#bytesTotal,
      services,
      lines: [...services.values()].reduce<LineCounts>(addCounts, NO_LINES),
      deliveries: this.#deliveries,
      oversizedLines: this.#oversized,
      invalidLines: this.#invalid,
      cutRecords: this.#cut,
      problems: this.#problems,
      skipped: this.#skipped,
    }
  }

  async *#readFile(file: OpenableFile, signal: AbortSignal | undefined): AsyncGenerator<RecordingBatch> {
    const sink = createSink(file, this.#wanted)
    const splitter = createLineSplitter(file.kind === 'log' ? MAX_LOG_LINE : MAX_DELIVERY)
    const opened = openUnpacked(file.path, file.compression)
    const reading = { file, opened, splitter, sink, unpackedBytes: 0 }
    this.#current = reading
    try {
      yield* this.#readChunks(reading, signal)
    } finally {
      opened.close()
      this.#close(reading)
    }
  }

  async *#readChunks(reading: Reading, signal: AbortSignal | undefined): AsyncGenerator<RecordingBatch> {
    const { file, opened, splitter, sink } = reading
    try {
      for await (const chunk of opened.chunks) {
        reading.unpackedBytes += chunk.length
        sink.take(splitter.push(chunk))
        const batch = batchOf(reading)
        if (batch !== undefined) yield batch
        if (signal?.aborted === true) return
      }
      await this.#checkEnd(reading)
    } catch (cause) {
      this.#problems.push(problemOf(file.path, cause, reading.unpackedBytes > 0 ? 'warning' : 'error'))
    }
    sink.take(splitter.end())
    sink.end()
    const batch = batchOf(reading)
    if (batch !== undefined) yield batch
  }

  async #checkEnd({ file, unpackedBytes }: Reading): Promise<void> {
    if (file.compression !== 'gzip' || !(await endsEarly(file.path, file.size, unpackedBytes))) return
    const severity = unpackedBytes > 0 ? 'warning' : 'error'
    this.#problems.push(problemOf(file.path, { code: 'Z_BUF_ERROR' }, severity))
  }

  #addService(services: Map<string, ServiceCounts>, { file, sink }: Reading): void {
    const name = serviceOf(file)
    const before = services.get(name) ?? { ...NO_LINES, files: 0 }
    services.set(name, { ...addCounts(before, sink.counts), files: before.files + 1 })
  }

  #close(reading: Reading): void {
    const { file, opened, splitter, sink } = reading
    if (file.kind === 'log') this.#addService(this.#services, reading)
    else this.#deliveries += sink.counts.heads
    this.#filesRead += 1
    this.#bytesRead += opened.bytesRead()
    this.#oversized += splitter.oversized
    this.#invalid += splitter.invalid
    this.#cut += sink.cutRecords
    this.#problems.push(...lossesOf(file.path, { splitter, cut: sink.cutRecords }))
    this.#current = undefined
  }
}

/** Reads files one after the other; what was found before reading begins the summary. */
export function createRecordingReader(options: ReaderOptions): Recording {
  return new Reader(options)
}
