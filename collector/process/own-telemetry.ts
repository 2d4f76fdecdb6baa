import type { OwnTelemetry } from '../../src/telemetry/create-telemetry.ts'
import { createTelemetry } from '../../src/telemetry/create-telemetry.ts'
import { createLogWriter } from '../../src/telemetry/log-writer.ts'
import type { TelemetryConfig } from '../config/schema.ts'
import { collectProcessMetrics } from '../server/metrics.ts'

/** The telemetry of this process and its end. */
export interface ProcessTelemetry {
  readonly telemetry: OwnTelemetry
  /** Writes what is held back. */
  readonly close: () => Promise<void>
}

/** Starts what the process says of itself. */
export function startTelemetry({ log }: TelemetryConfig): ProcessTelemetry {
  const writer = createLogWriter({ ...log, isTerminal: process.stderr.isTTY })
  const telemetry = createTelemetry(writer.write)
  collectProcessMetrics(telemetry.registry)
  return {
    telemetry,
    close: () => {
      writer.close()
      return Promise.resolve()
    },
  }
}
