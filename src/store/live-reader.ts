import type { ClickHouseClient } from '@clickhouse/client'
import { micros } from '../core/time.ts'
import type { UnixMicros } from '../core/time.ts'
import type { CollectorProgress, LaunchName } from './live-store.ts'
import { toDateTime64 } from './moment.ts'
import { chunksOf, IDS_PER_QUESTION, readRows, streamRows } from './rows.ts'
import type { Seed, TimeRange } from './store.ts'

export async function readNow(client: ClickHouseClient): Promise<UnixMicros> {
  const [row] = await readRows<{ at: number }>(client, { query: 'SELECT toUnixTimestamp64Micro(now64(6)) AS at' })
  return micros(row?.at ?? 0)
}

const LINKED = 'SELECT DISTINCT kind, value FROM launch_links WHERE link IN {links:Array(String)}'

export async function findLinked(client: ClickHouseClient, links: readonly string[]): Promise<readonly Seed[]> {
  const found = new Map<string, Seed>()
  for (const chunk of chunksOf(IDS_PER_QUESTION, links)) {
    for await (const seeds of streamRows<Seed>(client, { query: LINKED, params: { links: chunk } }))
      for (const seed of seeds) found.set(`${seed.kind} ${seed.value}`, seed)
  }
  return [...found.values()]
}

const ARRIVED = `SELECT link FROM arrivals WHERE stored_at >= {since:DateTime64(6, 'UTC')}`

export async function* arrivedSince(client: ClickHouseClient, since: UnixMicros): AsyncIterable<readonly string[]> {
  const params = { since: toDateTime64(since) }
  for await (const rows of streamRows<{ link: string }>(client, { query: ARRIVED, params }))
    yield rows.map(({ link }) => link)
}

/** An instance where there is one: a refused request has none. */
const AS_SEED = `SELECT if(instance_id = '', 'request', 'instance') AS kind,
  if(instance_id = '', request_id, instance_id) AS value FROM launches FINAL`

const BEGUN = `${AS_SEED} WHERE launches.started_at >= {from:DateTime64(6, 'UTC')}
  AND launches.started_at < {to:DateTime64(6, 'UTC')} AND (outcome != 'active' OR {unfinished:UInt8} = 0)`

export function launchesBegun(
  client: ClickHouseClient,
  { from, to }: TimeRange,
  { unfinished }: { readonly unfinished: boolean },
): AsyncIterable<readonly Seed[]> {
  const params = { from: toDateTime64(from), to: toDateTime64(to), unfinished: Number(unfinished) }
  return streamRows<Seed>(client, { query: BEGUN, params })
}

export function launchesInProgress(client: ClickHouseClient): AsyncIterable<readonly Seed[]> {
  return streamRows<Seed>(client, { query: `${AS_SEED} WHERE outcome = 'in_progress'` })
}

const PROGRESS = `SELECT collector, toUnixTimestamp64Micro(collectors.rebuilt_until) AS until,
  toUnixTimestamp64Micro(collectors.seen_at) AS seen FROM collectors FINAL ORDER BY collector`

export async function readProgress(client: ClickHouseClient): Promise<readonly CollectorProgress[]> {
  const rows = await readRows<{ collector: string; until: number; seen: number }>(client, { query: PROGRESS })
  return rows.map(({ collector, until, seen }) => ({
    collector,
    rebuiltUntil: micros(until),
    seenAt: micros(seen),
  }))
}

interface NameRow {
  readonly trace_id: string
  readonly instance_id: string
}

function toName({ trace_id, instance_id }: NameRow): LaunchName {
  return { traceId: trace_id, instanceId: instance_id === '' ? undefined : instance_id }
}

const EXPORTED = 'SELECT DISTINCT trace_id, instance_id FROM exports WHERE trace_id IN {traces:Array(String)}'

export async function withoutExported(
  client: ClickHouseClient,
  launches: readonly LaunchName[],
): Promise<readonly LaunchName[]> {
  const left: LaunchName[] = []
  for (const chunk of chunksOf(IDS_PER_QUESTION, launches)) {
    const params = { traces: chunk.map(({ traceId }) => traceId) }
    const rows = await readRows<NameRow>(client, { query: EXPORTED, params })
    const sent = new Set(rows.map(({ trace_id, instance_id }) => `${trace_id} ${instance_id}`))
    left.push(...chunk.filter(({ traceId, instanceId }) => !sent.has(`${traceId} ${instanceId ?? ''}`)))
  }
  return left
}

const UNEXPORTED = `SELECT trace_id, instance_id FROM launches FINAL
  WHERE launches.started_at >= {since:DateTime64(6, 'UTC')} AND outcome != 'in_progress'
    AND (trace_id, instance_id) NOT IN (SELECT trace_id, instance_id FROM exports)
  ORDER BY launches.started_at, instance_id`

export async function* unexported(client: ClickHouseClient, since: UnixMicros): AsyncIterable<readonly LaunchName[]> {
  const params = { since: toDateTime64(since) }
  for await (const rows of streamRows<NameRow>(client, { query: UNEXPORTED, params })) yield rows.map(toName)
}
