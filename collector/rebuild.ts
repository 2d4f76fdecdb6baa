import type { Launch } from '../src/core/launch.ts'
import type { Signal } from '../src/core/signal.ts'
import { stepsOf } from '../src/catalogue/catalogue.ts'
import { ClockEstimator, correctedAt } from '../src/reconstruct/clocks.ts'
import type { Seeds } from '../src/reconstruct/gather.ts'
import { linksToFollow } from '../src/reconstruct/gather.ts'
import { HOST_NAME_SIGNALS, HostNameLearner, underNovasName } from '../src/reconstruct/host-names.ts'
import { INSTANCE_PROOFS, REQUEST_PROOFS } from '../src/reconstruct/identity.ts'
import { MOMENT_SIGNALS } from '../src/reconstruct/moments.ts'
import { reconstruct } from '../src/reconstruct/reconstruct.ts'
import type { Restart, Surroundings } from '../src/reconstruct/surroundings.ts'
import { LOST_AFTER_SECONDS, RESTART_SIGNAL } from '../src/reconstruct/surroundings.ts'
import type { Seed, Store } from '../src/store/store.ts'

/**
 * Seeds that are gathered together. A launch is made of a few hundred signals of about a kilobyte, so a batch is held in
 * a few tens of megabytes, however long the history.
 */
const SEEDS_AT_ONCE = 200

export interface RebuildSummary {
  readonly launches: number
  /** How far the clocks of hosts are ahead of the reference, seconds, by clock. */
  readonly clockOffsets: ReadonlyMap<string, number>
}

async function learnSurroundings(store: Store, asOf: number): Promise<Surroundings> {
  const learner = new HostNameLearner()
  for await (const batch of store.streamSignals(HOST_NAME_SIGNALS)) for (const signal of batch) learner.add(signal)
  const hostNames = learner.names()
  const estimator = new ClockEstimator()
  for await (const batch of store.streamSignals(MOMENT_SIGNALS)) {
    for (const signal of batch) estimator.add(underNovasName(signal, hostNames))
  }
  const offsets = estimator.offsets()
  const restarts: Restart[] = []
  for await (const batch of store.streamSignals([RESTART_SIGNAL])) {
    for (const said of batch) {
      const signal = underNovasName(said, hostNames)
      restarts.push({ host: signal.host, at: correctedAt(signal, offsets) })
    }
  }
  return { offsets, hostNames, restarts, asOf: asOf as Surroundings['asOf'], lostAfterSeconds: LOST_AFTER_SECONDS }
}

/** Everything in the store that can matter to the launches of these seeds, and little else. */
async function gather(store: Store, seeds: Seeds): Promise<readonly Signal[]> {
  const known = new Set<string>()
  const found = new Map<string, Signal>()
  // What lies under the seeds' own ids comes whole with the first question; the further ones lead back to most of it.
  let seeded: readonly string[] = []
  for (;;) {
    const links = linksToFollow(seeds, [...found.values()], known)
    if (links.length === 0) return [...found.values()]
    for (const link of links) known.add(link)
    for (const signal of await store.findSignals(links, seeded)) found.set(signal.id, signal)
    if (seeded.length === 0) seeded = links
  }
}

function toSeeds(batch: readonly Seed[], done: ReadonlySet<string>): Seeds {
  const fresh = batch.filter(({ value }) => !done.has(value))
  const ofKind = (kind: Seed['kind']): Set<string> =>
    new Set(fresh.filter(seed => seed.kind === kind).map(({ value }) => value))
  return { instances: ofKind('instance'), requests: ofKind('request') }
}

/** Launches that the gathered signals tell completely: those of the seeds and their siblings. */
function complete(launches: readonly Launch[], seeds: Seeds): readonly Launch[] {
  const touches = (launch: Launch): boolean =>
    seeds.requests.has(launch.requestId) || (launch.instanceId !== undefined && seeds.instances.has(launch.instanceId))
  const traces = new Set(launches.filter(touches).map(({ traceId }) => traceId))
  return launches.filter(({ traceId }) => traces.has(traceId))
}

async function rebuildBatch(store: Store, seeds: Seeds, surroundings: Surroundings): Promise<readonly Launch[]> {
  const launches = complete(reconstruct(await gather(store, seeds), surroundings, stepsOf), seeds)
  const instances = new Set([...seeds.instances, ...launches.flatMap(({ instanceId }) => instanceId ?? [])])
  const requests = new Set([...seeds.requests, ...launches.map(({ requestId }) => requestId)].filter(id => id !== ''))
  await store.replaceLaunches({ instances: [...instances], requests: [...requests] }, launches)
  return launches
}

/**
 * Rebuilds every launch from the stored facts. The launches depend on the facts alone: doing it again, or after facts
 * arrived in another order, gives the same rows. `onProgress` hears how many launches are done.
 */
export async function rebuildLaunches(store: Store, onProgress: (launches: number) => void): Promise<RebuildSummary> {
  const range = await store.signalRange()
  if (range === undefined) return { launches: 0, clockOffsets: new Map() }
  const surroundings = await learnSurroundings(store, range.to)
  let launches = 0
  let done: ReadonlySet<string> = new Set()
  const proofs = { instanceProofs: INSTANCE_PROOFS, requestProofs: REQUEST_PROOFS }
  for await (const batch of store.seeds(proofs, SEEDS_AT_ONCE)) {
    const seeds = toSeeds(batch, done)
    if (seeds.instances.size + seeds.requests.size === 0) continue
    const rebuilt = await rebuildBatch(store, seeds, surroundings)
    launches += rebuilt.length
    onProgress(launches)
    // Siblings of one request come close together; what was just done with them need not be done again.
    done = new Set(rebuilt.flatMap(({ instanceId, requestId }) => [instanceId ?? '', requestId]))
  }
  const clockOffsets = new Map([...surroundings.offsets].map(([clock, offset]) => [clock, offset / 1e6]))
  return { launches, clockOffsets }
}
