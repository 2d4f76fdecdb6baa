import { spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LaunchJson } from '../collector/render/json.ts'
import type { LiveProgram } from './live-program.ts'
import { freePort, startProgram, waitForAnswer } from './live-program.ts'
import { describeMachine, number, printTable, recordingOf, withFolder } from './measure.ts'
import { usageOf } from './process-usage.ts'
import type { Written } from './replay-writer.ts'

/*
 * From a line that is written to a launch that shows it: `node bench/freshness.ts [SECONDS] [LINES_PER_SECOND] [RECORDING]`.
 * `launchtrace up` follows logs to which another process appends a recording as if it happened now, many times side by
 * side. A fact is that nova-compute states a step of a launch; it counts from when its line was in the file until
 * `/api/launches` answered with a launch that shows the step, so the time to ask is part of it.
 */

const POLL_MS = 50
/** Of the launches that are asked for: older ones have shown their steps, and asking for them would be work. */
const SINCE = '60s'
/** After the last line was written. */
const SETTLE_MS = 10_000

interface Wait {
  readonly writtenAtMs: number
  shownAtMs: number | undefined
}

/** Facts by instance and step. */
type Waits = Map<string, Map<string, Wait>>

function expect(waits: Waits, written: Written): void {
  if (written.kind !== 'fact') return
  const ofInstance = waits.get(written.instance) ?? new Map<string, Wait>()
  waits.set(written.instance, ofInstance)
  if (!ofInstance.has(written.step))
    ofInstance.set(written.step, { writtenAtMs: written.writtenAtMs, shownAtMs: undefined })
}

/** What was shown before its line was written was known from another line. */
function note(waits: Waits, launches: readonly LaunchJson[], early: Set<string>): void {
  const now = Date.now()
  for (const { instance_id: instance, steps } of launches) {
    for (const step of steps) {
      const wait = waits.get(instance ?? '')?.get(step)
      if (wait === undefined) early.add(`${instance ?? ''} ${step}`)
      else if (!early.has(`${instance ?? ''} ${step}`)) wait.shownAtMs ??= now
    }
  }
}

interface Writing {
  readonly waits: Waits
  lines: number
  isOver: boolean
}

function startWriting(into: string): Writing {
  const writing: Writing = { waits: new Map(), lines: 0, isOver: false }
  const script = join(import.meta.dirname, 'replay-writer.ts')
  const parameters = [script, recording, into, String(linesPerSecond), String(seconds)]
  const child = spawn(process.execPath, parameters, { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })
  lines.on('line', line => {
    const written = JSON.parse(line) as Written
    if (written.kind === 'lines') writing.lines = written.lines
    expect(writing.waits, written)
  })
  lines.on('close', () => (writing.isOver = true))
  return writing
}

interface Polled {
  readonly polls: number
  readonly pollMs: readonly number[]
}

async function poll(port: number, writing: Writing): Promise<Polled> {
  const early = new Set<string>()
  const pollMs: number[] = []
  for (let overAt = Infinity; performance.now() < overAt + SETTLE_MS;) {
    const begun = performance.now()
    const answer = await fetch(`http://127.0.0.1:${String(port)}/api/launches?since=${SINCE}`)
    note(writing.waits, (await answer.json()) as readonly LaunchJson[], early)
    pollMs.push(performance.now() - begun)
    if (writing.isOver) overAt = Math.min(overAt, performance.now())
    await sleep(Math.max(0, POLL_MS - (performance.now() - begun)))
  }
  return { polls: pollMs.length, pollMs }
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

function printFreshness({ waits, lines }: Writing, { pollMs }: Polled): void {
  const all = [...waits.values()].flatMap(ofInstance => [...ofInstance.values()])
  const ms = all.flatMap(({ writtenAtMs, shownAtMs }) => (shownAtMs === undefined ? [] : [shownAtMs - writtenAtMs]))
  console.log(`${number(lines / seconds)} lines a second written, ${number(waits.size)} launches`)
  printTable([
    ['', 'p50', 'p99', 'most', 'of'],
    [
      'line written → launch shows it, ms',
      ...[0.5, 0.99, 1].map(share => number(percentile(ms, share))),
      number(ms.length),
    ],
    ['one answer, ms', ...[0.5, 0.99, 1].map(share => number(percentile(pollMs, share))), number(pollMs.length)],
  ])
  console.log(`${number(all.length - ms.length)} facts were not shown, or known from another line before`)
}

async function measure(program: LiveProgram, folder: string, port: number): Promise<void> {
  await waitForAnswer(`http://127.0.0.1:${String(port)}/readyz`)
  const before = usageOf(program.pid)
  const writing = startWriting(join(folder, 'logs'))
  const polled = await poll(port, writing)
  const after = usageOf(program.pid)
  printFreshness(writing, polled)
  const processor = after.processorSeconds - before.processorSeconds
  console.log(`up used ${number(processor)} s of processor in all, ${number(after.peakMemory)} MiB at most`)
}

const seconds = Number(process.argv[2] ?? 60)
const linesPerSecond = Number(process.argv[3] ?? 10_000)
const beside = join(import.meta.dirname, '..', '..', 'shared', 'corpus', 'zed-ovn-debug', 'logs')
const recording = recordingOf(process.argv[4] ?? (existsSync(beside) ? beside : undefined))
console.log(`Freshness on ${describeMachine()}`)
await withFolder(async folder => {
  const port = await freePort()
  mkdirSync(join(folder, 'logs'))
  const program = startProgram([
    ...['up', '--logs', join(folder, 'logs', '**', '*.log')],
    ...['--data', join(folder, 'data'), '--port', String(port)],
  ])
  try {
    await measure(program, folder, port)
  } finally {
    await program.stop()
  }
})
