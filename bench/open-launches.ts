import { setTimeout as sleep } from 'node:timers/promises'
import { Rebuilder } from '../collector/live/rebuilder.ts'
import { hash128 } from '../src/core/hash.ts'
import type { Signal } from '../src/core/signal.ts'
import { micros } from '../src/core/time.ts'
import { LOST_AFTER_SECONDS } from '../src/reconstruct/surroundings.ts'
import { openEmbeddedStore } from '../src/store/embedded.ts'
import { createTelemetry } from '../src/telemetry/create-telemetry.ts'
import { EXAMPLES } from '../test/support/corpus.ts'
import { readFacts, rebuild } from '../test/support/reconstruction.ts'
import { describeMachine, number, ownMemory, peakMemory, printTable, withFolder } from './measure.ts'

/*
 * What a collector with the embedded store holds while very many launches are in progress: `node bench/open-launches.ts
 * [LAUNCHES]`, 100,000 unless told otherwise. Each has the few facts that a recorded launch begins with, up to its claim, under ids of its own.
 */

/** Facts that are written at once, as collectors do. */
const BATCH = 5000
/** One launch begins every so many microseconds: 100 a second. */
const SPACING = 10_000

async function recordedBeginning(): Promise<readonly Signal[]> {
  const [recorded] = EXAMPLES
  if (recorded === undefined) throw new Error('examples/ is empty')
  const { signals } = await readFacts(recorded)
  const launch = rebuild(signals).find(({ outcome, attempts }) => outcome === 'active' && attempts.length === 1)
  const ids = new Set([launch?.requestId, launch?.instanceId])
  const own = signals.filter(({ request, instances }) => ids.has(request) || instances.some(id => ids.has(id)))
  const claimed = own.findIndex(({ name }) => name === 'nova.compute.claim.ok')
  // What proves and places it; the lines between change nothing in what is held.
  const counts = new Set([
    'access.nova.create',
    'nova.scheduler.selected',
    'nova.compute.claim.try',
    'nova.compute.claim.ok',
  ])
  return own.slice(0, claimed + 1).filter(({ name }) => counts.has(name))
}

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** The same facts under other ids, later. */
function another(beginning: readonly Signal[], index: number): readonly Signal[] {
  const other = (id: string): string =>
    hash128(`${id} ${String(index)}`).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  const text = JSON.stringify(beginning).replaceAll(ID, other)
  return (JSON.parse(text) as Signal[]).map(signal => {
    const moved = { ...signal, at: micros(signal.at + index * SPACING) }
    return { ...moved, id: hash128(JSON.stringify(moved)) }
  })
}

const launches = Number(process.argv[2] ?? 100_000)
const beginning = await recordedBeginning()
console.log(`${number(launches)} launches in progress, ${String(beginning.length)} facts each, on ${describeMachine()}`)

await withFolder(async directory => {
  const store = await openEmbeddedStore({ directory })
  const telemetry = createTelemetry((level, message, fields) => {
    if (level !== 'info') console.log(message, fields)
  })
  const deps = { store, telemetry, collector: 'bench', lostAfterSeconds: LOST_AFTER_SECONDS }
  const rebuilder = new Rebuilder({ ...deps, onLaunches: () => undefined })
  const stop = new AbortController()
  const done = rebuilder.run(stop.signal)
  const started = performance.now()
  const rows = [['in progress', 'watched', 'seconds', 'memory, MiB', 'of its own', 'peak']]
  let waiting: Signal[] = []
  for (let index = 1; index <= launches; index += 1) {
    waiting.push(...another(beginning, index))
    const isLook = index % Math.ceil(launches / 5) === 0 || index === launches
    if (waiting.length < BATCH && !isLook) continue
    await rebuilder.store(waiting)
    waiting = []
    if (!isLook) continue
    while (rebuilder.status().waiting > 0 || rebuilder.status().open < index) await sleep(100)
    const seconds = (performance.now() - started) / 1000
    const memory = process.memoryUsage.rss() / 2 ** 20
    const { open } = rebuilder.status()
    rows.push([index, open, seconds, memory, ownMemory(), peakMemory()].map(number))
  }
  stop.abort()
  await done
  await store.close()
  printTable(rows)
})
