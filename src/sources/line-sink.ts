import { createLogAssembler, type AssemblerOptions } from '../parse/assembler.ts'
import type { LineCounts } from '../parse/line-counts.ts'
import type { LogRecord } from '../parse/record.ts'
import { NO_LINES } from './read-summary.ts'

/** What lines made. */
export interface Drained {
  readonly records: readonly LogRecord[]
  readonly deliveries: readonly string[]
}

/** Takes the lines of one file, or of one stream, and keeps what they make until it is asked for. */
export interface LineSink {
  take(lines: readonly string[]): void
  /** Takes lines that were read before; what begins in them is not given out again. Comes before the first `take`. */
  prime(lines: readonly string[]): void
  /** Ends the records that no line has come to since it was called last. See `LogAssembler.flushQuiet`. */
  flushQuiet(): void
  /** Ends the records that are open: nothing comes any more. */
  end(): void
  /** Gives what was made since it was asked last. */
  drain(): Drained
  /** See `LogAssembler.openSince`. */
  readonly openSince: number
  /** UTF-16 units that are kept, for whatever end of a record is still to come. */
  readonly held: number
  /** Counts lines that primed as well. */
  readonly counts: LineCounts
  readonly cutRecords: number
}

/** Makes records of log lines. */
export function createLogSink(options: AssemblerOptions): LineSink {
  let records: LogRecord[] = []
  const assembler = createLogAssembler(options, record => records.push(record))
  return {
    take: lines => {
      for (const line of lines) assembler.push(line)
    },
    prime: lines => {
      for (const line of lines) assembler.prime(line)
    },
    flushQuiet: () => {
      assembler.flushQuiet()
    },
    end: () => {
      assembler.flush()
    },
    drain: () => {
      const taken = records
      records = []
      return { records: taken, deliveries: [] }
    },
    get openSince() {
      return assembler.openSince
    },
    get held() {
      return assembler.held
    },
    get counts() {
      return assembler.counts
    },
    get cutRecords() {
      return assembler.cutRecords
    },
  }
}

/** Takes every line for one recorded notification. */
export function createDeliverySink(): LineSink {
  let deliveries: string[] = []
  let [lineCount, blank] = [0, 0]
  const isBlank = (line: string): boolean => line.trim() === ''
  return {
    take: lines => {
      for (const line of lines) {
        if (isBlank(line)) blank += 1
        else deliveries.push(line)
      }
      lineCount += lines.length
    },
    prime: lines => {
      lineCount += lines.length
      blank += lines.filter(isBlank).length
    },
    flushQuiet: () => undefined,
    end: () => undefined,
    drain: () => {
      const taken = deliveries
      deliveries = []
      return { records: [], deliveries: taken }
    },
    openSince: Infinity,
    held: 0,
    get counts() {
      return { ...NO_LINES, lines: lineCount, heads: lineCount - blank, blank }
    },
    cutRecords: 0,
  }
}
