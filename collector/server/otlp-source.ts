import { once } from 'node:events'
import type { Interest } from '../../src/parse/interest.ts'
import type { Intake, Source, SourceStatus } from '../../src/pipeline/stage.ts'
import { createLogStreams } from '../../src/sources/otlp-logs/log-streams.ts'
import type { Telemetry } from '../../src/telemetry/telemetry.ts'
import { createIntakeApp } from './intake-app.ts'
import type { ListenOptions } from './listen.ts'
import { listen } from './listen.ts'
import { createLogsRoute } from './logs-route.ts'

export interface OtlpSourceOptions {
  readonly listen: Omit<ListenOptions, 'openPaths'>
  readonly wanted: Interest
  /** Zone of local times that state none. */
  readonly timezone: string
}

/** How long requests that are under way may take when the process stops. */
const GRACE_MS = 5000

/** Takes logs from an OpenTelemetry Collector, Fluent Bit or Vector. `run` rejects when it cannot listen. */
class OtlpSource implements Source {
  readonly name = 'otlp'
  readonly #options: OtlpSourceOptions
  readonly #telemetry: Telemetry
  #status: SourceStatus = { state: 'starting', detail: 'Begins to listen.' }

  constructor(options: OtlpSourceOptions, telemetry: Telemetry) {
    this.#options = options
    this.#telemetry = telemetry
  }

  status(): SourceStatus {
    return this.#status
  }

  async run(intake: Intake, stop: AbortSignal): Promise<void> {
    const { wanted, timezone, listen: where } = this.#options
    const telemetry = this.#telemetry
    const streams = createLogStreams({ source: this.name, intake, wanted, timezone, telemetry })
    const app = createIntakeApp({
      routes: [createLogsRoute({ source: this.name, streams, telemetry })],
      hasToken: where.token !== undefined,
      reportError: error => {
        telemetry.error('A request failed.', { source: this.name, error: error instanceof Error ? error.message : '' })
      },
    })
    const server = await listen(app, { ...where, openPaths: ['/healthz'] })
    this.#status = { state: 'running', detail: `Takes logs at ${server.url}/v1/logs.` }
    if (!stop.aborted) await once(stop, 'abort')
    streams.end()
    await server.close(GRACE_MS)
    streams.end()
    this.#status = { state: 'stopped', detail: 'Stopped.' }
  }
}

export function createOtlpSource(options: OtlpSourceOptions, telemetry: Telemetry): Source {
  return new OtlpSource(options, telemetry)
}
