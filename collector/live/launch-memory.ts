import { hash128 } from '../../src/core/hash.ts'
import type { Launch } from '../../src/core/launch.ts'
import type { Drawn } from '../rebuild-seeds.ts'

/** Launches whose last state is remembered: a few megabytes. */
const MOST = 20_000

/** Knows what was stored last of each launch, so that what did not change is not written again. */
export class LaunchMemory {
  readonly #states = new Map<string, string>()

  /** What has changed of what was drawn. Siblings share spans, so one trace changes as a whole. */
  changed({ launches, scope }: Drawn): Drawn {
    const same = new Set<string>()
    for (const [trace, siblings] of Map.groupBy(launches, ({ traceId }) => traceId))
      if (this.#states.get(trace) === stateOf(siblings)) same.add(trace)
    const unchanged = launches.filter(({ traceId }) => same.has(traceId))
    const instances = new Set(unchanged.map(({ instanceId }) => instanceId))
    const requests = new Set(unchanged.map(({ requestId }) => requestId))
    return {
      launches: launches.filter(({ traceId }) => !same.has(traceId)),
      scope: {
        ...scope,
        instances: scope.instances.filter(instance => !instances.has(instance)),
        requests: scope.requests.filter(request => !requests.has(request)),
      },
    }
  }

  /** Remembers what was stored. */
  stored({ launches }: Drawn): void {
    for (const [trace, siblings] of Map.groupBy(launches, ({ traceId }) => traceId)) {
      this.#states.delete(trace)
      this.#states.set(trace, stateOf(siblings))
    }
    for (const trace of this.#states.keys().take(Math.max(0, this.#states.size - MOST))) this.#states.delete(trace)
  }
}

function stateOf(siblings: readonly Launch[]): string {
  return hash128(JSON.stringify(siblings))
}
