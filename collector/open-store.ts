import { homedir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedStore } from '../src/store/embedded.ts'
import { openServerStore } from '../src/store/server.ts'
import type { LiveStore } from '../src/store/live-store.ts'
import { UsageError } from './usage-error.ts'

/** Which store a command works on. */
export interface StoreOptions {
  /** Directory of the embedded store. */
  readonly data?: string
  /** URL of a ClickHouse server, for example `http://localhost:8123/launchtrace`: the path names the database. */
  readonly clickhouse?: string
}

/** Where the embedded store lies unless told otherwise, as the XDG base directory specification has it. */
export function defaultDataDirectory(): string {
  return join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'launchtrace')
}

/** Where a process that serves a data directory leaves its address for commands that find the directory held. */
export function servedAtFile(directory: string): string {
  return join(directory, 'served-at')
}

function openServer(address: string): Promise<LiveStore> {
  const url = URL.parse(address)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(
      `--clickhouse is ${JSON.stringify(address)}; it takes a URL such as http://localhost:8123/launchtrace.`,
    )
  }
  const password = process.env['LAUNCHTRACE_CLICKHOUSE_PASSWORD'] ?? decodeURIComponent(url.password)
  const user = decodeURIComponent(url.username)
  const database = url.pathname.replaceAll('/', '')
  return openServerStore({
    url: url.origin,
    database: database === '' ? 'launchtrace' : database,
    ...(user === '' ? {} : { user }),
    ...(password === '' ? {} : { password }),
  })
}

/** Opens the store that the options name: a ClickHouse server, or the embedded engine on a directory. */
export function openStore({ data, clickhouse }: StoreOptions): Promise<LiveStore> {
  if (clickhouse !== undefined) return openServer(clickhouse)
  if (data === '') throw new UsageError('--data is empty; it takes a directory.')
  return openEmbeddedStore({ directory: data ?? defaultDataDirectory() })
}
