import type { Fact } from './fact.ts'
import { isCoarse, statedStart } from './fact.ts'
import type { OwnFacts } from './own-facts.ts'
import { LAUNCH_STARTS } from './phases.ts'
import { groupByName, see } from './sight.ts'

/** How far before the request its own facts may seem to lie, by the resolution of their times. Microseconds. */
const EARLY_MICROS = 5_000
const EARLY_COARSE_MICROS = 1_000_000

/** Ports and volumes may be older than the launch: what was begun on them before the request came is not part of it. */
export function withoutHistory(own: OwnFacts, request: string): OwnFacts {
  const start = see(groupByName(own.building), LAUNCH_STARTS)
  // Whoever spoke from its address before was another guest.
  const guest = own.guest.filter(({ at }) => at >= (start?.at ?? own.building[0]?.at ?? 0))
  if (start?.fact.signal.service !== 'nova-api') return { ...own, guest }
  const isOlder = (fact: Fact): boolean => {
    const { service, request: local, globalRequest } = fact.signal
    if (service.startsWith('nova-') || local === request || globalRequest === request) return false
    return isCoarse(fact.signal)
      ? fact.at < start.at - EARLY_COARSE_MICROS
      : (statedStart(fact) ?? fact.at) < start.at - EARLY_MICROS
  }
  return { ...own, guest, building: own.building.filter(fact => !isOlder(fact)) }
}
