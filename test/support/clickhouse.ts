import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServerProcess } from './server-process.ts'
import { findFreePorts, findSetting, startServer, untilReady } from './server-process.ts'
import type { TcpProxy } from './tcp-proxy.ts'
import { openProxy } from './tcp-proxy.ts'

/** A ClickHouse server that can be taken away. */
export interface Clickhouse {
  /** Names the database. */
  readonly url: string
  readonly user: string
  readonly password: string
  /** Ends it in the middle of whatever it does; where the server is somebody else's, cuts the wire to it. */
  kill(): Promise<void>
  /** Brings it back, with its data. */
  start(): Promise<void>
  /** Has it swallow what comes and answer nothing, until `start`. */
  freeze(): void
  remove(): Promise<void>
}

const PROGRAM = join(import.meta.dirname, 'clickhouse-process.ts')
const PASSWORD = 'secret of the store'
const HINT = 'Run npm ci, which brings the engine.'

/** The engine in a process of its own, which serves ClickHouse's HTTP interface. */
async function startOwn(): Promise<Clickhouse> {
  const directory = mkdtempSync(join(tmpdir(), 'launchtrace-clickhouse-'))
  const [port = 0] = await findFreePorts(1)
  const words = [PROGRAM, directory, String(port), PASSWORD]
  let server: ServerProcess | undefined
  const wire = await openProxy(port)
  const start = async (): Promise<void> => {
    wire.mend()
    if (server?.isRunning() === true) return
    server = await startServer({ command: process.execPath, words }, HINT)
    await untilReady(server, async () => (await fetch(`http://127.0.0.1:${port}/ping`)).ok)
  }
  await start()
  return {
    url: `http://${wire.address}/launchtrace_live`,
    user: 'default',
    password: PASSWORD,
    start,
    kill: async () => server?.kill(),
    freeze: () => wire.hang(),
    remove: async () => {
      await server?.kill()
      await wire.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function dropDatabase(server: URL, database: string): Promise<void> {
  const query = new URLSearchParams({ query: `DROP DATABASE IF EXISTS ${database}` })
  await fetch(`${server.origin}/?${query.toString()}`, { method: 'POST' })
}

/** Somebody else's server, behind a wire that can be cut. It lets the user `default` in without a password. */
async function useRunning(address: string): Promise<Clickhouse> {
  const server = new URL(address)
  const database = `launchtrace_live_${process.pid}_${Date.now()}`
  const wire: TcpProxy = await openProxy(Number(server.port || '8123'))
  return {
    url: `http://${wire.address}/${database}`,
    user: 'default',
    password: '',
    start: () => {
      wire.mend()
      return Promise.resolve()
    },
    kill: () => {
      wire.cut()
      return Promise.resolve()
    },
    freeze: () => wire.hang(),
    remove: async () => {
      await dropDatabase(server, database)
      await wire.close()
    },
  }
}

/**
 * Starts a server of the test's own, or uses the one that LAUNCHTRACE_TEST_CLICKHOUSE_URL names, on a port of this machine.
 * There is no package of ClickHouse's server for the tests to install, so theirs is the embedded engine over HTTP.
 */
export async function startClickhouse(): Promise<Clickhouse> {
  const running = findSetting('LAUNCHTRACE_TEST_CLICKHOUSE_URL')
  return running === undefined ? startOwn() : useRunning(running)
}
