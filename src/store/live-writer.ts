import type { ClickHouseClient } from '@clickhouse/client'
import { linksOf } from '../core/links.ts'
import type { Signal } from '../core/signal.ts'
import type { UnixMicros } from '../core/time.ts'
import type { LaunchName } from './live-store.ts'
import { toDateTime64 } from './moment.ts'
import { insertRows } from './rows.ts'
import type { LaunchLink } from './store.ts'

/** Notes which links some signals carry, so that what they touch is rebuilt even if this process dies now. */
export function noteArrivals(client: ClickHouseClient, signals: readonly Signal[]): Promise<void> {
  const links = new Set(signals.flatMap(linksOf))
  return insertRows(
    client,
    'arrivals',
    [...links].map(link => ({ link })),
  )
}

export function noteLinks(client: ClickHouseClient, links: readonly LaunchLink[]): Promise<void> {
  return insertRows(
    client,
    'launch_links',
    links.map(({ link, of: { kind, value } }) => ({ link, kind, value })),
  )
}

export function noteProgress(client: ClickHouseClient, collector: string, rebuiltUntil: UnixMicros): Promise<void> {
  return insertRows(client, 'collectors', [{ collector, rebuilt_until: toDateTime64(rebuiltUntil) }])
}

export function noteExported(client: ClickHouseClient, launches: readonly LaunchName[]): Promise<void> {
  return insertRows(
    client,
    'exports',
    launches.map(({ traceId, instanceId = '' }) => ({ trace_id: traceId, instance_id: instanceId })),
  )
}
