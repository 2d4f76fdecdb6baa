import { INSTANCE_PROOFS, REQUEST_PROOFS } from '../src/reconstruct/identity.ts'
import { LOST_AFTER_SECONDS } from '../src/reconstruct/surroundings.ts'
import type { Seed, Store } from '../src/store/store.ts'
import type { RebuildDeps } from './rebuild-seeds.ts'
import { drawLaunches, NotedLinks, SEEDS_AT_ONCE } from './rebuild-seeds.ts'
import type { Learned } from './surroundings.ts'
import { createSurroundingsOf, learnBlocks } from './surroundings.ts'

export interface RebuildSummary {
  readonly launches: number
  /** How far the clocks of hosts are ahead of the reference, seconds, by clock: the largest of what was found over time. */
  readonly clockOffsets: ReadonlyMap<string, number>
}

function largestOffsets(learned: Iterable<Learned>): ReadonlyMap<string, number> {
  const largest = new Map<string, number>()
  for (const { offsets } of learned) {
    for (const [clock, offset] of offsets)
      if (Math.abs(offset) >= Math.abs((largest.get(clock) ?? 0) * 1e6)) largest.set(clock, offset / 1e6)
  }
  return largest
}

/**
 * Rebuilds every launch from the stored facts. The launches depend on the facts alone: doing it again, or after facts
 * arrived in another order, gives the same rows. `onProgress` hears how many launches are done.
 */
export async function rebuildLaunches(
  store: Store,
  onProgress: (launches: number) => void,
  lostAfterSeconds = LOST_AFTER_SECONDS,
): Promise<RebuildSummary> {
  const range = await store.signalRange()
  if (range === undefined) return { launches: 0, clockOffsets: new Map() }
  const learned = await learnBlocks(store)
  const surroundingsOf = createSurroundingsOf(learned, { asOf: range.to, lostAfterSeconds })
  const deps: RebuildDeps = {
    store,
    noted: new NotedLinks(),
    surroundingsFor: () => Promise.resolve(surroundingsOf),
  }
  let launches = 0
  let done: ReadonlySet<string> = new Set()
  const proofs = { instanceProofs: INSTANCE_PROOFS, requestProofs: REQUEST_PROOFS }
  for await (const batch of store.seeds(proofs, SEEDS_AT_ONCE)) {
    const fresh: readonly Seed[] = batch.filter(({ value }) => !done.has(value))
    if (fresh.length === 0) continue
    const { launches: rebuilt, scope } = await drawLaunches(fresh, deps)
    await store.replaceLaunches(scope, rebuilt)
    launches += rebuilt.length
    onProgress(launches)
    // Siblings of one request come close together; what was just done with them need not be done again.
    done = new Set(rebuilt.flatMap(({ instanceId, requestId }) => [instanceId ?? '', requestId]))
  }
  return { launches, clockOffsets: largestOffsets(learned.values()) }
}
