import type { ClickHouseClient } from '@clickhouse/client'
import type { Launch } from '../core/launch.ts'
import { micros } from '../core/time.ts'
import type { UnixMicros } from '../core/time.ts'
import { toLaunchRow } from './launch-row.ts'
import { toDateTime64, weekOf } from './moment.ts'
import { chunksOf, IDS_PER_QUESTION, insertRows, readRows } from './rows.ts'
import type { LaunchScope } from './store.ts'
import { traceOf } from './trace-of.ts'

/** Whole launches with their evidence are some 20 KB of JSON each. */
const LAUNCHES_PER_INSERT = 500

/** A stored row as far as replacing it needs. A retracted row still counts: what follows must outbid its version. */
interface Stored {
  readonly trace_id: string
  readonly instance_id: string
  readonly start_micros: number
  readonly newest: number
  readonly retracted: 0 | 1
}

const STORED = `SELECT trace_id, instance_id, toUnixTimestamp64Micro(any(started_at)) AS start_micros,
  max(version) AS newest, argMax(is_deleted, version) AS retracted FROM launches`
const EACH_ONCE = 'GROUP BY trace_id, instance_id, toMonday(started_at)'

const BY_TRACE = `${STORED} WHERE trace_id IN {ids:Array(String)} ${EACH_ONCE}`

const BY_INSTANCE = `${STORED} WHERE (trace_id, instance_id) IN
  (SELECT trace_id, instance_id FROM launch_ids WHERE instance_id IN {ids:Array(String)}) ${EACH_ONCE}`

/** What makes a row of `launches` the same row: its sorting key. */
function identityOf(row: Stored): string {
  return `${row.trace_id} ${row.instance_id} ${String(weekOf(micros(row.start_micros)))}`
}

function identityOfLaunch(launch: Launch): string {
  return `${launch.traceId} ${launch.instanceId ?? ''} ${String(weekOf(launch.startedAt))}`
}

async function readStored(client: ClickHouseClient, query: string, ids: readonly string[]): Promise<readonly Stored[]> {
  const found: Stored[] = []
  for (const chunk of chunksOf(IDS_PER_QUESTION, ids))
    found.push(...(await readRows<Stored>(client, { query, params: { ids: chunk } })))
  return found
}

/** Every stored row that the new launches may replace or that belongs to the scope, by identity. */
async function findStored(
  client: ClickHouseClient,
  scope: LaunchScope,
  launches: readonly Launch[],
): Promise<ReadonlyMap<string, Stored>> {
  const traces = new Set([...scope.requests.map(traceOf), ...launches.map(launch => launch.traceId)])
  const rows = [
    ...(await readStored(client, BY_TRACE, [...traces])),
    ...(await readStored(client, BY_INSTANCE, [...new Set(scope.instances)])),
  ]
  return new Map(rows.map(row => [identityOf(row), row]))
}

/** A stored row from so far in the future was written before the engine's clock was set back. Microseconds. */
const SET_BACK = 60e6

/** Later facts replace earlier ones, when two writers race too. */
function versionOf(readAt: UnixMicros, stored: Stored | undefined): number {
  return stored !== undefined && stored.newest > readAt + SET_BACK ? stored.newest + 1 : readAt
}

/** A row that makes the stored one disappear, unless that was made from later facts. */
function toRetraction(stored: Stored, readAt: UnixMicros): object {
  return {
    trace_id: stored.trace_id,
    instance_id: stored.instance_id,
    started_at: toDateTime64(micros(stored.start_micros)),
    version: versionOf(readAt, stored),
    is_deleted: 1,
  }
}

function findStale(
  stored: ReadonlyMap<string, Stored>,
  scope: LaunchScope,
  launches: readonly Launch[],
): readonly Stored[] {
  const kept = new Set(launches.map(identityOfLaunch))
  const traces = new Set(scope.requests.map(traceOf))
  const instances = new Set(scope.instances)
  const written = new Set(launches.map(launch => `${launch.traceId} ${launch.instanceId ?? ''}`))
  return [...stored].flatMap(([identity, row]) => {
    const inScope =
      traces.has(row.trace_id) || instances.has(row.instance_id) || written.has(`${row.trace_id} ${row.instance_id}`)
    return inScope && row.retracted === 0 && !kept.has(identity) ? [row] : []
  })
}

/** Ids go first, as links do for signals; retractions go with the first new rows, so that nothing is seen twice. */
export async function replaceLaunches(
  client: ClickHouseClient,
  scope: LaunchScope,
  launches: readonly Launch[],
): Promise<void> {
  const stored = await findStored(client, scope, launches)
  const known = launches.filter(launch => launch.instanceId !== undefined)
  await insertRows(
    client,
    'launch_ids',
    known.map(launch => ({ instance_id: launch.instanceId, trace_id: launch.traceId })),
  )
  const { readAt } = scope
  let retractions = findStale(stored, scope, launches).map(row => toRetraction(row, readAt))
  for (const chunk of chunksOf(LAUNCHES_PER_INSERT, launches)) {
    const rows = chunk.map(launch => toLaunchRow(launch, versionOf(readAt, stored.get(identityOfLaunch(launch)))))
    await insertRows(client, 'launches', [...retractions, ...rows])
    retractions = []
  }
  await insertRows(client, 'launches', retractions)
}
