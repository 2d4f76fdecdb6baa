import type { Failure, OpenPhase, Phase } from '../core/launch.ts'
import type { UnixMicros } from '../core/time.ts'
import { micros, plusSeconds } from '../core/time.ts'
import type { Try } from './attempts.ts'
import { splitTries } from './attempts.ts'
import { beginning, earliestOf } from './beginning.ts'
import type { Interval, Stretch, TryIntervals } from './critical-path.ts'
import { drawCriticalPath } from './critical-path.ts'
import type { Fact } from './fact.ts'
import { explainFailure, explainRefusal, firstFailure } from './failure.ts'
import { withoutHistory } from './history.ts'
import type { Ending } from './outcome.ts'
import { decideEnding } from './outcome.ts'
import type { OwnFacts } from './own-facts.ts'
import { TRAILING_SECONDS } from './own-facts.ts'
import type { PhaseRule } from './phases.ts'
import { LAUNCH_STARTS, PHASE_RULES } from './phases.ts'
import type { FactsByName, Mark } from './sight.ts'
import { firstOf, groupByName, see } from './sight.ts'
import type { Surroundings } from './surroundings.ts'

/** Disks being made, as other programs see it. */
const IMAGE_WORK = [
  'access.glance.download',
  'nova.compute.rbd.resize',
  'nova.compute.rbd.clone',
  'nova.compute.image.convert',
  'nova.compute.image.verify_ok',
  'notif.glance.send',
]

/** Everything that is decided about one launch before it is written down as spans. */
export interface Picture {
  readonly facts: readonly Fact[]
  readonly guest: readonly Fact[]
  readonly start: Mark | undefined
  readonly startedAt: UnixMicros
  readonly ending: Ending
  /** Where the critical path ends: the end of the launch, or the last thing known. */
  readonly until: UnixMicros
  readonly tries: readonly { readonly of: Try; readonly drawn: TryIntervals }[]
  readonly launchIntervals: ReadonlyMap<Phase, Interval>
  readonly stretches: readonly Stretch[]
  readonly failure: Failure | undefined
  /** Set while in progress. */
  readonly open: OpenPhase | undefined
}

function intervalOf(rule: PhaseRule, facts: FactsByName): Interval | undefined {
  const limit = see(facts, rule.until ?? [])?.at ?? Infinity
  const start = see(facts, rule.starts)
  const end = see(facts, rule.ends, limit)
  if (start === undefined && end === undefined) return undefined
  const usable = start !== undefined && (end === undefined || start.at <= end.at) ? start : undefined
  return {
    phase: rule.phase,
    start: usable?.at,
    startOrigin: usable?.origin ?? 'inferred',
    end: end?.at,
    endOrigin: end?.origin ?? 'inferred',
  }
}

function intervalsOf(scope: PhaseRule['scope'], facts: readonly Fact[]): ReadonlyMap<Phase, Interval> {
  const byName = groupByName(facts)
  const intervals = new Map<Phase, Interval>()
  for (const rule of PHASE_RULES) {
    const interval = rule.scope === scope ? intervalOf(rule, byName) : undefined
    if (interval !== undefined) intervals.set(rule.phase, interval)
  }
  return intervals
}

interface TryContext {
  readonly tries: readonly Try[]
  readonly index: number
  readonly failed: boolean
}

function drawTryIntervals(of: Try, { tries, index, failed }: TryContext): TryIntervals {
  const intervals = intervalsOf('attempt', of.facts)
  const plugged = intervals.get('plug_vifs')?.end ?? Infinity
  const work = of.facts.filter(
    ({ signal, at }) => IMAGE_WORK.includes(signal.name) && at >= of.startedAt && at <= plugged,
  )
  const failure = failed ? firstFailure(of.facts) : undefined
  const explained =
    failure === undefined ? undefined : explainFailure(of.facts, tries.slice(0, index + 1), 'unexplained')
  return {
    startedAt: of.startedAt,
    failedAt: failure?.at,
    leftAt: of.facts.findLast(({ signal }) => signal.service === 'nova-compute')?.at ?? failure?.at ?? of.startedAt,
    failedPhase: explained === undefined || explained.phase === 'unexplained' ? undefined : explained.phase,
    intervals,
    imageWorkEnd: work.at(-1)?.at,
  }
}

/** Where little is known, the first sign of a try may come after the end, which it precedes all the same. */
function withinLaunch(tries: readonly Try[], { outcome, at }: Ending): readonly Try[] {
  // A delete does not keep a build that is on its way from beginning: nova-compute notices a little later.
  if (outcome === 'deleted' || at === undefined) return tries
  return tries.map(of => ({ ...of, startedAt: Math.min(of.startedAt, at) as UnixMicros }))
}

/** While in progress, the last thing known: the same facts give the same picture, however much later it is looked at. */
function pathEnd(ending: Ending, facts: readonly Fact[], startedAt: UnixMicros): UnixMicros {
  return ending.at ?? micros(Math.max(startedAt, facts.at(-1)?.at ?? 0))
}

