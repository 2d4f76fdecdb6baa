import type { EdgeOrigin, Evidence, Span } from '../core/launch.ts'
import { micros } from '../core/time.ts'
import type { UnixMicros } from '../core/time.ts'

/** The spans of a launch and their evidence as parallel arrays. Moments are microseconds since the launch started. */
export interface SpanColumns {
  readonly span_id: readonly string[]
  readonly span_parent: readonly string[]
  readonly span_name: readonly string[]
  readonly span_service: readonly string[]
  readonly span_host: readonly string[]
  readonly span_start: readonly number[]
  readonly span_duration: readonly number[]
  readonly span_status: readonly Span['status'][]
  readonly span_attributes: readonly Readonly<Record<string, string>>[]
  readonly span_start_edge: readonly EdgeOrigin[]
  readonly span_end_edge: readonly EdgeOrigin[]
  /** For each span, positions in the evidence arrays, from 0. */
  readonly span_evidence: readonly (readonly number[])[]
  readonly evidence_at: readonly number[]
  readonly evidence_service: readonly string[]
  readonly evidence_host: readonly string[]
  readonly evidence_source: readonly string[]
  readonly evidence_text: readonly string[]
}

export const SPAN_COLUMNS = `span_id, span_parent, span_name, span_service, span_host, span_start, span_duration, span_status,
  span_attributes, span_start_edge, span_end_edge, span_evidence, evidence_at, evidence_service, evidence_host,
  evidence_source, evidence_text`

interface EvidenceIndex {
  readonly all: readonly Evidence[]
  readonly bySpan: readonly (readonly number[])[]
}

/** One line often proves the end of one span and the start of the next: it is stored once. */
function indexEvidence(spans: readonly Span[]): EvidenceIndex {
  const positions = new Map<string, number>()
  const all: Evidence[] = []
  const positionOf = (evidence: Evidence): number => {
    const { at, service, host, source, text } = evidence
    const identity = [at, service, host, source, text].join('\0')
    const known = positions.get(identity)
    if (known !== undefined) return known
    positions.set(identity, all.length)
    return all.push(evidence) - 1
  }
  return { bySpan: spans.map(span => span.evidence.map(positionOf)), all }
}

export function toSpanColumns(spans: readonly Span[], launchStart: UnixMicros): SpanColumns {
  const evidence = indexEvidence(spans)
  return {
    span_id: spans.map(span => span.spanId),
    span_parent: spans.map(span => span.parentSpanId),
    span_name: spans.map(span => span.name),
    span_service: spans.map(span => span.service),
    span_host: spans.map(span => span.host),
    span_start: spans.map(span => span.startedAt - launchStart),
    span_duration: spans.map(span => span.durationSeconds),
    span_status: spans.map(span => span.status),
    span_attributes: spans.map(span => span.attributes),
    span_start_edge: spans.map(span => span.edges.start),
    span_end_edge: spans.map(span => span.edges.end),
    span_evidence: evidence.bySpan,
    evidence_at: evidence.all.map(entry => entry.at - launchStart),
    evidence_service: evidence.all.map(entry => entry.service),
    evidence_host: evidence.all.map(entry => entry.host),
    evidence_source: evidence.all.map(entry => entry.source),
    evidence_text: evidence.all.map(entry => entry.text),
  }
}

function readEvidence(columns: SpanColumns, launchStart: UnixMicros): readonly Evidence[] {
  return columns.evidence_text.map((text, index) => ({
    at: micros(launchStart + (columns.evidence_at[index] ?? 0)),
    service: columns.evidence_service[index] ?? '',
    host: columns.evidence_host[index] ?? '',
    source: columns.evidence_source[index] ?? '',
    text,
  }))
}

export function fromSpanColumns(columns: SpanColumns, launchStart: UnixMicros): readonly Span[] {
  const evidence = readEvidence(columns, launchStart)
  return columns.span_id.map((spanId, index) => ({
    spanId,
    parentSpanId: columns.span_parent[index] ?? '',
    name: columns.span_name[index] ?? '',
    service: columns.span_service[index] ?? '',
    host: columns.span_host[index] ?? '',
    startedAt: micros(launchStart + (columns.span_start[index] ?? 0)),
    durationSeconds: columns.span_duration[index] ?? 0,
    status: columns.span_status[index] ?? 'unset',
    attributes: columns.span_attributes[index] ?? {},
    edges: {
      start: columns.span_start_edge[index] ?? 'inferred',
      end: columns.span_end_edge[index] ?? 'inferred',
    },
    evidence: (columns.span_evidence[index] ?? []).flatMap(position => evidence[position] ?? []),
  }))
}
