import type { Attempt, Failure, Launch, Phase, Span } from '../../src/core/launch.ts'
import { formatMicros } from '../../src/core/time.ts'
import type { UnixMicros } from '../../src/core/time.ts'

/* Programs of other people read these names: they are stable. */

/** A launch as `launches --json` and `/api/launches` print it. Times are RFC 3339, UTC, microseconds. */
export interface LaunchJson {
  readonly trace_id: string
  readonly request_id: string
  readonly instance_id: string | null
  readonly project_id: string
  readonly user_id: string
  readonly display_name: string
  readonly host: string
  readonly availability_zone: string
  readonly flavor: string
  readonly image_id: string
  readonly volume_ids: readonly string[]
  readonly port_ids: readonly string[]
  readonly started_at: string
  readonly ended_at: string | null
  readonly duration_seconds: number | null
  readonly outcome: Launch['outcome']
  readonly phases: Launch['phases']
  /** While in progress only: the phase in which it stands, and since when. */
  readonly open_phase?: Phase
  readonly open_since?: string
  readonly attempts: readonly AttemptJson[]
  readonly failure: Failure | null
  readonly steps: readonly string[]
  readonly signals: number
}

export interface AttemptJson {
  readonly host: string
  readonly started_at: string
  readonly ended_at: string | null
  readonly outcome: Launch['outcome']
}

export interface SpanJson {
  readonly span_id: string
  readonly parent_span_id: string
  readonly name: string
  readonly service: string
  readonly host: string
  readonly started_at: string
  readonly duration_seconds: number
  readonly status: Span['status']
  readonly attributes: Span['attributes']
  readonly edges: Span['edges']
  readonly evidence: readonly EvidenceJson[]
}

interface EvidenceJson {
  readonly at: string
  readonly service: string
  readonly host: string
  readonly source: string
  readonly text: string
}

function formatOptional(at: UnixMicros | undefined): string | null {
  return at === undefined ? null : formatMicros(at)
}

function attemptToJson({ host, startedAt, endedAt, outcome }: Attempt): AttemptJson {
  return { host, started_at: formatMicros(startedAt), ended_at: formatOptional(endedAt), outcome }
}

function failureToJson({ phase, service, host, cause, exception, message }: Failure): Failure {
  return { phase, service, host, cause, exception, message }
}

export function launchToJson(launch: Omit<Launch, 'spans'>): LaunchJson {
  return {
    trace_id: launch.traceId,
    request_id: launch.requestId,
    instance_id: launch.instanceId ?? null,
    project_id: launch.projectId,
    user_id: launch.userId,
    display_name: launch.displayName,
    host: launch.host,
    availability_zone: launch.availabilityZone,
    flavor: launch.flavor,
    image_id: launch.imageId,
    volume_ids: launch.volumeIds,
    port_ids: launch.portIds,
    started_at: formatMicros(launch.startedAt),
    ended_at: formatOptional(launch.endedAt),
    duration_seconds: launch.durationSeconds ?? null,
    outcome: launch.outcome,
    phases: launch.phases,
    ...(launch.open === undefined
      ? {}
      : { open_phase: launch.open.phase, open_since: formatMicros(launch.open.since) }),
    attempts: launch.attempts.map(attemptToJson),
    failure: launch.failure === undefined ? null : failureToJson(launch.failure),
    steps: launch.steps,
    signals: launch.signals,
  }
}

export function spanToJson(span: Span): SpanJson {
  return {
    span_id: span.spanId,
    parent_span_id: span.parentSpanId,
    name: span.name,
    service: span.service,
    host: span.host,
    started_at: formatMicros(span.startedAt),
    duration_seconds: span.durationSeconds,
    status: span.status,
    attributes: span.attributes,
    edges: { start: span.edges.start, end: span.edges.end },
    evidence: span.evidence.map(({ at, service, host, source, text }) => ({
      at: formatMicros(at),
      service,
      host,
      source,
      text,
    })),
  }
}
