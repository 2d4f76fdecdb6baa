import type { Attempt, Cause, Failure, Launch, OpenPhase, Outcome, Phase } from '../core/launch.ts'
import { micros } from '../core/time.ts'
import type { UnixMicros } from '../core/time.ts'
import { toDateTime64 } from './moment.ts'
import { fromSpanColumns, toSpanColumns } from './span-columns.ts'
import type { SpanColumns } from './span-columns.ts'

/** A launch without its spans as a row of the table `launches`. `Moment` is text when written, microseconds when read. */
export interface LaunchHeadRow<Moment> {
  readonly trace_id: string
  /** Empty when the request was refused. */
  readonly instance_id: string
  readonly request_id: string
  readonly project_id: string
  readonly user_id: string
  readonly display_name: string
  readonly host: string
  readonly availability_zone: string
  readonly flavor: string
  readonly image_id: string
  readonly volume_ids: readonly string[]
  readonly port_ids: readonly string[]
  readonly started_at: Moment
  readonly ended_at: Moment | null
  readonly duration_seconds: number | null
  readonly outcome: Outcome
  readonly phases: Readonly<Partial<Record<Phase, number>>>
  readonly open_phase: Phase | ''
  readonly open_since: Moment | null
  readonly failure_phase: Phase | ''
  readonly failure_service: string
  readonly failure_host: string
  readonly failure_cause: Cause | ''
  readonly failure_exception: string
  readonly failure_message: string
  readonly steps: readonly string[]
  readonly signals: number
  readonly attempt_host: readonly string[]
  readonly attempt_start: readonly number[]
  readonly attempt_end: readonly (number | null)[]
  readonly attempt_outcome: readonly Outcome[]
}

/** A whole launch as it is written. */
export interface LaunchRow extends LaunchHeadRow<string>, SpanColumns {
  readonly version: number
}

/** What a query selects so that `fromLaunchRow` can read it. */
export const LAUNCH_COLUMNS = `trace_id, instance_id, request_id, project_id, user_id, display_name, host,
  availability_zone, flavor, image_id, volume_ids, port_ids, toUnixTimestamp64Micro(launches.started_at) AS started_at,
  toUnixTimestamp64Micro(launches.ended_at) AS ended_at, duration_seconds, outcome, phases, open_phase,
  toUnixTimestamp64Micro(launches.open_since) AS open_since, failure_phase, failure_service,
  failure_host, failure_cause, failure_exception, failure_message, steps, signals, attempt_host, attempt_start, attempt_end,
  attempt_outcome`

type Attempts = Pick<LaunchHeadRow<never>, 'attempt_host' | 'attempt_start' | 'attempt_end' | 'attempt_outcome'>

function toAttempts(attempts: readonly Attempt[], launchStart: UnixMicros): Attempts {
  return {
    attempt_host: attempts.map(attempt => attempt.host),
    attempt_start: attempts.map(attempt => attempt.startedAt - launchStart),
    attempt_end: attempts.map(attempt => (attempt.endedAt === undefined ? null : attempt.endedAt - launchStart)),
    attempt_outcome: attempts.map(attempt => attempt.outcome),
  }
}

function fromAttempts(row: Attempts, launchStart: UnixMicros): readonly Attempt[] {
  return row.attempt_host.map((host, index) => {
    const end = row.attempt_end[index] ?? undefined
    return {
      host,
      startedAt: micros(launchStart + (row.attempt_start[index] ?? 0)),
      endedAt: end === undefined ? undefined : micros(launchStart + end),
      outcome: row.attempt_outcome[index] ?? 'lost',
    }
  })
}

function fromFailure(row: LaunchHeadRow<number>): Failure | undefined {
  if (row.failure_cause === '' || row.failure_phase === '') return undefined
  return {
    phase: row.failure_phase,
    service: row.failure_service,
    host: row.failure_host,
    cause: row.failure_cause,
    exception: row.failure_exception,
    message: row.failure_message,
  }
}

function fromOpen({ open_phase, open_since }: LaunchHeadRow<number>): OpenPhase | undefined {
  return open_phase === '' || open_since === null ? undefined : { phase: open_phase, since: micros(open_since) }
}

export function toLaunchRow(launch: Launch, version: number): LaunchRow {
  const { failure } = launch
  return {
    trace_id: launch.traceId,
    instance_id: launch.instanceId ?? '',
    version,
    request_id: launch.requestId,
    project_id: launch.projectId,
    user_id: launch.userId,
    display_name: launch.displayName,
    host: launch.host,
    availability_zone: launch.availabilityZone,
    flavor: launch.flavor,
    image_id: launch.imageId,
    volume_ids: launch.volumeIds,
    port_ids: launch.portIds,
    started_at: toDateTime64(launch.startedAt),
    ended_at: launch.endedAt === undefined ? null : toDateTime64(launch.endedAt),
    duration_seconds: launch.durationSeconds ?? null,
    outcome: launch.outcome,
    phases: launch.phases,
    open_phase: launch.open?.phase ?? '',
    open_since: launch.open === undefined ? null : toDateTime64(launch.open.since),
    failure_phase: failure?.phase ?? '',
    failure_service: failure?.service ?? '',
    failure_host: failure?.host ?? '',
    failure_cause: failure?.cause ?? '',
    failure_exception: failure?.exception ?? '',
    failure_message: failure?.message ?? '',
    steps: launch.steps,
    signals: launch.signals,
    ...toAttempts(launch.attempts, launch.startedAt),
    ...toSpanColumns(launch.spans, launch.startedAt),
  }
}

/** A launch without spans. */
export function fromLaunchHeadRow(row: LaunchHeadRow<number>): Launch {
  const startedAt = micros(row.started_at)
  return {
    traceId: row.trace_id,
    requestId: row.request_id,
    instanceId: row.instance_id === '' ? undefined : row.instance_id,
    projectId: row.project_id,
    userId: row.user_id,
    displayName: row.display_name,
    host: row.host,
    availabilityZone: row.availability_zone,
    flavor: row.flavor,
    imageId: row.image_id,
    volumeIds: row.volume_ids,
    portIds: row.port_ids,
    startedAt,
    endedAt: row.ended_at === null ? undefined : micros(row.ended_at),
    durationSeconds: row.duration_seconds ?? undefined,
    outcome: row.outcome,
    phases: row.phases,
    open: fromOpen(row),
    attempts: fromAttempts(row, startedAt),
    failure: fromFailure(row),
    steps: row.steps,
    signals: row.signals,
    spans: [],
  }
}

/** A whole launch. */
export function fromLaunchRow(row: LaunchHeadRow<number> & SpanColumns): Launch {
  const launch = fromLaunchHeadRow(row)
  return { ...launch, spans: fromSpanColumns(row, launch.startedAt) }
}
