import type { Attempt, Launch, OpenPhase, Span } from '../../src/core/launch.ts'
import { parseMicros } from '../../src/core/time.ts'
import type { UnixMicros } from '../../src/core/time.ts'
import type { AttemptJson, LaunchJson, SpanJson } from '../render/json.ts'

function parseOptional(text: string | null): UnixMicros | undefined {
  return text === null ? undefined : parseMicros(text)
}

function attemptFromJson({ host, started_at, ended_at, outcome }: AttemptJson): Attempt {
  return { host, startedAt: parseMicros(started_at), endedAt: parseOptional(ended_at), outcome }
}

function openFromJson({ open_phase, open_since }: LaunchJson): OpenPhase | undefined {
  return open_phase === undefined || open_since === undefined
    ? undefined
    : { phase: open_phase, since: parseMicros(open_since) }
}

/** The inverse of `launchToJson`; spans are given beside because that is how they travel. */
export function launchFromJson(json: LaunchJson, spans: readonly SpanJson[]): Launch {
  return {
    traceId: json.trace_id,
    requestId: json.request_id,
    instanceId: json.instance_id ?? undefined,
    projectId: json.project_id,
    userId: json.user_id,
    displayName: json.display_name,
    host: json.host,
    availabilityZone: json.availability_zone,
    flavor: json.flavor,
    imageId: json.image_id,
    volumeIds: json.volume_ids,
    portIds: json.port_ids,
    startedAt: parseMicros(json.started_at),
    endedAt: parseOptional(json.ended_at),
    durationSeconds: json.duration_seconds ?? undefined,
    outcome: json.outcome,
    phases: json.phases,
    open: openFromJson(json),
    attempts: json.attempts.map(attemptFromJson),
    failure: json.failure ?? undefined,
    steps: json.steps,
    signals: json.signals,
    spans: spans.map(spanFromJson),
  }
}

function spanFromJson(json: SpanJson): Span {
  return {
    spanId: json.span_id,
    parentSpanId: json.parent_span_id,
    name: json.name,
    service: json.service,
    host: json.host,
    startedAt: parseMicros(json.started_at),
    durationSeconds: json.duration_seconds,
    status: json.status,
    attributes: json.attributes,
    edges: json.edges,
    evidence: json.evidence.map(({ at, ...line }) => ({ at: parseMicros(at), ...line })),
  }
}
