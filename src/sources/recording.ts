import type { Clock } from '../parse/clock.ts'
import type { Interest } from '../parse/interest.ts'
import type { LogRecord } from '../parse/record.ts'
import type { Compression } from './compression.ts'
import type { Place } from './place.ts'
import type { ReadSummary } from './read-summary.ts'

/** What to read and how. */
export interface RecordingOptions {
  /** Files and folders, in any layout. */
  readonly paths: readonly string[]
  /** Which records are wanted; the others are counted only. */
  readonly wanted: Interest
  /** Host of lines that neither path nor line give one. */
  readonly host?: string
  /** Zone of local times that state none: `UTC` unless given. See `isTimeZone`. */
  readonly timezone?: string
  /** Zones of hosts that have another one, by the name that their path gives. */
  readonly timezoneByHost?: ReadonlyMap<string, string>
}

/** A file that will be read. */
export interface RecordingFile {
  readonly path: string
  readonly kind: 'log' | 'notifications'
  readonly place: Place
  /** Bytes on the disk. */
  readonly size: number
}

/** A part of one file. Take it before the next one is asked for: nothing is read ahead. */
export type RecordingBatch =
  | { readonly kind: 'records'; readonly file: RecordingFile; readonly records: readonly LogRecord[] }
  | { readonly kind: 'notifications'; readonly file: RecordingFile; readonly deliveries: readonly string[] }

/** Logs and notifications that lie on the disk. */
export interface Recording {
  readonly files: readonly RecordingFile[]
  /** Reads everything once, in batches. Errors of files become problems of the summary, and the rest is read. */
  read(signal?: AbortSignal): AsyncGenerator<RecordingBatch>
  summary(): ReadSummary
}

/** A file with everything that reading it needs. */
export interface OpenableFile extends RecordingFile {
  readonly compression: Compression
  /** One for all files that rotation made of one log: they are read in their order. */
  readonly clock: Clock
  readonly fallbackHost: string
}
