import type { ClickHouseClient } from '@clickhouse/client'
import type { Signal } from '../core/signal.ts'
import { chunksOf, insertRows } from './rows.ts'
import { toLinkRows, toSignalRow } from './signal-row.ts'

/** About 5 MB of JSON in one insert. */
const SIGNALS_PER_INSERT = 10_000

/**
 * Resolves when every signal is durable. Links go first: a link to a signal that a crash left out is harmless, a signal
 * that its links do not lead to would be lost to the reader.
 */
export async function writeSignals(client: ClickHouseClient, signals: readonly Signal[]): Promise<void> {
  for (const chunk of chunksOf(SIGNALS_PER_INSERT, signals)) {
    await insertRows(client, 'links', toLinkRows(chunk))
    await insertRows(client, 'signals', chunk.map(toSignalRow))
  }
}
