import type { OwnTelemetry } from '../../src/telemetry/create-telemetry.ts'
import { createTelemetry } from '../../src/telemetry/create-telemetry.ts'
import type { Fields } from '../../src/telemetry/telemetry.ts'

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
  readonly fields: Fields
}

/** The real telemetry, with its log kept for the test to look at. */
export function recordTelemetry(): OwnTelemetry & { readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = []
  const telemetry = createTelemetry((level, message, fields) => {
    lines.push({ level, message, fields })
  })
  return { ...telemetry, lines }
}
