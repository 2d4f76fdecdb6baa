import type { LineCounts } from '../parse/line-counts.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { NO_LINES } from './read-summary.ts'

/** What was counted of a file or a stream since its beginning. */
export interface Counted {
  readonly lines: LineCounts
  readonly bytes: number
  /** Lines that lost what lies beyond the limit. */
  readonly oversized: number
  /** Lines with bytes that are not UTF-8. */
  readonly invalid: number
  /** Records that lost what lies beyond the limit. */
  readonly cutRecords: number
}

/** Passes on to telemetry what was counted since it was told last. */
export interface LineTally {
  report(counted: Counted): void
}

const NOTHING: Counted = { lines: NO_LINES, bytes: 0, oversized: 0, invalid: 0, cutRecords: 0 }

/** What each line is counted under: forwarded, or the reason why it is not. */
function fatesOf({ heads, unwanted, continuations, blank, undecodable }: LineCounts): Readonly<Record<string, number>> {
  return { forwarded: heads - unwanted + continuations, unwanted, blank, undecodable }
}

/** @param known - what was counted before and is no news: lines that were read again */
export function createLineTally(telemetry: Telemetry, source: string, known: Counted = NOTHING): LineTally {
  const told = new Map<string, number>([
    ...Object.entries(fatesOf(known.lines)),
    ['lines', known.lines.lines],
    ['bytes', known.bytes],
    ['oversized', known.oversized],
    ['not_utf8', known.invalid],
    ['record_too_long', known.cutRecords],
  ])
  /** A line may be counted as something else once more is known of it: what was told is never taken back. */
  const news = (name: string, count: number): number => {
    const before = told.get(name) ?? 0
    told.set(name, Math.max(before, count))
    return Math.max(0, count - before)
  }
  const damaged = (reason: string, count: number): void => {
    const by = news(reason, count)
    if (by > 0) telemetry.count('launchtrace_source_lines_damaged_total', { source, reason }, by)
  }
  return {
    report: ({ lines, bytes, oversized, invalid, cutRecords }) => {
      const newLines = news('lines', lines.lines)
      const newBytes = news('bytes', bytes)
      if (newLines > 0) telemetry.count('launchtrace_source_lines_total', { source }, newLines)
      if (newBytes > 0) telemetry.count('launchtrace_source_bytes_total', { source }, newBytes)
      for (const [reason, count] of Object.entries(fatesOf(lines))) {
        const by = news(reason, count)
        if (by === 0) continue
        if (reason === 'forwarded') telemetry.count('launchtrace_source_lines_forwarded_total', { source }, by)
        else telemetry.count('launchtrace_source_lines_dropped_total', { source, reason }, by)
      }
      const cut = news('oversized', oversized)
      if (cut > 0) telemetry.count('launchtrace_source_lines_cut_total', { source }, cut)
      damaged('not_utf8', invalid)
      damaged('record_too_long', cutRecords)
    },
  }
}