function openOf(
  { outcome }: Ending,
  stretches: readonly Stretch[],
  path: { open: Phase; until: UnixMicros },
): OpenPhase | undefined {
  if (outcome !== 'in_progress') return undefined
  const last = stretches.at(-1)
  return { phase: path.open, since: last?.phase === path.open ? last.from : path.until }
}

function endedHow(ending: Ending): 'active' | 'failed' | 'open' {
  switch (ending.outcome) {
    case 'active':
      return 'active'
    case 'error':
      return ending.restarted ? 'open' : 'failed'
    case 'deleted':
    case 'in_progress':
    case 'lost':
      return 'open'
  }
}

function restartFailure(open: Phase, host: string): Failure {
  const message = `nova-compute on ${host} was restarted in the middle of the build.`
  return { phase: open, service: 'nova-compute', host, cause: 'compute_restarted', exception: '', message }
}

interface FailureInput {
  readonly ending: Ending
  readonly facts: readonly Fact[]
  readonly tries: readonly Try[]
  readonly open: Phase
}

function failureOf({ ending, facts, tries, open }: FailureInput): Failure | undefined {
  const host = tries.at(-1)?.host ?? ''
  if (ending.outcome === 'lost') {
    const last = ending.fact?.signal.text ?? ''
    return {
      phase: open,
      service: ending.fact?.signal.service ?? '',
      host,
      cause: 'went_silent',
      exception: '',
      message: `Nothing was heard of it after: ${last}`,
    }
  }
  if (ending.outcome !== 'error') return undefined
  return ending.restarted ? restartFailure(open, host) : explainFailure(facts, tries, open)
}

function refused(own: OwnFacts, failure: Failure, startedAt: UnixMicros): Picture {
  const answer = own.building.findLast(({ signal }) => signal.name.startsWith('access.nova.create'))
  const until = answer?.at ?? startedAt
  const facts = own.building.filter(({ at }) => at <= until)
  return {
    facts,
    guest: [],
    start: see(groupByName(facts), LAUNCH_STARTS),
    startedAt,
    ending: { outcome: 'error', at: until, origin: 'measured', fact: answer, restarted: false },
    until,
    tries: [],
    launchIntervals: intervalsOf('launch', facts),
    stretches: until > startedAt ? [{ phase: 'api', from: startedAt, to: until }] : [],
    failure,
    open: undefined,
  }
}

/** Facts up to the end of a launch, and those of its own request just after it. */
function upTo(end: UnixMicros | undefined, facts: readonly Fact[], request: string): readonly Fact[] {
  if (end === undefined) return facts
  const over = plusSeconds(end, TRAILING_SECONDS)
  return facts.filter(({ at, signal }) => at <= over || signal.request === request || signal.globalRequest === request)
}

function drawTries(tries: readonly Try[], ending: Ending): Picture['tries'] {
  const failed = ending.outcome === 'error' && !ending.restarted
  return tries.map((of, index) => ({
    of,
    drawn: drawTryIntervals(of, { tries, index, failed: failed || index < tries.length - 1 }),
  }))
}

function launchIntervalsOf(facts: readonly Fact[], tries: readonly Try[]): ReadonlyMap<Phase, Interval> {
  // What a later try says does not end the dispatch of the first one.
  const later = new Set(tries.slice(1).flatMap(of => of.facts))
  return intervalsOf(
    'launch',
    facts.filter(fact => !later.has(fact)),
  )
}

/** Puts one launch together: its start, tries, end, critical path and failure. */
export function drawPicture(all: OwnFacts, request: string, surroundings: Surroundings): Picture {
  const own = withoutHistory(all, request)
  const byName = groupByName(own.building)
  const start = see(byName, LAUNCH_STARTS)
  const refusal = explainRefusal(own.building)
  if (refusal !== undefined && firstOf(byName, ['access.placement.claim', 'nova.compute.claim.ok']) === undefined) {
    return refused(own, refusal, start?.at ?? earliestOf(own.building))
  }
  const seen = splitTries(own.building)
  // A failed build terminates its own remains: only what another request terminates is a delete.
  const building = own.building.filter(({ signal }) => signal.name !== 'nova.compute.terminating')
  const withDeletes = groupByName([...building, ...own.deletes.filter(fact => !building.includes(fact))])
  const ending = decideEnding({ facts: own.building, byName: withDeletes, guest: own.guest, tries: seen, surroundings })
  const tries = withinLaunch(seen, ending)
  const startedAt = beginning({ start, ending, tries, facts: own.building, request })
  const until = pathEnd(ending, own.building, startedAt)
  const facts = upTo(ending.at, own.building, request)
  const drawn = drawTries(tries, ending)
  const launchIntervals = launchIntervalsOf(facts, tries)
  const { stretches, open } = drawCriticalPath({
    start: startedAt,
    end: until,
    intervals: launchIntervals,
    tries: drawn.map(part => part.drawn),
    ended: endedHow(ending),
  })
  return {
    facts,
    guest: own.guest,
    start,
    startedAt,
    ending,
    until,
    tries: drawn,
    launchIntervals,
    stretches,
    failure: failureOf({ ending, facts, tries, open }),
    open: openOf(ending, stretches, { open, until }),
  }
}
