import { ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { createStore } from './clickhouse-store.ts'
import { asStoreError } from './errors.ts'
import { migrate } from './migrate.ts'
import type { LiveStore } from './live-store.ts'

export interface ServerStoreOptions {
  /** Of ClickHouse's HTTP interface, for example `http://127.0.0.1:8123`. */
  readonly url: string
  /** Created if absent. */
  readonly database: string
  readonly user?: string
  readonly password?: string
  /** Authorities to believe instead of the system's own, as PEM; for `https:` only. */
  readonly ca?: string
  /** How long one question may take; 5 minutes unless told otherwise. */
  readonly requestTimeoutMs?: number
}

const FIVE_MINUTES_MS = 300_000

/** The store on a ClickHouse server, 24.8 or later. */
export async function openServerStore(options: ServerStoreOptions): Promise<LiveStore> {
  const { url, database, user, password, ca, requestTimeoutMs } = options
  const common = {
    url,
    request_timeout: requestTimeoutMs ?? FIVE_MINUTES_MS,
    // Every failure is an error that the caller gets.
    log: { level: ClickHouseLogLevel.OFF },
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
    ...(ca === undefined ? {} : { tls: { ca_cert: Buffer.from(ca) } }),
  }
  const client = createClient({ ...common, database })
  const label = `${url} (database ${database})`
  try {
    const first = createClient(common)
    await first
      .command({ query: 'CREATE DATABASE IF NOT EXISTS {name:Identifier}', query_params: { name: database } })
      .finally(() => first.close())
    await migrate(client, label)
  } catch (error) {
    await client.close()
    throw asStoreError(label, error)
  }
  return createStore({ client, label })
}
