import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeMachine, number, printTable, withFolder } from './measure.ts'
import type { TailMeasured } from './one-collector.ts'
import { runCollector } from './one-collector.ts'
import type { Way } from './otelcol/config.ts'
import { addIdleLines, debugLogs, fillLog } from './repeat-recording.ts'

/*
 * How fast an agent reads, beside an OpenTelemetry Collector: `node bench/tail.ts [MEGABYTES] [ROUNDS] [OTELCOL]`.
 * Both read the same DEBUG log of nova-compute from its beginning to its end, one after the other on the first core
 * (`taskset`), in processes of their own, in every round. Start included. `bench/otelcol/build.sh` builds the Collector.
 * The comparison is by processor time: what remains of the time when nothing else runs on the machine.
 */

/** What the Collector is told, the least first. */
const WAYS: readonly (readonly [what: string, way: Way, joinsLines: boolean])[] = [
  ['header only', 'header', false],
  ['header only, lines joined', 'header', true],
  ['header, logger, wordings', 'staged', false],
  ['header, logger, wordings, lines joined', 'staged', true],
  ['one regular expression', 'oneRegex', false],
  ['one regular expression, lines joined', 'oneRegex', true],
  ['wordings anywhere in the line, as grep', 'wordingFirst', false],
]

/** As an agent runs: collector/small-process.ts. */
const SMALL = ['--max-semi-space-size=2', '--max-old-space-size=128']

interface OurMeasured extends Omit<TailMeasured, 'read'> {
  readonly lines: number
}

function runOurs(log: string, state: string): { readonly lines: number; readonly measured: TailMeasured } {
  const script = join(import.meta.dirname, 'one-tail.ts')
  const words = ['-c', '0', process.execPath, ...SMALL, script, log, state]
  const env = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'launchtrace-bench-code') }
  const output = execFileSync('taskset', words, { encoding: 'utf8', env })
  const { lines, ...measured } = JSON.parse(output) as OurMeasured
  return { lines, measured: { ...measured, read: 1 } }
}

function middle(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** The middle of the rounds, and between what they lay. */
function spread(values: readonly number[]): string {
  return `${number(middle(values))} (${number(Math.min(...values))} to ${number(Math.max(...values))})`
}

type Runs = ReadonlyMap<string, readonly TailMeasured[]>

function printRuns(runs: Runs, lines: number, ours: string): void {
  const speeds = (name: string): readonly number[] =>
    (runs.get(name) ?? []).map(run => (lines * run.read) / run.processorSeconds)
  const rows = [...runs].map(([name, measured]) => [
    name,
    spread(speeds(name)),
    number(middle(measured.map(run => (lines * run.read) / run.seconds))),
    name === ours ? '' : spread(speeds(ours).map((speed, round) => speed / (speeds(name)[round] ?? Number.NaN))),
    number(Math.max(...measured.map(run => run.peakMemory))),
    number(middle(measured.map(run => run.found))),
  ])
  printTable([['', 'lines/s of processor', 'by the clock', 'our speed / its', 'peak MiB', 'found'], ...rows])
}

interface Log {
  readonly log: string
  readonly bytes: number
}

async function compare(
  title: string,
  { log, bytes }: Log,
  { folder, program }: { folder: string; program: string },
): Promise<void> {
  const runs = new Map<string, TailMeasured[]>()
  const add = (name: string, measured: TailMeasured): void => {
    runs.set(name, [...(runs.get(name) ?? []), measured])
  }
  let lines = 0
  for (let round = 0; round < rounds; round += 1) {
    const ours = runOurs(log, join(folder, `${title}-state-${String(round)}`))
    lines = ours.lines
    add('launchtrace', ours.measured)
    for (const [name, way, joinsLines] of WAYS) {
      add(`Collector: ${name}`, await runCollector({ program, log, bytes, way, joinsLines, folder }))
    }
  }
  console.log(`\n${title}: ${number(bytes / 1e6)} MB, ${number(lines)} lines, ${String(rounds)} rounds`)
  printRuns(runs, lines, 'launchtrace')
}

/** Of an ordinary log, so much is of launches: fifty a day on a node that logs three lines a second all day. */
const BUSY_SHARE = 0.08

async function measure(folder: string, program: string): Promise<void> {
  const busy = fillLog(debugLogs(), join(folder, 'busy'), megabytes * 1e6)
  await compare('busy', busy, { folder, program })
  const few = fillLog(debugLogs(), join(folder, 'ordinary'), megabytes * 1e6 * BUSY_SHARE)
  const bytes = addIdleLines(few.log, megabytes * 1e6)
  await compare('ordinary', { log: few.log, bytes }, { folder, program })
}

const megabytes = Number(process.argv[2] ?? 300)
const rounds = Number(process.argv[3] ?? 3)
const otelcol = process.argv[4] ?? join(tmpdir(), 'otelcol', 'otelcol')
console.log(`Tailing on ${describeMachine()}`)
if (existsSync(otelcol)) await withFolder(folder => measure(folder, otelcol))
else console.log(`Not measured: there is no Collector at ${otelcol}. bench/otelcol/build.sh builds it.`)
