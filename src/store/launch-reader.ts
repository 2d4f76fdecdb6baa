import type { ClickHouseClient } from '@clickhouse/client'
import { PHASES } from '../core/launch.ts'
import type { Launch } from '../core/launch.ts'
import { fromLaunchHeadRow, fromLaunchRow, LAUNCH_COLUMNS } from './launch-row.ts'
import type { LaunchHeadRow } from './launch-row.ts'
import { launchSelection } from './launch-selection.ts'
import { toDateTime64 } from './moment.ts'
import { readRows, streamRows } from './rows.ts'
import { SPAN_COLUMNS } from './span-columns.ts'
import type { SpanColumns } from './span-columns.ts'
import type { LaunchFilter, PhaseLatency, TimeRange } from './store.ts'
import { traceOf } from './trace-of.ts'

export async function* readLaunches(client: ClickHouseClient, filter: LaunchFilter): AsyncIterable<readonly Launch[]> {
  const { where, order, params } = launchSelection(filter)
  const query = `SELECT ${LAUNCH_COLUMNS} FROM launches FINAL ${where} ${order}`
  for await (const rows of streamRows<LaunchHeadRow<number>>(client, { query, params }))
    if (rows.length > 0) yield rows.map(fromLaunchHeadRow)
}

/** Fewer characters name nothing. */
const SHORTEST_PREFIX = 4
const MOST_FOUND = 50

/** The dashes of a uuid, for a prefix that was given without them. */
function withDashes(prefix: string): string {
  if (prefix.includes('-')) return prefix
  return [prefix.slice(0, 8), prefix.slice(8, 12), prefix.slice(12, 16), prefix.slice(16, 20), prefix.slice(20)]
    .filter(part => part !== '')
    .join('-')
}

const FIND = `SELECT ${LAUNCH_COLUMNS}, ${SPAN_COLUMNS} FROM launches FINAL
  WHERE startsWith(trace_id, {trace:String}) OR (trace_id, instance_id) IN
    (SELECT trace_id, instance_id FROM launch_ids WHERE {instance:String} != '' AND startsWith(instance_id, {instance:String}))
  ORDER BY launches.started_at, instance_id LIMIT {most:UInt32}`

/** A prefix that starts with `req-` names requests only; any other may name a request, a trace or an instance. */
export async function findLaunches(client: ClickHouseClient, id: string): Promise<readonly Launch[]> {
  const given = id.trim().toLowerCase()
  const trace = traceOf(given)
  if (trace.length < SHORTEST_PREFIX) return []
  const instance = given.startsWith('req-') ? '' : withDashes(given)
  const params = { trace, instance, most: MOST_FOUND }
  const rows = await readRows<LaunchHeadRow<number> & SpanColumns>(client, { query: FIND, params })
  return rows.map(fromLaunchRow)
}

/** The sketch of a t-digest is small whatever the number of launches, and exact enough in the tails. */
const LATENCY = `SELECT phase, count() AS launches, quantilesTDigest(0.5, 0.95, 0.99)(seconds) AS quantiles
  FROM launches FINAL
  ARRAY JOIN arrayPushBack(mapKeys(phases), 'launch') AS phase, arrayPushBack(mapValues(phases), duration_seconds) AS seconds
  WHERE launches.started_at >= {from:DateTime64(6, 'UTC')} AND launches.started_at < {to:DateTime64(6, 'UTC')}
    AND duration_seconds IS NOT NULL
  GROUP BY phase`

interface LatencyRow {
  readonly phase: PhaseLatency['phase']
  readonly launches: number
  readonly quantiles: readonly [number, number, number]
}

const LATENCY_ORDER: readonly string[] = ['launch', ...PHASES]

/** Of the launches that started in `range` and have ended; the whole launch first, then the phases in their order. */
export async function phaseLatency(client: ClickHouseClient, range: TimeRange): Promise<readonly PhaseLatency[]> {
  const params = { from: toDateTime64(range.from), to: toDateTime64(range.to) }
  const rows = await readRows<LatencyRow>(client, { query: LATENCY, params })
  return [...rows]
    .sort((left, right) => LATENCY_ORDER.indexOf(left.phase) - LATENCY_ORDER.indexOf(right.phase))
    .map(({ phase, launches, quantiles: [p50, p95, p99] }) => ({ phase, launches, p50, p95, p99 }))
}
