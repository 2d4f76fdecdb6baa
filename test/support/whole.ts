import type { Launch } from '../../src/core/launch.ts'
import type { Store } from '../../src/store/store.ts'
import { collect } from './store.ts'

/** Every launch with its spans, in the order in which the store lists them. */
export async function readWhole(store: Store): Promise<readonly Launch[]> {
  const listed = await collect(store.readLaunches({}))
  const whole = listed.map(async ({ traceId, instanceId }) => {
    const found = await store.findLaunches(traceId)
    return found.filter(launch => launch.instanceId === instanceId)
  })
  return (await Promise.all(whole)).flat()
}

/** Fields of objects in the order of their names: a store may return them in another. */
export function toText(launches: readonly Launch[]): string {
  const sorted = (_: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value
  return JSON.stringify(launches, sorted, 1)
}
