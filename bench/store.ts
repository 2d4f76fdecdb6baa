import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Launch } from '../src/core/launch.ts'
import { openEmbeddedStore } from '../src/store/embedded.ts'
import type { EmbeddedStore } from '../src/store/embedded.ts'
import { describeMachine, number, peakMemory, printTable, processorSeconds } from './measure.ts'
import { DAYS, makeLaunch, SPANS } from './store-data.ts'

/*
 * Size and speed of the store: `node bench/store.ts [LAUNCHES]`, 100,000 by default, 30 spans each, spread evenly over
 * 30 days. Everything is measured at a tenth of the launches and at all of them, and the growth between is printed.
 */

type Session = ReturnType<EmbeddedStore['openSession']>

const ROUNDS = 9
const BATCH = 500
/** So many launches are written as the collector writes them; the engine makes the others out of these. */
const WRITTEN_AT_MOST = 20_000

async function write(store: EmbeddedStore, count: number): Promise<void> {
  for (let at = 0; at < count; at += BATCH) {
    const launches = Array.from({ length: Math.min(BATCH, count - at) }, (_, index) => makeLaunch(at + index, count))
    const instances = launches.flatMap(launch => launch.instanceId ?? [])
    const scope = { instances, requests: launches.map(launch => launch.requestId), readAt: await store.now() }
    await store.replaceLaunches(scope, launches)
  }
}

/**
 * Copies of every launch with other ids, a little later. Rows lie in the order of their trace ids, which are random, so
 * a copy lies far from what it was made from, and what is the same in both compresses no better for it.
 */
function copyStatement(copy: number, spacingSeconds: number): string {
  const other = (id: string): string => `MD5(concat(${id}, ' ${String(copy)}'))`
  const instance = `toString(reinterpretAsUUID(${other('was_instance')}))`
  const request = `concat('req-', toString(reinterpretAsUUID(${other('was_trace')})))`
  const later = `toIntervalMicrosecond(${String(Math.round(spacingSeconds * 1e6))})`
  return `INSERT INTO launches
    SELECT * EXCEPT (was_trace, was_instance, was_request, began, ended, texts) REPLACE (
      lower(hex(${other('was_trace')})) AS trace_id,
      ${instance} AS instance_id,
      ${request} AS request_id,
      began + ${later} AS started_at,
      ended + ${later} AS ended_at,
      arrayMap(text -> replaceAll(replaceAll(text, was_instance, ${instance}), was_request, ${request}), texts)
        AS evidence_text
    ) FROM (
      SELECT *, trace_id AS was_trace, instance_id AS was_instance, request_id AS was_request, started_at AS began,
        ended_at AS ended, evidence_text AS texts
      FROM launches WHERE trace_id IN (SELECT trace_id FROM written)
    )
    SETTINGS max_block_size = 1000, max_insert_threads = 1`
}

/** Fills the store; returns how many launches a second were written as the collector does it. */
async function fill(store: EmbeddedStore, session: Session, count: number): Promise<number> {
  const written = Math.min(count, WRITTEN_AT_MOST)
  const begun = performance.now()
  await write(store, written)
  const speed = written / ((performance.now() - begun) / 1000)
  const copies = Math.round(count / written)
  session.query('CREATE TABLE written ENGINE = Memory AS SELECT trace_id FROM launches')
  for (let copy = 1; copy < copies; copy += 1) {
    await session.queryAsync(copyStatement(copy, (DAYS * 86_400 * copy) / count))
  }
  session.query('DROP TABLE written')
  await session.queryAsync('INSERT INTO launch_ids SELECT instance_id, trace_id FROM launches')
  return speed
}

interface Measured {
  readonly name: string
  readonly ms: number
  /** Milliseconds of processor time: what remains of the time when nothing else runs on the machine. */
  readonly processorMs: number
  readonly rowsRead: number
}

interface Answer {
  readonly statistics: { readonly rows_read: number }
}

function middle(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0
}

async function measure(session: Session, name: string, queries: readonly string[]): Promise<Measured> {
  const times: number[] = []
  const processorTimes: number[] = []
  let rowsRead = 0
  for (const query of queries) {
    const processorBegun = processorSeconds()
    const begun = performance.now()
    const answer = (await session.queryAsync(query, { format: 'JSON' })).json<Answer>()
    times.push(performance.now() - begun)
    processorTimes.push((processorSeconds() - processorBegun) * 1000)
    rowsRead = answer.statistics.rows_read
  }
  return { name, ms: middle(times), processorMs: middle(processorTimes), rowsRead }
}

async function numberOf(session: Session, query: string): Promise<number> {
  return Number((await session.queryAsync(query, { format: 'TSV' })).text())
}

/** Waits until the engine has merged what was just written, a minute at most: reads are measured on a store at rest. */
async function settle(session: Session): Promise<void> {
  for (let second = 0; second < 60; second += 1) {
    if ((await numberOf(session, 'SELECT count() FROM system.merges')) === 0) return
    await setTimeout(1000)
  }
}

interface Result {
  readonly bytesPerSpan: number
  readonly evidenceBytesPerSpan: number
  readonly launchesPerSecond: number
  readonly measured: readonly Measured[]
}

const OURS = "database = 'launchtrace' AND table = 'launches'"

async function measureReads(session: Session, count: number): Promise<readonly Measured[]> {
  const written = Math.min(count, WRITTEN_AT_MOST)
  const some = Array.from({ length: ROUNDS }, (_, round) => makeLaunch(Math.floor((written * round) / ROUNDS), written))
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
    const launchesPerSecond = await fill(store, session, count)
    await settle(session)
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
console.log(`The store on ${describeMachine()}`)
const small = await measureStore(Math.ceil(total / 10))
const large = await measureStore(total)

console.log(`${number(total / 10)} → ${number(total)} launches of ${String(SPANS)} spans (×10)`)
console.log(
  `bytes a span on disk          ${small.bytesPerSpan.toFixed(1)} → ${large.bytesPerSpan.toFixed(1)}, of which evidence ${large.evidenceBytesPerSpan.toFixed(1)}`,
)
console.log(
  `launches written a second     ${small.launchesPerSecond.toFixed(0)} → ${large.launchesPerSecond.toFixed(0)} (with making them up)`,
)
console.log(`peak of memory                ${number(peakMemory())} MiB\n`)
const rowOf = (after: Measured, index: number): readonly string[] => {
  const before = small.measured[index] ?? after
  const pair = (of: (each: Measured) => number): string => `${number(of(before))} → ${number(of(after))}`
  return [after.name, pair(each => each.ms), pair(each => each.processorMs), pair(each => each.rowsRead)]
}
printTable([['', 'ms', 'of processor', 'rows read'], ...large.measured.map(rowOf)])
