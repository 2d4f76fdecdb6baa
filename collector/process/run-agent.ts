import type { Terminal } from '../terminal.ts'
import { catalogue } from '../../src/catalogue/catalogue.ts'
import { createDelivery } from '../../src/pipeline/delivery.ts'
import { createExtract } from '../../src/pipeline/extract.ts'
import { createIntake } from '../../src/pipeline/intake.ts'
import type { Config } from '../config/schema.ts'
import { createOwnRoutes } from '../server/own-routes.ts'
import { VERSION } from '../version.ts'
import { makeOutlet } from './make-outlet.ts'
import { makeSources } from './make-sources.ts'
import { createAgentApp, serveOwn } from './own-server.ts'
import { startTelemetry } from './own-telemetry.ts'
import { runReaders } from './readers.ts'
import { describeProcess } from './status.ts'

export interface ProcessContext {
  readonly stop: AbortSignal
  readonly terminal: Terminal
}

/** How long questions that are under way may take when the process ends. Milliseconds. */
const GRACE_MS = 1000

/** Reads what its sources say, and sends the facts on, until `stop`. */
export async function runAgent(config: Config, { stop }: ProcessContext): Promise<void> {
  const { telemetry, close } = await startTelemetry(config)
  const abandon = new AbortController()
  const outlet = makeOutlet(config)
  const { signalsInFlight, shutdownMs } = config.limits
  const deliver = createDelivery({ outlet, telemetry, stop: abandon.signal, signalsInFlight })
  const intake = createIntake({ extract: createExtract(catalogue), deliver, telemetry })
  const readers = makeSources(config, { telemetry, role: 'agent', stdin: () => process.stdin }).map(source => ({
    name: source.name,
    run: (stopped: AbortSignal): Promise<void> => source.run(intake, stopped),
    status: () => source.status(),
  }))
  const describe = { role: 'agent', version: VERSION, host: config.host, telemetry, readers, stop } as const
  const own = createOwnRoutes({ registry: telemetry.registry, status: () => describeProcess(describe) })
  const server = await serveOwn(createAgentApp(own, config.serve), config.serve)
  telemetry.info('The agent has started.', { sources: readers.length, output: outlet.name, status: server.url })
  try {
    await runReaders(readers, { stop, shutdownMs, abandon, telemetry, endsWithReaders: true })
  } finally {
    await outlet.close()
    await server.close(GRACE_MS)
    telemetry.info('The agent has stopped.')
    await close()
  }
}
