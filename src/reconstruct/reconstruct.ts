import type { Attempt, Launch, Outcome, Phase, Span } from '../core/launch.ts'
import { PHASES } from '../core/launch.ts'
import type { Signal } from '../core/signal.ts'
import type { UnixMicros } from '../core/time.ts'
import { secondsBetween } from '../core/time.ts'
import { hash128 } from '../core/hash.ts'
import { describeLaunch } from './describe.ts'
import { blockOfCase } from './blocks.ts'
import type { Body } from './evidence.ts'
import { collectBody } from './evidence.ts'
import type { SignalIndex } from './signal-index.ts'
import { indexSignals } from './signal-index.ts'
import { underNovasName } from './host-names.ts'
import type { Case } from './identity.ts'
import { findCases } from './identity.ts'
import { selectOwnFacts } from './own-facts.ts'
import type { Picture } from './picture.ts'
import { drawPicture } from './picture.ts'
import { drawSpans } from './spans.ts'
import type { Surroundings, SurroundingsOf } from './surroundings.ts'

/** Steps of the launch flow that a signal shows, by the signal's name. */
export type StepsOf = (name: string) => readonly string[]

/** Sums the stretches by phase. Integers until the end, so that the sum is the duration to the microsecond. */
function phaseSeconds(picture: Picture): Partial<Record<Phase, number>> {
  const sums = new Map<Phase, number>()
  for (const { phase, from, to } of picture.stretches) sums.set(phase, (sums.get(phase) ?? 0) + (to - from))
  return Object.fromEntries(PHASES.filter(phase => sums.has(phase)).map(phase => [phase, (sums.get(phase) ?? 0) / 1e6]))
}

function attemptsOf(picture: Picture): readonly Attempt[] {
  const { ending, tries, until } = picture
  return tries.map(({ of, drawn }, index) => {
    const isLast = index === tries.length - 1
    const outcome: Outcome = isLast ? ending.outcome : 'error'
    const next = tries[index + 1]?.of.startedAt
    const ended = isLast ? ending.at && until : Math.min(drawn.failedAt ?? until, next ?? until, until)
    const endedAt = ended === undefined ? undefined : (Math.max(ended, of.startedAt) as UnixMicros)
    return { host: of.host, startedAt: of.startedAt, endedAt, outcome }
  })
}

function stepsSeen(picture: Picture, stepsOf: StepsOf): readonly string[] {
  const seen = new Set<string>()
  for (const { signal } of [...picture.facts, ...picture.guest]) for (const step of stepsOf(signal.name)) seen.add(step)
  return [...seen].toSorted((a, b) => a.charCodeAt(0) - b.charCodeAt(0) || Number(a.slice(1)) - Number(b.slice(1)))
}

function traceIdOf(request: string, instance: string): string {
  const hex = request.replace(/^req-/, '').replaceAll('-', '')
  return /^[0-9a-f]{32}$/.test(hex) ? hex : hash128(`${request}/${instance}`)
}

interface Context {
  readonly index: SignalIndex
  readonly surroundings: Surroundings
  readonly stepsOf: StepsOf
}

function launchOf(of: Case, body: Body, { surroundings, stepsOf }: Context): Launch | undefined {
  const own = selectOwnFacts(body.signals, of.request, surroundings.offsets)
  if (own.building.length === 0) return undefined
  const picture = drawPicture(own, of.request, surroundings)
  const trace = traceIdOf(of.request, body.instance)
  const carriesShared = of.instances.length === 0 || of.instances[0] === body.instance
  const { ending } = picture
  const input = {
    trace,
    request: of.request,
    instance: body.instance,
    ports: body.ports,
    volumes: body.volumes,
    picture,
    offsets: surroundings.offsets,
    carriesShared,
    isOnly: of.instances.length <= 1,
  }
  return {
    traceId: trace,
    requestId: of.request,
    instanceId: body.instance === '' ? undefined : body.instance,
    ...describeLaunch(picture.facts),
    host: picture.tries.at(-1)?.of.host ?? '',
    volumeIds: body.volumes,
    portIds: body.ports,
    startedAt: picture.startedAt,
    endedAt: ending.at === undefined ? undefined : picture.until,
    durationSeconds: ending.at === undefined ? undefined : secondsBetween(picture.startedAt, picture.until),
    outcome: ending.outcome,
    phases: phaseSeconds(picture),
    open: picture.open,
    attempts: attemptsOf(picture),
    failure: picture.failure,
    steps: stepsSeen(picture, stepsOf),
    signals: new Set([...picture.facts, ...picture.guest].map(({ signal }) => signal.id)).size,
    spans: drawSpans(input),
  }
}

function endOf(span: Span): number {
  return span.startedAt + Math.round(span.durationSeconds * 1e6)
}

/** The span of a request lasts until the last of its instances is done. */
function coverSiblings(launches: readonly Launch[]): readonly Launch[] {
  if (launches.length < 2) return launches
  const until = launches.flatMap(({ spans }) => spans).reduce((last, span) => Math.max(last, endOf(span)), 0)
  const cover = (span: Span): Span =>
    span.parentSpanId === '' ? { ...span, durationSeconds: (until - span.startedAt) / 1e6 } : span
  return launches.map(launch => ({ ...launch, spans: launch.spans.map(cover) }))
}

function compareLaunches(a: Launch, b: Launch): number {
  return (
    a.startedAt - b.startedAt ||
    compareText(a.instanceId ?? '', b.instanceId ?? '') ||
    compareText(a.traceId, b.traceId)
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** One of each signal, in an order that does not depend on their arrival. */
function distinct(signals: readonly Signal[]): readonly Signal[] {
  const byId = new Map(signals.map(signal => [signal.id, signal]))
  return [...byId.values()].toSorted((a, b) => a.at - b.at || compareText(a.id, b.id))
}

/** The signals as their surroundings see them, once for all launches that share these. */
function createContexts(set: readonly Signal[], stepsOf: StepsOf): (surroundings: Surroundings) => Context {
  const contexts = new Map<Surroundings, Context>()
  return surroundings => {
    const known = contexts.get(surroundings)
    if (known !== undefined) return known
    const named = set.map(signal => underNovasName(signal, surroundings.hostNames))
    const context = { index: indexSignals(named), surroundings, stepsOf }
    contexts.set(surroundings, context)
    return context
  }
}

/**
 * Rebuilds every launch that a set of signals tells of. Pure: the order, repetition and grouping of the signals do not
 * matter, and there is no clock but in `surroundingsOf`. Launches come in order of start and instance.
 */
export function reconstruct(
  signals: readonly Signal[],
  surroundingsOf: SurroundingsOf,
  stepsOf: StepsOf,
): readonly Launch[] {
  const set = distinct(signals)
  const index = indexSignals(set)
  const contextOf = createContexts(set, stepsOf)
  const launches: Launch[] = []
  for (const of of findCases(set)) {
    const context = contextOf(surroundingsOf(blockOfCase(of, index)))
    const instances = of.instances.length === 0 ? [''] : of.instances
    const drawn = instances.map(instance => launchOf(of, collectBody({ index: context.index, of, instance }), context))
    launches.push(...coverSiblings(drawn.filter(launch => launch !== undefined)))
  }
  return launches.toSorted(compareLaunches)
}
