import { openEmbeddedStore } from '../../src/store/embedded.ts'
import type { LiveStore } from '../../src/store/live-store.ts'
import { openServerStore } from '../../src/store/server.ts'
import type { Config } from '../config/schema.ts'
import { defaultDataDirectory } from '../open-store.ts'
import { readPem } from './tls-files.ts'

/** Where the embedded store of a configuration lies; undefined when a server is the store. */
export function dataDirectoryOf({ store }: Config): string | undefined {
  return store.clickhouse === undefined ? (store.data ?? defaultDataDirectory()) : undefined
}

/** What the program itself may hold beside the engine: signals in flight, launches that wait, what is being rebuilt. */
const PROGRAM_BYTES = 512 * 2 ** 20

/** Opens the store that a configuration names. */
export function makeStore(config: Config): Promise<LiveStore> {
  const { clickhouse } = config.store
  if (clickhouse === undefined) {
    const memoryBytes = config.limits.memoryBytes - PROGRAM_BYTES
    return openEmbeddedStore({ directory: dataDirectoryOf(config) ?? '', memoryBytes })
  }
  const { url, database, user } = clickhouse
  const password = clickhouse.password?.reveal()
  return openServerStore({
    url,
    database,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(clickhouse.tls === undefined ? {} : { ca: readPem(clickhouse.tls.ca, 'store.clickhouse.tls.ca') }),
  })
}
