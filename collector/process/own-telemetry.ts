import type { OwnTelemetry } from '../../src/telemetry/create-telemetry.ts'
import { createTelemetry } from '../../src/telemetry/create-telemetry.ts'
import { createLogWriter } from '../../src/telemetry/log-writer.ts'
import type { OpenTelemetry } from '../../src/telemetry/open-telemetry.ts'
import { startOpenTelemetry } from '../../src/telemetry/open-telemetry.ts'
import { NO_TRACER } from '../../src/telemetry/tracer.ts'
import type { Config } from '../config/schema.ts'
import { collectProcessMetrics } from '../server/metrics.ts'
import { VERSION } from '../version.ts'

/** The telemetry of this process and its end. */
export interface ProcessTelemetry {
  readonly telemetry: OwnTelemetry
  /** Writes and sends what is held back. */
  readonly close: () => Promise<void>
}

/** How long sending the last of the program's own telemetry may hold up its end. Milliseconds. */
const LAST_WORDS_MS = 2000

function sendOwn({ telemetry: { otlp }, host }: Config, telemetry: OwnTelemetry): Promise<OpenTelemetry | undefined> {
  if (otlp === undefined) return Promise.resolve(undefined)
  const { url, headers, intervalMs, serviceName } = otlp
  return startOpenTelemetry({
    url,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()])),
    intervalMs,
    serviceName,
    serviceVersion: VERSION,
    host,
    registry: telemetry.registry,
    telemetry,
  })
}

/** Starts what the process says of itself: its log and its metrics, and OpenTelemetry when that is asked for. */
export async function startTelemetry(config: Config): Promise<ProcessTelemetry> {
  const writer = createLogWriter({ ...config.telemetry.log, isTerminal: process.stderr.isTTY })
  let tracer = NO_TRACER
  const telemetry = createTelemetry(writer.write, () => tracer)
  collectProcessMetrics(telemetry.registry)
  const sending = await sendOwn(config, telemetry)
  tracer = sending?.tracer ?? NO_TRACER
  return {
    telemetry,
    close: async () => {
      await sending?.shutdown(LAST_WORDS_MS)
      writer.close()
    },
  }
}
