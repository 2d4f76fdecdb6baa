import { micros } from '../../core/time.ts'
import { createClock } from '../../parse/clock.ts'
import type { Interest } from '../../parse/interest.ts'
import type { Telemetry } from '../../telemetry/telemetry.ts'
import { compressionOf, refusalOf } from '../compression.ts'
import { holdsNotifications, isBinary } from '../file-kind.ts'
import { createDeliverySink, createLogSink } from '../line-sink.ts'
import { createLineTally } from '../line-tally.ts'
import { FINGERPRINT_BYTES } from './fingerprint.ts'
import { Reader } from './reader.ts'
import { readRange, type Trouble } from './regular-file.ts'
import type { Reading, Tail } from './tail.ts'
import type { Resume } from './trail.ts'

/** Bytes at a file's beginning that show what it holds. */
const SAMPLE_BYTES = 65_536
/** Bytes before the place of reading that show how the lines behind are to be understood. */
const REACH = 65_536
/** A domain's log names its instance at each start of the domain only. */
const DOMAIN_REACH = 4_194_304
/** Longest recorded notification, in bytes: an AMQP body and its quoting. */
const MAX_DELIVERY_BYTES = 16_777_216

export interface BeginOptions {
  readonly source: string
  readonly maxLineBytes: number
  readonly wanted: Interest
  readonly telemetry: Telemetry
}

/** Bytes to read again before the place where reading of a log goes on. */
export function reachOf({ log }: Tail): number {
  return log.place.domain === '' ? REACH : DOMAIN_REACH
}

/**
 * Opens a reader on a file that is open. Gives a reason when the file is none that is read, and undefined when its beginning
 * does not show yet what it is. @throws what the system says
 */
export function beginReading(tail: Tail, resume: Resume, options: BeginOptions): Reading | Trouble | undefined {
  const { descriptor, log } = tail
  if (descriptor === undefined) return undefined
  const sample = readRange(descriptor, 0, Math.min(SAMPLE_BYTES, tail.size))
  if (compressionOf(sample) !== 'none' || refusalOf(sample) !== undefined) return 'compressed'
  if (isBinary(sample)) return 'binary'
  if (sample.length < SAMPLE_BYTES && !sample.includes('\n')) return undefined
  const clock = createClock({
    zone: log.timezone,
    reference: () => micros(tail.modifiedMs * 1000),
    memory: resume.clock,
  })
  const isRecording = holdsNotifications(sample)
  const { host, service, stem, domain } = log.place
  const context = { host, service, domain, clock, fallbackHost: log.fallbackHost, fallbackService: stem }
  const reader = new Reader({
    descriptor,
    head: sample.subarray(0, FINGERPRINT_BYTES),
    resume,
    sink: isRecording ? createDeliverySink() : createLogSink({ ...context, wanted: options.wanted }),
    clock,
    maxLineBytes: isRecording ? Math.max(MAX_DELIVERY_BYTES, options.maxLineBytes) : options.maxLineBytes,
    reach: reachOf(tail),
  })
  return { reader, tally: createLineTally(options.telemetry, options.source, reader.counted) }
}
