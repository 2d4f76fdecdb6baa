import { toDateTime64 } from './moment.ts'
import type { LaunchFilter } from './store.ts'

/** The conditions, the order and the parameters of a list of launches. */
export interface LaunchSelection {
  readonly where: string
  readonly order: string
  readonly params: Readonly<Record<string, unknown>>
}

const BY_INSTANCE = `(trace_id, instance_id) IN
  (SELECT trace_id, instance_id FROM launch_ids WHERE startsWith(instance_id, {instance:String}))`

function conditionsOf({ since, until, outcome, host, project, instance, slowest }: LaunchFilter): readonly string[] {
  const conditions = [
    since === undefined ? '' : "launches.started_at >= {since:DateTime64(6, 'UTC')}",
    until === undefined ? '' : "launches.started_at < {until:DateTime64(6, 'UTC')}",
    outcome === undefined ? '' : 'outcome = {outcome:String}',
    host === undefined ? '' : 'host = {host:String}',
    project === undefined ? '' : 'project_id = {project:String}',
    instance === undefined ? '' : BY_INSTANCE,
    slowest === undefined ? '' : 'duration_seconds IS NOT NULL',
  ]
  return conditions.filter(condition => condition !== '')
}

/** The longest first for `slowest`, which leaves out launches that have not ended; else by start and instance. */
export function launchSelection(filter: LaunchFilter): LaunchSelection {
  const conditions = conditionsOf(filter)
  const { since, until, outcome, host, project, instance, slowest } = filter
  const most = Math.min(slowest ?? Infinity, filter.limit ?? Infinity)
  const byStart = 'launches.started_at, instance_id, trace_id'
  const order = slowest === undefined ? byStart : `duration_seconds DESC, ${byStart}`
  const params = {
    since: since === undefined ? undefined : toDateTime64(since),
    until: until === undefined ? undefined : toDateTime64(until),
    outcome,
    host,
    project,
    instance: instance?.toLowerCase(),
    most: most === Infinity ? undefined : most,
  }
  return {
    where: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`,
    order: `ORDER BY ${order} ${most === Infinity ? '' : 'LIMIT {most:UInt64}'}`,
    params: Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined)),
  }
}
