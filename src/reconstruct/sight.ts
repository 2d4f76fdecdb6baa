import type { EdgeOrigin } from '../core/launch.ts'
import type { UnixMicros } from '../core/time.ts'
import type { Fact } from './fact.ts'
import { isCoarse, statedStart } from './fact.ts'
import type { Sight } from './phases.ts'

/** A moment of a launch with the fact that shows it. */
export interface Mark {
  readonly at: UnixMicros
  readonly origin: EdgeOrigin
  readonly fact: Fact
}

/** Facts of one launch or attempt by the name of their signal, each list in order of time. */
export type FactsByName = ReadonlyMap<string, readonly Fact[]>

export function groupByName(facts: readonly Fact[]): FactsByName {
  const groups = new Map<string, Fact[]>()
  for (const fact of facts) {
    const group = groups.get(fact.signal.name)
    if (group === undefined) groups.set(fact.signal.name, [fact])
    else group.push(fact)
  }
  return groups
}

function holds(fact: Fact, having: Readonly<Record<string, string>>): boolean {
  return Object.entries(having).every(([name, value]) => (fact.signal.attributes[name] ?? '') === value)
}

function markOf(fact: Fact, sight: Sight): Mark | undefined {
  if (sight.at === 'when') return { at: fact.at, origin: 'measured', fact }
  const at = statedStart(fact)
  return at === undefined ? undefined : { at, origin: 'derived', fact }
}

/** Whether a fact is one that a sight looks for. */
export function fits(fact: Fact, sight: Sight): boolean {
  return sight.signals.includes(fact.signal.name) && holds(fact, sight.having ?? {})
}

function marksOf(facts: FactsByName, sight: Sight): readonly Mark[] {
  const marks: Mark[] = []
  for (const name of sight.signals) {
    for (const fact of facts.get(name) ?? []) {
      const mark = holds(fact, sight.having ?? {}) ? markOf(fact, sight) : undefined
      if (mark !== undefined) marks.push(mark)
    }
  }
  const fine = marks.filter(({ fact }) => !isCoarse(fact.signal))
  return (fine.length > 0 ? fine : marks).toSorted((a, b) => a.at - b.at)
}

/** The mark of the best sight that any fact fits; undefined when none does. `before` leaves out marks at or after it. */
export function see(facts: FactsByName, sights: readonly Sight[], before = Infinity): Mark | undefined {
  for (const sight of sights) {
    const marks = marksOf(facts, sight).filter(mark => mark.at < before)
    const mark = sight.take === 'first' ? marks[0] : marks.at(-1)
    if (mark !== undefined) return mark
  }
  return undefined
}

/** The first fact with one of these names; undefined when there is none. */
export function firstOf(facts: FactsByName, names: readonly string[]): Fact | undefined {
  let found: Fact | undefined
  for (const name of names) {
    const fact = facts.get(name)?.[0]
    if (fact !== undefined && (found === undefined || fact.at < found.at)) found = fact
  }
  return found
}
