import type { EdgeOrigin, Phase, Span } from '../core/launch.ts'
import type { UnixMicros } from '../core/time.ts'
import { callDrafts } from './calls.ts'
import type { ClockOffsets } from './clocks.ts'
import type { Interval } from './critical-path.ts'
import { detailDrafts } from './detail-drafts.ts'
import type { Fact } from './fact.ts'
import type { PhaseRule } from './phases.ts'
import { PHASE_RULES } from './phases.ts'
import type { Picture } from './picture.ts'
import { fits } from './sight.ts'
import type { SpanDraft } from './span-tree.ts'
import { finishSpan, ROOT } from './span-tree.ts'

/** What spans are made from. */
export interface SpanInput {
  readonly trace: string
  readonly request: string
  readonly instance: string
  readonly ports: readonly string[]
  readonly volumes: readonly string[]
  readonly picture: Picture
  readonly offsets: ClockOffsets
  /** Whether this launch carries the spans that all launches of its request share: the first of them does. */
  readonly carriesShared: boolean
  /** Whether its request made no other instance. */
  readonly isOnly: boolean
}

const SHARED: ReadonlySet<Phase> = new Set(['api', 'schedule'])

/** How far outside a phase a fact may lie and still be what shows its edge. Microseconds. */
const MARGIN = 50_000

/** What shows a phase: facts that its rule looks for, said while it ran. */
function proofsOf(rule: PhaseRule, facts: readonly Fact[], { from, to }: Edges): readonly Fact[] {
  const sights = [...rule.starts, ...rule.ends]
  return facts.filter(
    fact => fact.at >= from - MARGIN && fact.at <= to + MARGIN && sights.some(sight => fits(fact, sight)),
  )
}

interface Edges {
  readonly from: UnixMicros
  readonly to: UnixMicros
  readonly startOrigin: EdgeOrigin
  readonly endOrigin: EdgeOrigin
}

/** Edges of a phase as it ran; an edge that no signal shows is taken from the critical path, and says so. */
function edgesOf({ rule, interval, within }: PhaseInput, picture: Picture): Edges | undefined {
  const waited = picture.stretches.filter(
    ({ phase, from, to }) => phase === rule.phase && to > within.from && from < within.to,
  )
  const from = interval?.start ?? waited[0]?.from
  const to = interval?.end ?? waited.at(-1)?.to
  if (from === undefined || to === undefined || to < from) return undefined
  return {
    from,
    to,
    startOrigin: interval?.start === undefined ? 'inferred' : interval.startOrigin,
    endOrigin: interval?.end === undefined ? 'inferred' : interval.endOrigin,
  }
}

interface PhaseInput {
  readonly rule: PhaseRule
  readonly interval: Interval | undefined
  readonly facts: readonly Fact[]
  readonly parent: string
  readonly host: string
  /** The stretch of the critical path that it is about: a try's own, or all of it. */
  readonly within: { readonly from: number; readonly to: number }
}

const ALL = { from: -Infinity, to: Infinity }

function waitedSeconds(picture: Picture, phase: Phase, { from, to }: { from: number; to: number }): number {
  const parts = picture.stretches.filter(stretch => stretch.phase === phase)
  return parts.reduce((sum, part) => sum + Math.max(0, Math.min(part.to, to) - Math.max(part.from, from)), 0) / 1e6
}

function phaseDraft(input: SpanInput, of: PhaseInput): SpanDraft | undefined {
  const { rule, parent } = of
  const edges = edgesOf(of, input.picture)
  if (edges === undefined) return undefined
  const failed = input.picture.failure?.phase === rule.phase && input.picture.ending.outcome === 'error'
  const proofs = proofsOf(rule, of.facts, edges)
  const waited = waitedSeconds(input.picture, rule.phase, edges)
  return {
    trace: input.trace,
    path: `${parent}/${rule.phase}`,
    parent,
    name: rule.phase,
    service: rule.service,
    host: of.host === '' ? (proofs[0]?.signal.host ?? '') : of.host,
    ...edges,
    status: failed ? 'error' : 'ok',
    attributes: { 'launchtrace.kind': 'phase', 'launchtrace.critical_path_seconds': String(waited) },
    facts: proofs,
  }
}

