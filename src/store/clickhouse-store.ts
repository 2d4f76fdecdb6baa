import type { ClickHouseClient } from '@clickhouse/client'
import { asStoreError } from './errors.ts'
import { summariseLaunches } from './launch-summary.ts'
import { findLaunches, phaseLatency, readLaunches } from './launch-reader.ts'
import { replaceLaunches } from './launch-writer.ts'
import { findSignals, readSeeds, signalRange, streamSignals } from './signal-reader.ts'
import { writeSignals } from './signal-writer.ts'
import type { Store } from './store.ts'

export interface StoreDeps {
  /** Speaks to a database that `migrate` has brought up to date. Closed with the store. */
  readonly client: ClickHouseClient
  /** How messages call the store: its directory or address. */
  readonly label: string
  /** Runs after the client was closed. */
  readonly afterClose?: () => Promise<void>
}

/**
 * The store over anything that `@clickhouse/client` can speak to. Memory: one block of at most 2,048 rows for each
 * stream that is being read, and one insert of at most 10,000 signals or 500 launches for each writer.
 */
export function createStore({ client, label, afterClose }: StoreDeps): Store {
  const guard = async <Value>(work: Promise<Value>): Promise<Value> => {
    try {
      return await work
    } catch (error) {
      throw asStoreError(label, error)
    }
  }
  async function* guardEach<Value>(work: AsyncIterable<Value>): AsyncIterable<Value> {
    try {
      yield* work
    } catch (error) {
      throw asStoreError(label, error)
    }
  }
  return {
    writeSignals: signals => guard(writeSignals(client, signals)),
    signalRange: () => guard(signalRange(client)),
    findSignals: (links, known) => guard(findSignals(client, links, known)),
    streamSignals: names => guardEach(streamSignals(client, names)),
    seeds: (proofs, batchSize) => guardEach(readSeeds(client, proofs, batchSize)),
    replaceLaunches: (scope, launches) => guard(replaceLaunches(client, scope, launches)),
    readLaunches: filter => guardEach(readLaunches(client, filter)),
    findLaunches: id => guard(findLaunches(client, id)),
    phaseLatency: range => guard(phaseLatency(client, range)),
    summarise: range => guard(summariseLaunches(client, range)),
    close: async () => {
      await client.close()
      await afterClose?.()
    },
  }
}
