import { createClient } from '@clickhouse/client'
import type { ClickHouseClient } from '@clickhouse/client'
import type { Session } from 'chdb'
import { createStore } from './clickhouse-store.ts'
import { explainRefusal, prepareDataDirectory } from './data-directory.ts'
import { createEmbeddedConnection } from './embedded-connection.ts'
import { asStoreError } from './errors.ts'
import { leaveStandardInput } from './leave-standard-input.ts'
import { migrate } from './migrate.ts'
import { createSessionPool } from './session-pool.ts'
import type { LiveStore } from './live-store.ts'

export interface EmbeddedStoreOptions {
  /** Made if absent. One process at a time may use it. */
  readonly directory: string
  /** Bound on the memory of the whole engine, 4 GiB unless told otherwise; sorting and grouping spill to disk far below it. */
  readonly memoryBytes?: number
}

/** The embedded store, and its engine for whoever serves ClickHouse's own interface from it. */
export interface EmbeddedStore extends LiveStore {
  /** A session of the engine on the store's database; whoever opens it closes it before the store. */
  openSession(): Session
}

const DATABASE = 'launchtrace'
const GIB = 2 ** 30
/** Reads that run side by side; further ones wait. */
const READERS = 4

/**
 * Caches of the engine, in bytes: by default they may grow to tens of GiB. Beside these 256 MiB there are merges (two at a
 * time, 10 MiB blocks), the writer, and four readers.
 */
const CACHES = [
  '--mark_cache_size=67108864',
  '--primary_index_cache_size=134217728',
  '--index_mark_cache_size=16777216',
  '--query_condition_cache_size=16777216',
  '--compiled_expression_cache_size=16777216',
  '--background_pool_size=2',
]

/** The library is 140 MB in memory: processes that only read logs or ask another must not load it. */
async function loadLibrary() {
  const [library, connection] = await Promise.all([import('chdb'), import('chdb/connection')])
  return { ...library, ...connection }
}

type Library = Awaited<ReturnType<typeof loadLibrary>>

function openEngine({ Session }: Library, directory: string, memoryBytes: number): Session {
  try {
    const bound = `--max_server_memory_usage=${String(memoryBytes)}`
    return new Session(directory, { connectionArgs: [...CACHES, bound] })
  } catch (error) {
    throw explainRefusal(directory, error)
  }
}

interface Engine {
  readonly client: ClickHouseClient
  openSession(): Session
  close(): Promise<void>
}

/** The first session decides the engine's arguments and keeps it alive; all others share its engine and its data. */
async function startEngine(directory: string, memoryBytes: number): Promise<Engine> {
  const library = await loadLibrary()
  const first = openEngine(library, directory, memoryBytes)
  // One statement must not take what all the others need.
  const statementBytes = Math.min(GIB, Math.round(memoryBytes / 2))
  const openSession = (): Session => {
    const session = new library.Session(directory)
    session.query(`USE ${DATABASE}`)
    session.query(`SET max_memory_usage = ${String(statementBytes)}`)
    return session
  }
  const sessions = createSessionPool(openSession, READERS)
  const writer = library.createChdbConnection({ path: directory })
  const client = createClient({ connection: createEmbeddedConnection(writer, sessions) })
  const close = async (): Promise<void> => {
    sessions.close()
    await writer.close()
    first.close()
    await library.drainPending()
  }
  try {
    await client.command({ query: `CREATE DATABASE IF NOT EXISTS ${DATABASE}` })
    await client.command({ query: `USE ${DATABASE}` })
    await client.command({ query: `SET max_memory_usage = ${String(statementBytes)}` })
  } catch (error) {
    await close()
    throw error
  }
  return { client, openSession, close }
}

/**
 * The store on ClickHouse inside this process (chDB). Writes have a connection of their own, so no read holds them up.
 * @throws StoreBusyError when another process holds the directory, StoreNewerError when a newer version wrote it,
 * StoreUnavailableError when it cannot be made or written.
 */
export async function openEmbeddedStore(options: EmbeddedStoreOptions): Promise<EmbeddedStore> {
  const directory = prepareDataDirectory(options.directory)
  leaveStandardInput()
  const engine = await startEngine(directory, options.memoryBytes ?? 4 * GIB).catch((error: unknown) => {
    throw asStoreError(directory, error)
  })
  try {
    await migrate(engine.client, directory)
  } catch (error) {
    await engine.close()
    throw asStoreError(directory, error)
  }
  const store = createStore({ client: engine.client, label: directory, afterClose: () => engine.close() })
  return { ...store, openSession: () => engine.openSession() }
}
