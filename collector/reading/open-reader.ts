import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { StoreBusyError } from '../../src/store/errors.ts'
import type { StoreOptions } from '../open-store.ts'
import { NotFoundError } from '../not-found-error.ts'
import { defaultDataDirectory, openStore, servedAtFile } from '../open-store.ts'
import type { LaunchReader } from './launch-reader.ts'
import { createStoreReader } from './launch-reader.ts'
import { createRemoteReader } from './remote-reader.ts'

/** Where a command that only looks finds its launches. */
export interface ReaderOptions extends StoreOptions {
  /** A running launchtrace, for example `http://127.0.0.1:8080`. */
  readonly url?: string
}

/** The address that the holder of a data directory left there; undefined when it serves nothing. */
export async function addressOfHolder(directory: string): Promise<string | undefined> {
  const text = await readFile(servedAtFile(directory), 'utf8').catch(() => '')
  return text === '' ? undefined : text.trim()
}

/** Opens the store that the options name, or asks the process that holds it. */
export async function openReader(options: ReaderOptions): Promise<LaunchReader> {
  if (options.url !== undefined) return createRemoteReader(options.url)
  const directory = options.data ?? defaultDataDirectory()
  if (options.clickhouse === undefined && options.data !== '' && !existsSync(directory)) {
    throw new NotFoundError(`There is no store at ${directory}; "launchtrace import" makes one, --data names another.`)
  }
  try {
    return createStoreReader(await openStore(options))
  } catch (error) {
    const address = error instanceof StoreBusyError ? await addressOfHolder(error.directory) : undefined
    if (address === undefined) throw error
    return createRemoteReader(address)
  }
}
