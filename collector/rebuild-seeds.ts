import { stepsOf } from '../src/catalogue/catalogue.ts'
import type { Launch } from '../src/core/launch.ts'
import type { Signal } from '../src/core/signal.ts'
import type { Block } from '../src/reconstruct/blocks.ts'
import { blockOfCase } from '../src/reconstruct/blocks.ts'
import type { FollowedLink, Seeds } from '../src/reconstruct/gather.ts'
import { linksToFollow } from '../src/reconstruct/gather.ts'
import { findCases } from '../src/reconstruct/identity.ts'
import { reconstruct } from '../src/reconstruct/reconstruct.ts'
import { indexSignals } from '../src/reconstruct/signal-index.ts'
import type { SurroundingsOf } from '../src/reconstruct/surroundings.ts'
import type { LaunchScope, Seed, Store } from '../src/store/store.ts'

/**
 * Seeds that are gathered together. A launch is made of a few hundred signals of about a kilobyte, so a batch is held in
 * a few tens of megabytes, however long the history.
 */
export const SEEDS_AT_ONCE = 200

/** Links of launches that were noted and need not be again: a few tens of megabytes. */
const NOTED = 200_000

/** Remembers which links were noted for which launch. Forgetting one costs a row in the store and nothing else. */
export class NotedLinks {
  readonly #noted = new Set<string>()

  /** Those that were not noted yet. */
  fresh(links: readonly FollowedLink[]): readonly FollowedLink[] {
    return links.filter(link => !this.#noted.has(keyOf(link)))
  }

  add(links: readonly FollowedLink[]): void {
    if (this.#noted.size >= NOTED) this.#noted.clear()
    for (const link of links) this.#noted.add(keyOf(link))
  }
}

function keyOf({ link, of: { kind, value } }: FollowedLink): string {
  return `${link} ${kind} ${value}`
}

export interface RebuildDeps {
  readonly store: Store
  readonly noted: NotedLinks
  /** Learns what these blocks need, if that is not known yet. */
  readonly surroundingsFor: (blocks: readonly Block[]) => Promise<SurroundingsOf>
}

/**
 * Everything in the store that can matter to the launches of these seeds, and little else. A link is noted before it is
 * looked up, and looked up again when another launch follows it for the first time, so no fact that is stored meanwhile
 * falls between.
 */
async function gather(seeds: Seeds, { store, noted }: RebuildDeps): Promise<readonly Signal[]> {
  const lookedUp = new Set<string>()
  const found = new Map<string, Signal>()
  // What lies under the seeds' own ids comes whole with the first question; the further ones lead back to most of it.
  let seeded: readonly string[] = []
  for (;;) {
    const followed = linksToFollow(seeds, [...found.values()])
    const fresh = noted.fresh(followed)
    await store.noteLinks(fresh)
    noted.add(fresh)
    const unseen = followed.map(({ link }) => link).filter(link => !lookedUp.has(link))
    const links = [...new Set([...unseen, ...fresh.map(({ link }) => link)])].toSorted()
    if (links.length === 0) return [...found.values()]
    for (const link of links) lookedUp.add(link)
    for (const signal of await store.findSignals(links, seeded)) found.set(signal.id, signal)
    if (seeded.length === 0) seeded = links
  }
}

function toSeeds(batch: readonly Seed[]): Seeds {
  const ofKind = (kind: Seed['kind']): Set<string> =>
    new Set(batch.filter(seed => seed.kind === kind).map(({ value }) => value))
  return { instances: ofKind('instance'), requests: ofKind('request') }
}

/** Launches that the gathered signals tell completely: those of the seeds and their siblings. */
function complete(launches: readonly Launch[], seeds: Seeds): readonly Launch[] {
  const touches = (launch: Launch): boolean =>
    seeds.requests.has(launch.requestId) || (launch.instanceId !== undefined && seeds.instances.has(launch.instanceId))
  const traces = new Set(launches.filter(touches).map(({ traceId }) => traceId))
  return launches.filter(({ traceId }) => traces.has(traceId))
}

function blocksOf(signals: readonly Signal[]): readonly Block[] {
  const index = indexSignals(signals)
  return [...new Set(findCases(signals).map(of => blockOfCase(of, index)))]
}

/** Launches that are ready to be stored, and what they replace. */
export interface Drawn {
  readonly launches: readonly Launch[]
  readonly scope: LaunchScope
}

/** What the rows of these launches and seeds replace. */
function scopeOf(seeds: Seeds, launches: readonly Launch[]): Omit<LaunchScope, 'readAt'> {
  const instances = new Set([...seeds.instances, ...launches.flatMap(({ instanceId }) => instanceId ?? [])])
  const requests = new Set([...seeds.requests, ...launches.map(({ requestId }) => requestId)].filter(id => id !== ''))
  return { instances: [...instances], requests: [...requests] }
}

/** Rebuilds the launches of some seeds from the stored facts, without storing them. */
export async function drawLaunches(batch: readonly Seed[], deps: RebuildDeps): Promise<Drawn> {
  const seeds = toSeeds(batch)
  const readAt = await deps.store.now()
  const signals = await gather(seeds, deps)
  const surroundingsOf = await deps.surroundingsFor(blocksOf(signals))
  const launches = complete(reconstruct(signals, surroundingsOf, stepsOf), seeds)
  return { launches, scope: { ...scopeOf(seeds, launches), readAt } }
}
