import type { ClickHouseClient } from '@clickhouse/client'
import { linksOf } from '../core/links.ts'
import type { Signal } from '../core/signal.ts'
import { micros } from '../core/time.ts'
import { toDateTime64 } from './moment.ts'
import { chunksOf, IDS_PER_QUESTION, inBatchesOf, readRows, streamRows } from './rows.ts'
import { fromSignalRow, SIGNAL_COLUMNS } from './signal-row.ts'
import type { SignalRow } from './signal-row.ts'
import type { Seed, SeedProofs, TimeRange } from './store.ts'

type Row = Omit<SignalRow<number>, 'key'>

/** Signals that may lie alone in the future before the next one counts as the last, and how far. */
const STRAYS = 20
const STRAY_MICROS = 86_400e6

/** One line with a wrong date must not make everything that is unfinished look long silent. */
function withoutStrays(latest: readonly number[]): number {
  const strays = latest.findIndex((at, index) => at - (latest[index + 1] ?? at) <= STRAY_MICROS)
  return latest[Math.max(strays, 0)] ?? 0
}

/** The moments of the first and of the last signal, a few that lie alone days after all others left out. */
export async function signalRange(client: ClickHouseClient): Promise<TimeRange | undefined> {
  const [row] = await readRows<{ first: number; latest: readonly number[]; known: number }>(client, {
    query: `SELECT toUnixTimestamp64Micro(min(at)) AS first, count() AS known,
        arrayReverseSort(groupArraySorted(${String(STRAYS + 1)})(-toUnixTimestamp64Micro(at))) AS negated,
        arrayMap(moment -> -moment, arraySort(negated)) AS latest
      FROM signals`,
  })
  if (row === undefined || row.known === 0) return undefined
  return { from: micros(row.first), to: micros(withoutStrays(row.latest)) }
}

/**
 * Bounds on what one id may bring along, so that an id which a client sends with everything, or an instance that was
 * polled for months, cannot fill memory. A launch stands at the beginning of what is said of its instance.
 */
const KEYS_OF_LINK = 10_000
const SIGNALS_OF_KEY = 20_000

const FIND = `SELECT ${SIGNAL_COLUMNS} FROM signals
  WHERE key NOT IN {known:Array(String)} AND key IN (
    SELECT key FROM links WHERE link IN {links:Array(String)} ORDER BY link, key LIMIT ${String(KEYS_OF_LINK)} BY link
    UNION ALL SELECT arrayJoin({links:Array(String)})
  )
  ORDER BY key, signals.at, id LIMIT ${String(SIGNALS_OF_KEY)} BY key`

/** A key gathers more than the link that led to it, so every signal is asked for its own links again. */
export async function findSignals(
  client: ClickHouseClient,
  links: readonly string[],
  known: readonly string[] = [],
): Promise<readonly Signal[]> {
  const wanted = new Set(links)
  const found = new Map<string, Signal>()
  for (const chunk of chunksOf(IDS_PER_QUESTION, [...wanted])) {
    for await (const rows of streamRows<Row>(client, { query: FIND, params: { links: chunk, known } })) {
      const signals = rows.map(fromSignalRow).filter(signal => linksOf(signal).some(link => wanted.has(link)))
      for (const signal of signals) found.set(signal.id, signal)
    }
  }
  return [...found.values()]
}

const STREAM = `SELECT ${SIGNAL_COLUMNS} FROM signals WHERE name IN {names:Array(String)}
  AND signals.at >= {from:DateTime64(6, 'UTC')} AND signals.at < {to:DateTime64(6, 'UTC')} ORDER BY signals.at, id`

/** All moments that the table can hold. */
const ALWAYS: TimeRange = { from: micros(Date.UTC(1900, 0, 2) * 1000), to: micros(Date.UTC(2299, 11, 30) * 1000) }

/** In order of time a signal that was written twice comes twice in a row: dropping it needs no memory. */
export async function* streamSignals(
  client: ClickHouseClient,
  { names, range = ALWAYS }: { readonly names: readonly string[]; readonly range?: TimeRange | undefined },
): AsyncIterable<readonly Signal[]> {
  let last = ''
  const params = { names, from: toDateTime64(range.from), to: toDateTime64(range.to) }
  for await (const rows of streamRows<Row>(client, { query: STREAM, params })) {
    const signals: Signal[] = []
    for (const row of rows) {
      if (row.id !== last) signals.push(fromSignalRow(row))
      last = row.id
    }
    if (signals.length > 0) yield signals
  }
}

const SEEDS = `SELECT kind, value FROM (
    SELECT 'instance' AS kind, arrayJoin(instances) AS value, at FROM signals WHERE name IN {instanceProofs:Array(String)}
    UNION ALL
    SELECT 'request' AS kind, request AS value, at FROM signals WHERE name IN {requestProofs:Array(String)}
  )
  WHERE value != ''
  GROUP BY kind, value
  ORDER BY min(at), kind, value`

export function readSeeds(
  client: ClickHouseClient,
  proofs: SeedProofs,
  batchSize: number,
): AsyncIterable<readonly Seed[]> {
  return inBatchesOf(batchSize, streamRows<Seed>(client, { query: SEEDS, params: { ...proofs } }))
}
