import type { ClickHouseClient } from '@clickhouse/client'
import type { Cause, Outcome } from '../core/launch.ts'
import { toDateTime64 } from './moment.ts'
import { readRows } from './rows.ts'
import type { RangeSummary, TimeRange } from './store.ts'

const IN_RANGE = `WHERE started_at >= {from:DateTime64(6, 'UTC')} AND started_at < {to:DateTime64(6, 'UTC')}`

const OUTCOMES = `SELECT outcome AS of, count() AS launches FROM launches FINAL ${IN_RANGE}
  GROUP BY of ORDER BY launches DESC, of`

const CAUSES = `SELECT failure_cause AS of, count() AS launches FROM launches FINAL ${IN_RANGE} AND failure_cause != ''
  GROUP BY of ORDER BY launches DESC, of`

const MOST_HOSTS = 100

const HOSTS = `SELECT host, count() AS launches, countIf(outcome IN ('error', 'lost')) AS failed,
    if(countIf(outcome = 'active') = 0, NULL, quantileTDigestIf(0.95)(assumeNotNull(duration_seconds), outcome = 'active')) AS p95
  FROM launches FINAL ${IN_RANGE} AND host != ''
  GROUP BY host ORDER BY failed DESC, p95 DESC, host LIMIT ${String(MOST_HOSTS)}`

interface CountRow<Of> {
  readonly of: Of
  readonly launches: number
}

interface HostRow {
  readonly host: string
  readonly launches: number
  readonly failed: number
  readonly p95: number | null
}

/** Outcomes, causes and hosts of the launches that started in `range`. */
export async function summariseLaunches(client: ClickHouseClient, range: TimeRange): Promise<RangeSummary> {
  const params = { from: toDateTime64(range.from), to: toDateTime64(range.to) }
  const [outcomes, causes, hosts] = await Promise.all([
    readRows<CountRow<Outcome>>(client, { query: OUTCOMES, params }),
    readRows<CountRow<Cause>>(client, { query: CAUSES, params }),
    readRows<HostRow>(client, { query: HOSTS, params }),
  ])
  return { outcomes, causes, hosts: hosts.map(({ p95, ...host }) => ({ ...host, p95Seconds: p95 ?? undefined })) }
}
