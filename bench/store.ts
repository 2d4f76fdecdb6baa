import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Launch } from '../src/core/launch.ts'
import { openEmbeddedStore } from '../src/store/embedded.ts'
import type { EmbeddedStore } from '../src/store/embedded.ts'
import { makeLaunch, SPANS } from './store-data.ts'

/*
 * Size and speed of the store: `node bench/store.ts [LAUNCHES]`, 100,000 by default, 30 spans each, spread evenly over
 * 30 days. Everything is measured at a tenth of the launches and at all of them, and the growth between is printed.
 */

const ROUNDS = 9
const BATCH = 500

async function fill(store: EmbeddedStore, count: number): Promise<void> {
  for (let at = 0; at < count; at += BATCH) {
    const launches = Array.from({ length: Math.min(BATCH, count - at) }, (_, index) => makeLaunch(at + index, count))
    const instances = launches.flatMap(launch => launch.instanceId ?? [])
    await store.replaceLaunches({ instances, requests: launches.map(launch => launch.requestId) }, launches)
  }
}

interface Measured {
  readonly name: string
  readonly ms: number
  readonly rowsRead: number
}

interface Answer {
  readonly statistics: { readonly rows_read: number }
}

type Session = ReturnType<EmbeddedStore['openSession']>

async function measure(session: Session, name: string, queries: readonly string[]): Promise<Measured> {
  const times: number[] = []
  let rowsRead = 0
  for (const query of queries) {
    const begun = performance.now()
    const answer = (await session.queryAsync(query, { format: 'JSON' })).json<Answer>()
    times.push(performance.now() - begun)
    rowsRead = answer.statistics.rows_read
  }
  times.sort((left, right) => left - right)
  return { name, ms: times[Math.floor(times.length / 2)] ?? 0, rowsRead }
}

async function numberOf(session: Session, query: string): Promise<number> {
  return Number((await session.queryAsync(query, { format: 'TSV' })).text())
}

interface Result {
  readonly bytesPerSpan: number
  readonly evidenceBytesPerSpan: number
  readonly launchesPerSecond: number
  readonly measured: readonly Measured[]
}

const OURS = "database = 'launchtrace' AND table = 'launches'"

async function measureReads(session: Session, count: number): Promise<readonly Measured[]> {
  const some = Array.from({ length: ROUNDS }, (_, round) => makeLaunch(Math.floor((count * round) / ROUNDS), count))
  const day = "started_at >= '2026-01-14 00:00:00' AND started_at < '2026-01-15 00:00:00'"
  const p95 =
    'SELECT toStartOfHour(started_at) AS hour, phase, quantileTDigest(0.95)(seconds) FROM launch_phases GROUP BY hour, phase'
  const each = (query: (launch: Launch) => string): readonly string[] => some.map(query)
  const repeat = (query: string): readonly string[] => Array.from({ length: 3 }, () => query)
  return [
    await measure(
      session,
      'trace by id, all columns, through otel_traces',
      each(launch => `SELECT * FROM otel_traces WHERE TraceId = '${launch.traceId}'`),
    ),
    await measure(
      session,
      'launch by trace id',
      each(launch => `SELECT * FROM launches FINAL WHERE trace_id = '${launch.traceId}'`),
    ),
    await measure(
      session,
      'launch by instance',
      each(
        launch =>
          `SELECT * FROM launches FINAL WHERE (trace_id, instance_id) IN (SELECT trace_id, instance_id FROM launch_ids WHERE instance_id = '${launch.instanceId ?? ''}')`,
      ),
    ),
    await measure(
      session,
      'launches of one day of thirty',
      repeat(`SELECT trace_id, host, outcome, duration_seconds FROM launches FINAL WHERE ${day} ORDER BY started_at`),
    ),
    await measure(session, 'p95 of every phase by hour over 30 days', repeat(p95)),
  ]
}

async function measureStore(count: number): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), 'launchtrace-bench-'))
  const store = await openEmbeddedStore({ directory })
  const session = store.openSession()
  try {
    const begun = performance.now()
    await fill(store, count)
    const launchesPerSecond = count / ((performance.now() - begun) / 1000)
    const bytes = await numberOf(session, `SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND ${OURS}`)
    const evidence = await numberOf(
      session,
      `SELECT sum(column_bytes_on_disk) FROM system.parts_columns WHERE active AND ${OURS} AND column LIKE '%evidence%'`,
    )
    return {
      bytesPerSpan: bytes / count / SPANS,
      evidenceBytesPerSpan: evidence / count / SPANS,
      launchesPerSecond,
      measured: await measureReads(session, count),
    }
  } finally {
    session.close()
    await store.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

const total = Number(process.argv[2] ?? 100_000)
const small = await measureStore(Math.ceil(total / 10))
const large = await measureStore(total)
const growth = (from: number, to: number): string => `×${(to / from).toFixed(2)}`

console.log(`${String(total / 10)} → ${String(total)} launches of ${String(SPANS)} spans (×10)`)
console.log(
  `bytes a span on disk          ${small.bytesPerSpan.toFixed(1)} → ${large.bytesPerSpan.toFixed(1)}, of which evidence ${large.evidenceBytesPerSpan.toFixed(1)}`,
)
console.log(
  `launches written a second     ${small.launchesPerSecond.toFixed(0)} → ${large.launchesPerSecond.toFixed(0)} (with making them up)`,
)
console.log(`resident memory at the end    ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB`)
for (const [index, after] of large.measured.entries()) {
  const before = small.measured[index] ?? after
  const time = `${before.ms.toFixed(1)} → ${after.ms.toFixed(1)} ms (${growth(before.ms, after.ms)})`
  const rows = `rows read ${String(before.rowsRead)} → ${String(after.rowsRead)} (${growth(before.rowsRead, after.rowsRead)})`
  console.log(`${after.name}: ${time}, ${rows}`)
}
