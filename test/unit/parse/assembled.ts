import { micros } from '../../../src/core/time.ts'
import { createLogAssembler, type AssemblerOptions } from '../../../src/parse/assembler.ts'
import { createClock } from '../../../src/parse/clock.ts'
import type { LineCounts } from '../../../src/parse/line-counts.ts'
import type { LogRecord } from '../../../src/parse/record.ts'

/** What a file's lines make. */
export interface Assembled {
  readonly records: readonly LogRecord[]
  readonly counts: LineCounts
  readonly cutRecords: number
}

/** Runs lines through an assembler that wants everything, reads local times as UTC, and knows nothing of the path. */
export function assemble(lines: readonly string[], options: Partial<AssemblerOptions> = {}): Assembled {
  const records: LogRecord[] = []
  const clock = createClock({ zone: 'UTC', reference: micros(Date.UTC(2026, 10, 21) * 1000) })
  const place = { host: '', service: '', fallbackHost: '', fallbackService: '', domain: '' }
  const assembler = createLogAssembler({ ...place, clock, wanted: () => true, ...options }, record =>
    records.push(record),
  )
  for (const line of lines) assembler.push(line)
  assembler.flush()
  return { records, counts: assembler.counts, cutRecords: assembler.cutRecords }
}
