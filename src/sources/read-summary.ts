import type { LineCounts } from '../parse/line-counts.ts'
import type { SourceProblem } from './problem.ts'
import type { SkippedFile } from './walk.ts'

/** What was read of one service. `lines` = heads + continuations + blank + undecodable. */
export interface ServiceCounts extends LineCounts {
  readonly files: number
}

/** What has been read so far. */
export interface ReadSummary {
  readonly filesRead: number
  readonly filesTotal: number
  /** Bytes as they lie on the disk, compressed or not: for a progress bar. */
  readonly bytesRead: number
  readonly bytesTotal: number
  readonly services: ReadonlyMap<string, ServiceCounts>
  /** Lines of all services together. */
  readonly lines: LineCounts
  /** Lines of recordings of notifications. */
  readonly deliveries: number
  /** Lines longer than the limit, which lost their end. */
  readonly oversizedLines: number
  /** Lines that are not UTF-8, read with replacements. */
  readonly invalidLines: number
  /** Records longer than 64 KiB, which lost their end. */
  readonly cutRecords: number
  readonly problems: readonly SourceProblem[]
  readonly skipped: readonly SkippedFile[]
}

export const NO_LINES: LineCounts = { lines: 0, heads: 0, unwanted: 0, continuations: 0, blank: 0, undecodable: 0 }

/** Adds two files' counts. */
export function addCounts(one: LineCounts, other: LineCounts): LineCounts {
  return {
    lines: one.lines + other.lines,
    heads: one.heads + other.heads,
    unwanted: one.unwanted + other.unwanted,
    continuations: one.continuations + other.continuations,
    blank: one.blank + other.blank,
    undecodable: one.undecodable + other.undecodable,
  }
}
