import { once } from 'node:events'
import type { SourceStatus } from '../../src/pipeline/stage.ts'
import type { Telemetry } from '../../src/telemetry/telemetry.ts'
import type { AcceptSignals } from '../../src/transport/decode-lines.ts'
import type { HttpInputConfig } from '../config/schema.ts'
import { createIntakeApp } from '../server/intake-app.ts'
import { listen } from '../server/listen.ts'
import { createSignalsRoute } from '../server/signals-route.ts'
import { listenOptionsOf } from './own-server.ts'
import type { Reader } from './readers.ts'

export interface HttpInletDeps {
  readonly accept: AcceptSignals
  readonly telemetry: Telemetry
}

/** How long requests that are under way may take when the process stops; the whole stop has its own limit. Milliseconds. */
const GRACE_MS = 60_000

/** Takes signals that agents send over HTTP. */
export function createHttpInlet(config: HttpInputConfig, { accept, telemetry }: HttpInletDeps): Reader {
  let status: SourceStatus = { state: 'starting', detail: 'Is about to listen.' }
  return {
    name: 'http',
    status: () => status,
    async run(stop) {
      const routes = [createSignalsRoute({ accept, telemetry })]
      const reportError = (error: unknown): void => {
        telemetry.warn('A request of an agent failed.', {
          error: error instanceof Error ? error.message : String(error),
        })
      }
      const app = createIntakeApp({ routes, reportError, hasToken: config.token !== undefined })
      const server = await listen(app, { ...listenOptionsOf(config), openPaths: ['/healthz'] })
      status = { state: 'running', detail: `Takes signals at ${server.url}/v1/signals.` }
      if (!stop.aborted) await once(stop, 'abort')
      await server.close(GRACE_MS)
      status = { state: 'stopped', detail: 'Listens no more.' }
    },
  }
}
