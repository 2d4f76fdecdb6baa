import type { ClickHouseClient } from '@clickhouse/client'
import type { Signal } from '../core/signal.ts'
import { noteArrivals } from './live-writer.ts'
import { chunksOf, insertRows } from './rows.ts'
import { toLinkRows, toSignalRow } from './signal-row.ts'

/** About 5 MB of JSON in one insert. */
const SIGNALS_PER_INSERT = 10_000

/**
 * Resolves when every signal is durable. Arrivals and links go first: those of a signal that a crash left out are harmless;
 * a signal whose arrival is not noted, or that no link leads to, would be lost to whoever rebuilds.
 */
export async function writeSignals(client: ClickHouseClient, signals: readonly Signal[]): Promise<void> {
  for (const chunk of chunksOf(SIGNALS_PER_INSERT, signals)) {
    await noteArrivals(client, chunk)
    await insertRows(client, 'links', toLinkRows(chunk))
    await insertRows(client, 'signals', chunk.map(toSignalRow))
  }
}
