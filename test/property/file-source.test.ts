import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import type { LogRecord } from '../../src/parse/record.ts'
import type { Intake } from '../../src/pipeline/stage.ts'
import { openRecording } from '../../src/sources/open-recording.ts'
import { factsOf, startFileSource, until, useFolder, type RunningSource } from '../support/file-source.ts'
import { createRandom } from '../support/random.ts'

/*
 * Whatever is done to a log while it is written, and to the process that follows it, the facts are those of reading it
 * once from its beginning to its end. Each round is one seed: the name of a failing test repeats it.
 */

const ROUNDS = 12
const LOG = 'examples/zed-ovn/logs/compute-1/nova-compute.log'

/** What the program writes in one go: a record with its traceback. */
function writesOf(text: string): readonly string[] {
  const writes: string[] = []
  let last = ''
  for (const line of text.split('\n').slice(0, -1)) {
    const origin = /^\d{4}-\d\d-\d\d \S+ \d+ /.exec(line)?.[0] ?? last
    if (origin === last && writes.length > 0) writes.push(`${writes.pop() ?? ''}${line}\n`)
    else writes.push(`${line}\n`)
    last = origin
  }
  return writes
}

async function readWhole(path: string): Promise<ReadonlySet<string>> {
  const records: LogRecord[] = []
  const recording = await openRecording({ paths: [path], wanted: () => true, host: 'compute-1' })
  for await (const batch of recording.read()) if (batch.kind === 'records') records.push(...batch.records)
  return factsOf(records)
}

type Random = () => number

function pick<Item>(random: Random, ...items: readonly [Item, ...Item[]]): Item {
  return items[Math.floor(random() * items.length)] ?? items[0]
}

/** An intake that answers at once, or late, until it is killed: then never any more. */
function createIntake(random: Random, durable: Set<string>): Intake & { kill: () => void } {
  let isAlive = true
  let left = pick(random, 5, 50, Infinity)
  const isSlow = random() < 0.5
  return {
    write: async reading => {
      left -= 1
      if (left < 0) return new Promise(() => undefined)
      if (isSlow) await delay(random() * 30)
      if (!isAlive) return new Promise(() => undefined)
      for (const fact of factsOf(reading.records)) durable.add(fact)
    },
    kill: () => {
      isAlive = false
    },
  }
}

/** Moves the older files one number up. */
function makeRoom(log: string): void {
  let count = 1
  while (existsSync(`${log}.${String(count)}`)) count += 1
  for (let older = count; older > 1; older -= 1) renameSync(`${log}.${String(older - 1)}`, `${log}.${String(older)}`)
}

const ROTATIONS: readonly [(log: string) => void, ...((log: string) => void)[]] = [
  log => {
    makeRoom(log)
    renameSync(log, `${log}.1`)
    writeFileSync(log, '')
  },
  log => {
    makeRoom(log)
    copyFileSync(log, `${log}.1`)
    truncateSync(log)
  },
  log => {
    renameSync(log, `${log}-20261120-${String(Date.now())}${String(Math.floor(performance.now() * 1000) % 1000)}`)
    writeFileSync(log, '')
  },
]

interface World {
  readonly folder: string
  readonly random: Random
  readonly durable: Set<string>
  readonly pattern: string
}

interface Process {
  readonly running: RunningSource
  readonly kill: () => void
}

/** Starts a process with what the one before it had on the disk when it was killed. */
function startProcess({ folder, random, durable, pattern }: World, generation: number): Process {
  const stateDirectory = join(folder, `state-${String(generation)}`)
  const before = join(folder, `state-${String(generation - 1)}`, 'files.json')
  mkdirSync(stateDirectory)
  if (existsSync(before)) copyFileSync(before, join(stateDirectory, 'files.json'))
  const intake = createIntake(random, durable)
  const groups = [{ paths: [join(folder, 'logs', pattern)], start: 'beginning' as const }]
  const running = startFileSource({ folder, stateDirectory, groups }, intake)
  return {
    running,
    kill: () => {
      intake.kill()
      running.abandon()
    },
  }
}

async function write(world: World, log: string, text: string): Promise<void> {
  const { random } = world
  const cut = random() < 0.2 ? Math.floor(random() * text.length) : 0
  if (cut > 0) {
    appendFileSync(log, text.slice(0, cut))
    await delay(random() * 60)
  }
  appendFileSync(log, text.slice(cut))
}

it.each(Array.from({ length: ROUNDS }, (_, seed) => seed))(
  'a log is read once, whatever happens to it: %i',
  async seed => {
    const random = createRandom(seed)
    const folder = useFolder(onTestFinished)
    mkdirSync(join(folder, 'logs'))
    const log = join(folder, 'logs', 'nova-compute.log')
    const world = { folder, random, durable: new Set<string>(), pattern: pick(random, '*.log', '*') }
    const writes = writesOf(readFileSync(LOG, 'utf8'))
    const from = Math.floor(random() * (writes.length - 400))
    const part = writes.slice(from, from + 400)
    const reference = join(folder, 'nova-compute.log')
    writeFileSync(reference, part.join(''))
    writeFileSync(log, '')

    let [generation, process] = [1, startProcess(world, 1)]
    // Of a process that dies before it has remembered anything nothing is known.
    await until(() => existsSync(join(folder, 'state-1', 'files.json')))
    for (let at = 0; at < part.length;) {
      const count = Math.ceil(random() * 12)
      await write(world, log, part.slice(at, at + count).join(''))
      at += count
      if (random() < 0.3) await delay(random() * 60)
      while (random() < 0.15) pick(random, ...ROTATIONS)(log)
      if (random() < 0.1) {
        process.kill()
        generation += 1
        process = startProcess(world, generation)
      }
    }
    process.kill()
    process = startProcess({ ...world, random: () => 0.99 }, generation + 1)
    const whole = await readWhole(reference)
    await until(() => [...whole].every(fact => world.durable.has(fact)), 'every fact').catch(() => undefined)
    await process.running.stop()
    const missing = [...whole].filter(fact => !world.durable.has(fact))
    const added = [...world.durable].filter(fact => !whole.has(fact))
    expect([missing.length, added.length, ...missing.slice(0, 1), ...added.slice(0, 1)]).toEqual([0, 0])
  },
)
