import { rm, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { micros } from '../../src/core/time.ts'
import type { Outlet } from '../../src/pipeline/stage.ts'
import type { LiveStore } from '../../src/store/live-store.ts'
import type { OwnTelemetry } from '../../src/telemetry/create-telemetry.ts'
import { untilAborted } from '../../src/transport/until-aborted.ts'
import type { Config } from '../config/schema.ts'
import { ExportQueue } from '../live/export-queue.ts'
import { Rebuilder } from '../live/rebuilder.ts'
import { servedAtFile } from '../open-store.ts'
import { createApi } from '../server/api.ts'
import { createOwnRoutes } from '../server/own-routes.ts'
import { VERSION } from '../version.ts'
import { makeReaders } from './make-readers.ts'
import { dataDirectoryOf, makeStore } from './make-store.ts'
import { serveOwn } from './own-server.ts'
import { startTelemetry } from './own-telemetry.ts'
import { runReaders } from './readers.ts'
import type { Reader } from './readers.ts'
import type { ProcessContext } from './run-agent.ts'
import { takeStandardInput } from './standard-input.ts'
import { ShutdownError } from './shutdown-error.ts'
import { describeProcess } from './status.ts'
import { readClientTls } from './tls-files.ts'

/** How long questions that are under way may take when the process ends. Milliseconds. */
const GRACE_MS = 3000

/** A name that stays the same after a restart: an embedded store has one collector, hosts of a server's store have names. */
function collectorName({ host, store }: Config): string {
  return store.clickhouse === undefined ? 'embedded' : host
}

async function startExport(
  config: Config,
  store: LiveStore,
  telemetry: OwnTelemetry,
): Promise<ExportQueue | undefined> {
  const { otlp } = config.export
  if (otlp === undefined) return undefined
  // Its libraries take some 25 MB, so they are loaded only where launches are sent.
  const { createTraceExporter } = await import('../../src/export/otlp-traces.ts')
  const exporter = createTraceExporter({
    url: otlp.url,
    headers: Object.fromEntries(Object.entries(otlp.headers).map(([name, value]) => [name, value.reveal()])),
    ...(otlp.tls === undefined ? {} : { tls: readClientTls(otlp.tls) }),
    serviceVersion: VERSION,
    telemetry,
  })
  return new ExportQueue({ store, exporter, telemetry, collector: collectorName(config), settleMs: otlp.settleMs })
}

/** Everything between the facts and whoever asks: rebuilds and sends until `end` aborts. */
interface Working {
  readonly rebuilder: Rebuilder
  readonly done: Promise<unknown>
}

async function startWork(
  config: Config,
  store: LiveStore,
  deps: { telemetry: OwnTelemetry; end: AbortSignal },
): Promise<Working> {
  const { telemetry, end } = deps
  const exports = await startExport(config, store, telemetry)
  const rebuilder = new Rebuilder({
    store,
    telemetry,
    collector: collectorName(config),
    lostAfterSeconds: config.launches.lostAfterMs / 1000,
    onLaunches: launches => exports?.saw(launches),
  })
  return { rebuilder, done: Promise.all([rebuilder.run(end), exports?.run(end)]) }
}

function outletTo(rebuilder: Rebuilder, telemetry: OwnTelemetry): Outlet {
  return {
    name: 'store',
    async write(signals, stop) {
      // A store that does not answer must not hold up the end of the process.
      await untilAborted(rebuilder.store(signals), stop)
      telemetry.count('launchtrace_store_signals_total', {}, signals.length)
    },
    close: () => Promise.resolve(),
  }
}

interface CollectorContext extends ProcessContext {
  readonly role: 'up' | 'collector'
}

interface Serving {
  readonly url: string
  readonly close: () => Promise<void>
}

interface ServeDeps extends CollectorContext {
  readonly store: LiveStore
  readonly telemetry: OwnTelemetry
  readonly readers: readonly Reader[]
  readonly rebuilder: Rebuilder
}

/** Serves what is stored and how the process is; commands that find the data directory held are led here. */
async function serve(
  config: Config,
  { store, telemetry, readers, rebuilder, stop, role }: ServeDeps,
): Promise<Serving> {
  const describe = { role, version: VERSION, host: config.host, telemetry, readers, stop, rebuilder } as const
  const api = createApi({
    store,
    now: () => micros(Date.now() * 1000),
    reportError: error => {
      telemetry.warn('A question could not be answered.', {
        error: error instanceof Error ? error.message : String(error),
      })
    },
    isReady: () => !stop.aborted,
    allowedHosts: [...config.serve.allowedHosts, config.serve.listen.host],
    ownRoutes: createOwnRoutes({ registry: telemetry.registry, status: () => describeProcess(describe) }),
  })
  const server = await serveOwn(api, config.serve)
  const directory = dataDirectoryOf(config)
  if (directory !== undefined) await writeFile(servedAtFile(directory), `${server.url}\n`)
  return {
    url: server.url,
    close: async () => {
      if (directory !== undefined) await rm(servedAtFile(directory), { force: true })
      await server.close(GRACE_MS)
    },
  }
}

/** Waits for work that a store which does not answer may hold up. @throws {ShutdownError} when the time is over before */
async function atMost(work: Promise<unknown>, limitMs: number): Promise<void> {
  const ended = new AbortController()
  const limit = sleep(limitMs, 'over' as const, { signal: ended.signal }).catch(() => undefined)
  const first = await Promise.race([work, limit])
  ended.abort()
  if (first === 'over') throw new ShutdownError(limitMs)
}

interface WithInput extends CollectorContext {
  readonly stdin: () => AsyncIterable<unknown>
}

interface Collecting extends ServeDeps {
  readonly abandon: AbortController
}

/** Serves while readers read, until they have come to their end. */
async function serveAndRead(config: Config, deps: Collecting): Promise<void> {
  const { readers, telemetry, stop, abandon, terminal, role } = deps
  const serving = await serve(config, deps)
  telemetry.info('Collecting has started.', { readers: readers.length, serving: serving.url })
  if (role === 'up')
    terminal.err(`Serving ${serving.url}/api/launches. Other terminals: launchtrace launches --watch.\n`)
  const { shutdownMs } = config.limits
  await runReaders(readers, { stop, shutdownMs, abandon, telemetry, endsWithReaders: false }).finally(serving.close)
}

async function collect(config: Config, store: LiveStore, context: WithInput): Promise<void> {
  const { role, stdin } = context
  const { telemetry, close } = await startTelemetry(config)
  const [end, abandon] = [new AbortController(), new AbortController()]
  const { rebuilder, done } = await startWork(config, store, { telemetry, end: end.signal })
  const outlet = outletTo(rebuilder, telemetry)
  try {
    try {
      const readers = makeReaders(config, { telemetry, role, stdin, outlet, abandon: abandon.signal })
      await serveAndRead(config, { ...context, store, telemetry, readers, rebuilder, abandon })
    } finally {
      // What it writes is what all facts amount to, as far as it comes: the rest is found again after the next start.
      end.abort()
      await atMost(done, config.limits.shutdownMs)
    }
  } finally {
    telemetry.info('Collecting has stopped.')
    await close()
  }
}

/** Takes facts in, stores them, keeps the launches up to date and serves them, until `stop`. */
export async function runCollector(config: Config, context: CollectorContext): Promise<void> {
  const input = config.sources.stdin === undefined ? undefined : takeStandardInput()
  const store = await makeStore(config)
  try {
    await collect(config, store, { ...context, stdin: () => input ?? process.stdin })
  } finally {
    await store.close()
  }
}
