import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Signal } from '../../src/core/signal.ts'
import { linksToFollow } from '../../src/reconstruct/gather.ts'
import type { Seeds } from '../../src/reconstruct/gather.ts'
import { INSTANCE_PROOFS, REQUEST_PROOFS } from '../../src/reconstruct/identity.ts'
import { indexSignals } from '../../src/reconstruct/signal-index.ts'
import type { Surroundings } from '../../src/reconstruct/surroundings.ts'
import { EXAMPLES } from '../support/corpus.ts'
import { rebuild, surroundingsOf } from '../support/reconstruction.ts'
import { factsOf } from '../support/scored.ts'

/* Launches are rebuilt from the few facts that their ids lead to: they must be what all facts amount to, at every moment. */

const SECOND = 1_000_000

function proving(signals: readonly Signal[], names: readonly string[]): readonly Signal[] {
  const wanted = new Set(names)
  return signals.filter(({ name }) => wanted.has(name))
}

/** Every single place where a launch may be looked for. */
function seedsIn(signals: readonly Signal[]): readonly Seeds[] {
  const instances = new Set(proving(signals, INSTANCE_PROOFS).flatMap(signal => signal.instances))
  const requests = new Set(proving(signals, REQUEST_PROOFS).map(({ request }) => request))
  requests.delete('')
  return [
    ...[...instances].map(instance => ({ instances: new Set([instance]), requests: new Set<string>() })),
    ...[...requests].map(request => ({ instances: new Set<string>(), requests: new Set([request]) })),
  ]
}

function gather(seeds: Seeds, index: ReadonlyMap<string, readonly Signal[]>): readonly Signal[] {
  const found = new Set<Signal>()
  const asked = new Set<string>()
  for (;;) {
    const unseen = linksToFollow(seeds, [...found]).filter(({ link }) => !asked.has(link))
    if (unseen.length === 0) return [...found]
    for (const { link } of unseen) {
      asked.add(link)
      for (const signal of index.get(link) ?? []) found.add(signal)
    }
  }
}

function launchesOf(seeds: Seeds, signals: readonly Signal[], surroundings: Surroundings): string {
  const touched = rebuild(signals, surroundings).filter(
    ({ requestId, instanceId }) => seeds.requests.has(requestId) || seeds.instances.has(instanceId ?? ''),
  )
  return JSON.stringify(touched)
}

describe.each(EXAMPLES)('the launches of $name', async recorded => {
  const { signals } = await factsOf(recorded)
  const surroundings = surroundingsOf(signals)

  test('are found from any instance and from any request, whatever is known so far', () => {
    const law = (end: number, seconds: number): void => {
      const until = signals[end]?.at ?? 0
      const known = signals.filter(({ at }) => at > until - seconds * SECOND && at <= until)
      const index = indexSignals(known)
      for (const seeds of seedsIn(known))
        expect(launchesOf(seeds, gather(seeds, index), surroundings)).toBe(launchesOf(seeds, known, surroundings))
    }
    const anEnd = fc.integer({ min: 0, max: signals.length - 1 })
    fc.assert(fc.property(anEnd, fc.integer({ min: 1, max: 30 }), law), { numRuns: 40 })
  })
})
