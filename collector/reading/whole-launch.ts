import type { Launch } from '../../src/core/launch.ts'
import type { Store } from '../../src/store/store.ts'

/** The attribute of spans that all launches of one request share; the first of them carries these. */
const SHARED = 'launchtrace.shared'

/**
 * A launch with all spans of its way from the request on: those that it shares with the other instances of the same
 * request are stored once, with the first of them.
 */
async function withShared(store: Store, launch: Launch): Promise<Launch> {
  if (launch.spans.some(({ parentSpanId }) => parentSpanId === '')) return launch
  const siblings = await store.findLaunches(launch.traceId)
  const shared = siblings.flatMap(({ spans }) => spans.filter(({ attributes }) => attributes[SHARED] === 'true'))
  return { ...launch, spans: [...shared, ...launch.spans] }
}

/** Whole launches by any of their ids or a unique beginning of one. */
export async function findWholeLaunches(store: Store, id: string): Promise<readonly Launch[]> {
  const found = await store.findLaunches(id)
  return Promise.all(found.map(launch => withShared(store, launch)))
}