function tryDrafts(input: SpanInput, launch: string): SpanDraft[] {
  const { picture, trace } = input
  return picture.tries.flatMap(({ of, drawn }, index) => {
    const path = `${launch}/build/${of.host}`
    const isLast = index === picture.tries.length - 1
    const within = { from: of.startedAt, to: picture.tries[index + 1]?.of.startedAt ?? Infinity }
    // A build goes on for a while when its instance is deleted, and may even begin after that.
    const to = isLast ? (Math.max(picture.until, of.startedAt) as UnixMicros) : drawn.leftAt
    const failed = !isLast || picture.ending.outcome === 'error'
    const build: SpanDraft = {
      trace,
      path,
      parent: launch,
      name: 'build',
      service: 'nova-compute',
      host: of.host,
      from: of.startedAt,
      to,
      startOrigin: 'measured',
      endOrigin: isLast ? picture.ending.origin : 'measured',
      status: failed ? 'error' : 'ok',
      attributes: { 'launchtrace.kind': 'attempt', 'launchtrace.attempt': String(index + 1) },
      facts: of.facts.filter(({ signal }) =>
        /^(notif\.nova\.[vl]\.create|nova\.compute\.(start|build))/.test(signal.name),
      ),
    }
    const phases = PHASE_RULES.filter(rule => rule.scope === 'attempt').map(rule => {
      const interval = drawn.intervals.get(rule.phase)
      const waited = isLast || interval !== undefined
      const phase = { rule, interval, facts: of.facts, parent: path, host: of.host, within }
      return waited ? phaseDraft(input, phase) : undefined
    })
    return [build, ...phases.filter(draft => draft !== undefined)]
  })
}

function launchDraft(input: SpanInput, launch: string): SpanDraft {
  const { picture, instance, trace } = input
  const { outcome } = picture.ending
  return {
    trace,
    path: launch,
    parent: ROOT,
    name: 'launch',
    service: 'nova',
    host: picture.tries.at(-1)?.of.host ?? '',
    from: picture.startedAt,
    to: picture.until,
    startOrigin: picture.start?.origin ?? 'inferred',
    endOrigin: picture.ending.origin,
    status: outcome === 'active' ? 'ok' : outcome === 'error' ? 'error' : 'unset',
    attributes: { 'launchtrace.kind': 'launch', 'openstack.instance.id': instance, 'launchtrace.outcome': outcome },
    facts: [picture.start?.fact, picture.ending.fact].filter(fact => fact !== undefined),
  }
}

function rootDraft(input: SpanInput, children: readonly SpanDraft[]): SpanDraft {
  const { picture, trace, request } = input
  return {
    trace,
    path: ROOT,
    parent: '',
    name: 'POST /servers',
    service: 'nova-api',
    host: picture.start?.fact.signal.host ?? '',
    from: picture.startedAt,
    to: Math.max(picture.until, ...children.map(child => child.to)) as UnixMicros,
    startOrigin: picture.start?.origin ?? 'inferred',
    endOrigin: 'inferred',
    status: picture.ending.outcome === 'error' ? 'error' : 'unset',
    attributes: { 'launchtrace.kind': 'request', 'launchtrace.shared': 'true', 'openstack.request.id': request },
    facts: picture.start === undefined ? [] : [picture.start.fact],
  }
}

function launchPhaseDrafts(input: SpanInput, launch: string): SpanDraft[] {
  const { picture } = input
  const drafts: SpanDraft[] = []
  for (const rule of PHASE_RULES) {
    const { phase } = rule
    if (rule.scope !== 'launch' || (SHARED.has(phase) && !input.carriesShared)) continue
    const parent = SHARED.has(phase) ? ROOT : launch
    const interval = picture.launchIntervals.get(phase)
    const draft = phaseDraft(input, { rule, interval, facts: picture.facts, parent, host: '', within: ALL })
    if (draft === undefined) continue
    drafts.push(
      SHARED.has(phase) ? { ...draft, attributes: { ...draft.attributes, 'launchtrace.shared': 'true' } } : draft,
    )
  }
  const reschedules = picture.stretches.filter(({ phase }) => phase === 'reschedule')
  for (const [index, { from, to }] of reschedules.entries()) {
    const edges = { from, to, startOrigin: 'measured', endOrigin: 'measured' } as const
    const facts = picture.facts.filter(
      ({ signal, at }) => at >= from && at <= to && signal.service === 'nova-conductor',
    )
    const attributes = { 'launchtrace.kind': 'phase', 'launchtrace.critical_path_seconds': String((to - from) / 1e6) }
    const path = `${launch}/reschedule/${String(index + 1)}`
    drafts.push({
      trace: input.trace,
      path,
      parent: launch,
      name: 'reschedule',
      service: 'nova-conductor',
      host: '',
      ...edges,
      status: 'ok',
      attributes,
      facts,
    })
  }
  return drafts
}

/** All spans of one launch: the request, the launch, its tries, their phases, and the calls and work below them. */
export function drawSpans(input: SpanInput): readonly Span[] {
  const launch = input.instance === '' ? ROOT : `launch/${input.instance}`
  const own = input.instance === '' ? [] : [launchDraft(input, launch), ...tryDrafts(input, launch)]
  const phases = [...own, ...launchPhaseDrafts(input, launch)]
  const below = [...detailDrafts(input, phases, launch), ...callDrafts(input, phases, launch)]
  const drafts = [...phases, ...below]
  const root = input.carriesShared ? [rootDraft(input, drafts)] : []
  return [...root, ...drafts].map(draft => finishSpan(draft, input.offsets))
}
