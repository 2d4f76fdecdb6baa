import { hash64 } from '../core/hash.ts'
import type { EdgeOrigin, Evidence, Span } from '../core/launch.ts'
import type { UnixMicros } from '../core/time.ts'
import { secondsBetween } from '../core/time.ts'
import type { ClockOffsets } from './clocks.ts'
import { clockOf } from './clocks.ts'
import type { Fact } from './fact.ts'

/** Evidence lines kept on one span; what is left out is counted in `launchtrace.evidence_omitted`. */
const EVIDENCE_KEPT = 24

/** Path of the root: the request itself. */
export const ROOT = 'request'

/** What a span is; its id is a hash of this and nothing else, so a rebuild gives the same id. */
export interface SpanDraft {
  readonly trace: string
  /** Unique in the trace, for example `launch/<instance>/build/compute-1/image`. */
  readonly path: string
  /** Path of the parent; empty for the root. */
  readonly parent: string
  readonly name: string
  readonly service: string
  readonly host: string
  readonly from: UnixMicros
  readonly to: UnixMicros
  readonly startOrigin: EdgeOrigin
  readonly endOrigin: EdgeOrigin
  readonly status: Span['status']
  readonly attributes: Readonly<Record<string, string>>
  readonly facts: readonly Fact[]
}

function spanId(trace: string, path: string): string {
  return hash64(`${trace}/${path}`)
}

function evidenceOf({ signal, at }: Fact): Evidence {
  return { at, service: signal.service, host: signal.host, source: signal.source, text: signal.text }
}

function clockAttributes(facts: readonly Fact[], offsets: ClockOffsets): Record<string, string> {
  const shifts = new Set(facts.map(({ signal }) => offsets.get(clockOf(signal)) ?? 0).filter(offset => offset !== 0))
  const [offset] = [...shifts].toSorted((a, b) => Math.abs(b) - Math.abs(a))
  return offset === undefined ? {} : { 'launchtrace.clock_offset_seconds': String(offset / 1e6) }
}

/** Turns a draft into a span. A span never ends before it starts: the later edge gives way, and says that it did. */
export function finishSpan(draft: SpanDraft, offsets: ClockOffsets): Span {
  const from = Math.min(draft.from, draft.to) as UnixMicros
  const kept = draft.facts.slice(0, EVIDENCE_KEPT)
  const omitted = draft.facts.length - kept.length
  return {
    spanId: spanId(draft.trace, draft.path),
    parentSpanId: draft.parent === '' ? '' : spanId(draft.trace, draft.parent),
    name: draft.name,
    service: draft.service,
    host: draft.host,
    startedAt: from,
    durationSeconds: secondsBetween(from, draft.to),
    status: draft.status,
    attributes: {
      ...draft.attributes,
      ...clockAttributes(draft.facts, offsets),
      ...(omitted > 0 ? { 'launchtrace.evidence_omitted': String(omitted) } : {}),
    },
    edges: { start: from < draft.from ? 'inferred' : draft.startOrigin, end: draft.endOrigin },
    evidence: kept.map(evidenceOf),
  }
}
