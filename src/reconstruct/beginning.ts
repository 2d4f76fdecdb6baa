import type { UnixMicros } from '../core/time.ts'
import { parseMicros } from '../core/time.ts'
import type { Try } from './attempts.ts'
import type { Fact } from './fact.ts'
import { isCoarse, statedStart } from './fact.ts'
import type { Ending } from './outcome.ts'
import type { Mark } from './sight.ts'

/** When the first of facts was said; facts are in order of time. */
export function earliestOf(facts: readonly Fact[]): UnixMicros {
  return facts[0]?.at ?? (0 as UnixMicros)
}

interface Beginning {
  readonly request: string
  readonly start: Mark | undefined
  readonly ending: Ending
  readonly tries: readonly Try[]
  readonly facts: readonly Fact[]
}

/** Whether nova-api itself says when the request came. */
function isArrival(start: Mark | undefined): start is Mark {
  return start?.fact.signal.service === 'nova-api'
}

/**
 * Where nova-api is silent: when its context was made, as notifications say on its clock, and its first call to another
 * service under the id of the request. Both lie just behind the arrival.
 */
function earliestSign({ start, facts, request }: Pick<Beginning, 'start' | 'facts' | 'request'>): number {
  const own = facts.filter(
    ({ signal }) =>
      request !== '' && !isCoarse(signal) && (signal.request === request || signal.globalRequest === request),
  )
  const asked = own.map(({ signal }) => signal.attributes['asked_at']).filter(text => text !== undefined)
  return Math.min(
    start?.at ?? earliestOf(facts),
    ...own.map(fact => statedStart(fact) ?? fact.at),
    ...asked.map(parseMicros),
  )
}

/** Where the beginning is missing, what marks it best may come after a try or the end: a launch begins before both. */
export function beginning({ start, ending, tries, facts, request }: Beginning): UnixMicros {
  const known = isArrival(start) ? start.at : earliestSign({ start, facts, request })
  return Math.min(known, tries[0]?.startedAt ?? known, ending.at ?? known) as UnixMicros
}
