import type { ClickHouseClient } from '@clickhouse/client'
import { asStoreError } from './errors.ts'
import { summariseLaunches } from './launch-summary.ts'
import { findLaunches, phaseLatency, readLaunches } from './launch-reader.ts'
import { replaceLaunches } from './launch-writer.ts'
import { findSignals, readSeeds, signalRange, streamSignals } from './signal-reader.ts'
import { writeSignals } from './signal-writer.ts'
import {
  arrivedSince,
  findLinked,
  launchesBegun,
  launchesInProgress,
  readNow,
  readProgress,
  unexported,
  withoutExported,
} from './live-reader.ts'
import type { LiveStore } from './live-store.ts'
import { noteExported, noteLinks, noteProgress } from './live-writer.ts'

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
export function createStore({ client, label, afterClose }: StoreDeps): LiveStore {
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
    now: () => guard(readNow(client)),
    writeSignals: signals => guard(writeSignals(client, signals)),
    signalRange: () => guard(signalRange(client)),
    findSignals: (links, known) => guard(findSignals(client, links, known)),
    streamSignals: (names, range) => guardEach(streamSignals(client, { names, range })),
    seeds: (proofs, batchSize) => guardEach(readSeeds(client, proofs, batchSize)),
    replaceLaunches: (scope, launches) => guard(replaceLaunches(client, scope, launches)),
    readLaunches: filter => guardEach(readLaunches(client, filter)),
    findLaunches: id => guard(findLaunches(client, id)),
    phaseLatency: range => guard(phaseLatency(client, range)),
    summarise: range => guard(summariseLaunches(client, range)),
    noteLinks: links => guard(noteLinks(client, links)),
    findLinked: links => guard(findLinked(client, links)),
    arrivedSince: since => guardEach(arrivedSince(client, since)),
    launchesBegun: (range, options) => guardEach(launchesBegun(client, range, options)),
    launchesInProgress: () => guardEach(launchesInProgress(client)),
    readProgress: () => guard(readProgress(client)),
    noteProgress: (collector, rebuiltUntil) => guard(noteProgress(client, collector, rebuiltUntil)),
    withoutExported: launches => guard(withoutExported(client, launches)),
    noteExported: launches => guard(noteExported(client, launches)),
    unexported: since => guardEach(unexported(client, since)),
    close: async () => {
      await client.close()
      await afterClose?.()
    },
  }
}
