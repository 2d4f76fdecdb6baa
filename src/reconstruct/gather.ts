import type { Signal } from '../core/signal.ts'
import { collectBody } from './evidence.ts'
import { indexSignals } from './signal-index.ts'
import { findCases } from './identity.ts'

/** Where to begin: instance uuids and request ids of `POST /servers`. */
export interface Seeds {
  readonly instances: ReadonlySet<string>
  readonly requests: ReadonlySet<string>
}

/**
 * The links that are still to be looked up so that `reconstruct` gives for these seeds what it would give for all
 * signals there are. Call it again with what was found until it returns nothing; it settles after a few rounds because
 * joining leads from an instance to its request, its ports and volumes, their requests and addresses, and no further.
 */
export function linksToFollow(seeds: Seeds, signals: readonly Signal[], known: ReadonlySet<string>): readonly string[] {
  const wanted = new Set<string>()
  for (const instance of seeds.instances) wanted.add(`instance:${instance}`)
  for (const request of seeds.requests) wanted.add(`request:${request}`)
  const index = indexSignals(signals)
  for (const of of findCases(signals)) {
    const touched = seeds.requests.has(of.request) || of.instances.some(instance => seeds.instances.has(instance))
    if (!touched) continue
    for (const instance of of.instances.length === 0 ? [''] : of.instances) {
      for (const link of collectBody({ index, of, instance }).asked) wanted.add(link)
    }
  }
  return [...wanted].filter(link => !known.has(link)).toSorted()
}
