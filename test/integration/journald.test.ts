import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { catalogue } from '../../src/catalogue/catalogue.ts'
import type { Signal } from '../../src/core/signal.ts'
import { createInterest } from '../../src/parse/recognise.ts'
import { createExtract } from '../../src/pipeline/extract.ts'
import type { Reading, Source } from '../../src/pipeline/stage.ts'
import { createJournaldSource } from '../../src/sources/journald/journald-source.ts'
import type { JournaldConfig } from '../../src/sources/journald/journald-source.ts'
import { EXAMPLES } from '../support/corpus.ts'
import type { EntryFields } from '../support/journal.ts'
import { appendToJournal, encodeExport, entriesOfLogs, entryOf } from '../support/journal.ts'
import { readFacts } from '../support/reconstruction.ts'
import { recordTelemetry } from '../support/telemetry.ts'

/* The real journalctl on journals that systemd-journal-remote writes from recorded lines. */

const recorded = EXAMPLES.find(({ name }) => name === 'zed-ovn')
const ENTRIES = recorded === undefined ? [] : entriesOfLogs(recorded.logs)
const extract = createExtract(catalogue)

let directory: string
let journal: string
let running: Run[]

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'launchtrace-journald-'))
  journal = join(directory, 'journal')
  mkdirSync(journal)
  running = []
})
afterEach(async () => {
  await Promise.all(running.map(run => run.stop()))
  rmSync(directory, { recursive: true, force: true })
})

/** A source that runs, and what it has handed over. */
interface Run {
  readonly source: Source
  readonly telemetry: ReturnType<typeof recordTelemetry>
  readonly facts: Map<string, Signal>
  readonly underWay: () => number
  /** Lets writes become durable; until then they wait. */
  readonly open: () => void
  readonly stop: () => Promise<void>
}

interface RunOptions extends Partial<JournaldConfig> {
  /** Whether writes wait until `open` is called. */
  readonly isClosed?: boolean
}

function start({ isClosed = false, ...config }: RunOptions = {}): Run {
  const telemetry = recordTelemetry()
  const facts = new Map<string, Signal>()
  const stopping = new AbortController()
  const gate = Promise.withResolvers<undefined>()
  if (!isClosed) gate.resolve(undefined)
  stopping.signal.addEventListener('abort', () => {
    gate.reject(new Error('stopping'))
  })
  gate.promise.catch(() => undefined)
  let underWay = 0
  const write = async (reading: Reading): Promise<void> => {
    underWay += 1
    await gate.promise
    underWay -= 1
    for (const signal of extract(reading).signals) facts.set(signal.id, signal)
  }
  const source = createJournaldSource(
    {
      units: [],
      directory: journal,
      host: 'fallback',
      timezone: 'UTC',
      stateDirectory: join(directory, 'state'),
      maxMessageBytes: 1_048_576,
      ...config,
    },
    { wanted: createInterest(catalogue), telemetry },
  )
  const done = source.run({ write }, stopping.signal)
  const stop = async (): Promise<void> => {
    stopping.abort()
    await done
  }
  const run = { source, telemetry, facts, underWay: () => underWay, open: () => gate.resolve(undefined), stop }
  running.push(run)
  return run
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20)
}

async function untilRead({ telemetry }: Run, entries: number): Promise<void> {
  await until(async () => (await telemetry.total('launchtrace_source_lines_total')) >= entries)
}

/** What `import` makes of these entries as an export file. */
async function imported(entries: readonly EntryFields[]): Promise<readonly Signal[]> {
  const folder = join(directory, 'exported')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'journal.export'), encodeExport(entries))
  const { signals } = await readFacts({ name: 'exported', logs: folder, notifications: undefined, truth: undefined })
  return sorted(signals)
}

function sorted(signals: Iterable<Signal>): readonly Signal[] {
  return [...signals].toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

async function expectSame(runs: readonly Run[], entries: readonly EntryFields[]): Promise<void> {
  const expected = await imported(entries)
  const facts = (): ReadonlyMap<string, Signal> => new Map(runs.flatMap(run => [...run.facts]))
  // An open record is given out once it has been quiet; a wrong result waits here until the test's own limit.
  for (let patience = 50; facts().size < expected.length && patience > 0; patience -= 1) await sleep(100)
  expect(sorted(facts().values())).toEqual(expected)
  expect(expected.length).toBeGreaterThan(0)
}

/** A journalctl that notes its process id. */
function notingJournalctl(): { readonly command: string; readonly pids: () => readonly number[] } {
  const command = join(directory, 'noting-journalctl')
  const noted = join(directory, 'pids')
  writeFileSync(noted, '')
  writeFileSync(command, `#!/bin/sh\necho $$ >> '${noted}'\nexec journalctl "$@"\n`, { mode: 0o755 })
  return { command, pids: () => readFileSync(noted, 'utf8').trim().split('\n').filter(Boolean).map(Number) }
}

describe('the journal', () => {
  it('gives the facts that import makes of the same entries', async () => {
    appendToJournal(journal, 'a', ENTRIES)
    const run = start()
    await expectSame([run], ENTRIES)
    expect(await run.telemetry.total('launchtrace_source_lines_total')).toBe(ENTRIES.length)
    expect(run.source.status()).toEqual({ state: 'running', detail: `Reads the journal in ${journal}.` })
  })

  it('is followed while entries are appended, also to files that come later', async () => {
    const run = start()
    const size = Math.ceil(ENTRIES.length / 6)
    for (let at = 0; at < ENTRIES.length; at += size) {
      appendToJournal(journal, at < 3 * size ? 'a' : 'b', ENTRIES.slice(at, at + size))
      await sleep(50)
    }
    await expectSame([run], ENTRIES)
    expect(await run.telemetry.total('launchtrace_source_lines_total')).toBe(ENTRIES.length)
  })

  it('is read on after the same entry when journalctl is killed', async () => {
    const { command, pids } = notingJournalctl()
    const run = start({ command })
    const size = Math.ceil(ENTRIES.length / 3)
    for (let round = 0; round < 3; round += 1) {
      appendToJournal(journal, 'a', ENTRIES.slice(round * size, (round + 1) * size))
      await untilRead(run, Math.min(ENTRIES.length, (round + 1) * size))
      await until(() => pids().length === round + 1)
      if (round < 2) process.kill(pids().at(-1) ?? 0, 'SIGKILL')
      await until(() => pids().length === Math.min(3, round + 2))
    }
    await expectSame([run], ENTRIES)
    expect(await run.telemetry.total('launchtrace_source_lines_total')).toBe(ENTRIES.length)
    expect(await run.telemetry.total('launchtrace_source_errors_total')).toBe(2)
  })

  it('is read from where it was left after a restart', async () => {
    const half = Math.ceil(ENTRIES.length / 2)
    appendToJournal(journal, 'a', ENTRIES.slice(0, half))
    const first = start()
    await untilRead(first, half)
    await sleep(1000)
    await first.stop()
    expect(first.source.status().state).toBe('stopped')
    appendToJournal(journal, 'a', ENTRIES.slice(half))
    const second = start()
    await expectSame([first, second], ENTRIES)
    const read = await second.telemetry.total('launchtrace_source_lines_total')
    expect(read).toBe(ENTRIES.length - half)
  })

  it('is read again as far as it was not durable', async () => {
    appendToJournal(journal, 'a', ENTRIES)
    const first = start({ isClosed: true })
    await until(() => first.underWay() > 0)
    await first.stop()
    expect(first.facts.size).toBe(0)
    const second = start()
    await expectSame([second], ENTRIES)
  })

  it('waits when writes do, and holds few of them', async () => {
    const many = Array.from({ length: 3 }, () => ENTRIES).flat()
    appendToJournal(journal, 'a', many)
    const run = start({ isClosed: true })
    await until(() => run.underWay() > 0)
    let last = -1
    await until(async () => {
      const before = last
      last = await run.telemetry.total('launchtrace_source_lines_total')
      await sleep(500)
      return before === last
    })
    expect(last).toBeLessThan(many.length)
    expect(await run.telemetry.total('launchtrace_source_bytes_total')).toBeLessThan(2_000_000)
    run.open()
    await untilRead(run, many.length)
    await expectSame([run], ENTRIES)
  })

  it('is read on when the entry at which it was left has been vacuumed', async () => {
    const half = Math.ceil(ENTRIES.length / 2)
    appendToJournal(journal, 'a', ENTRIES.slice(0, half))
    const first = start()
    await untilRead(first, half)
    await sleep(1000)
    await first.stop()
    appendToJournal(journal, 'b', ENTRIES.slice(half))
    rmSync(join(journal, 'a.journal'))
    const second = start()
    await expectSame([first, second], ENTRIES)
    expect(await second.telemetry.total('launchtrace_source_lines_total')).toBe(ENTRIES.length - half)
  })

  it('is read from its beginning when the remembered place is none', async () => {
    mkdirSync(join(directory, 'state'))
    const of = JSON.stringify({ directory: journal, units: [] })
    writeFileSync(join(directory, 'state', 'journald.json'), JSON.stringify({ journal: of, cursor: 'nonsense' }))
    appendToJournal(journal, 'a', ENTRIES)
    const run = start()
    await expectSame([run], ENTRIES)
  })

  it('is read for the units that are asked for', async () => {
    appendToJournal(journal, 'a', ENTRIES)
    const isWanted = ({ _SYSTEMD_UNIT: unit }: EntryFields): boolean => unit === 'nova-compute.service'
    const run = start({ units: ['nova-compute.service'] })
    await expectSame([run], ENTRIES.filter(isWanted))
    expect(run.source.status().detail).toContain('nova-compute.service only')
  })

  it('gives what was written before the last boot', async () => {
    const other = 'b0070000000000000000000000000002'
    const half = Math.ceil(ENTRIES.length / 2)
    const entries = ENTRIES.map((entry, index) => (index < half ? entry : { ...entry, _BOOT_ID: other }))
    appendToJournal(journal, 'a', entries)
    await expectSame([start()], entries)
  })
})

describe('an entry', () => {
  const fields = { _HOSTNAME: 'compute-1', SYSLOG_IDENTIFIER: 'nova-compute', _PID: '7' }
  const claim =
    '2026-11-20 05:16:50.459 7 INFO nova.compute.claims [None req-1d82800d-69fe-4c99-8567-194cc9c4322c - - - - - -] [instance: 5ca3b08e-4ed8-4c95-a0a9-bd4bc18052ee] Claim successful on node compute-1'
  const at = Date.UTC(2026, 10, 20, 5, 16, 50) * 1000

  it.each([
    ['with colours', `\u001b[32m${claim}\u001b[0m`],
    ['of several lines', `${claim}\nand more`],
    ['whose length has a line break for its first byte', `${claim}\n`.padEnd(266, 'x')],
    ['that goes on after empty lines', `${claim}\n\n\nmore`],
    ['that quotes a line of its own form', `${claim}\n${claim.replace('INFO', 'ERROR')}`],
  ])('%s is read as import reads it', async (_, message) => {
    const entries = [entryOf(message, at, fields)]
    appendToJournal(journal, 'a', entries)
    const run = start()
    await expectSame([run], entries)
    expect([...run.facts.values()]).toMatchObject([{ name: 'nova.compute.claim.ok', host: 'compute-1' }])
  })

  it('that is too large loses its end, is counted, and stops nothing', async () => {
    const large = entryOf(`${claim}${'x'.repeat(3_000_000)}`, at, fields)
    const next = entryOf(claim.replace('req-1d', 'req-2d'), at + 1e6, fields)
    appendToJournal(journal, 'a', [large, next])
    const run = start({ maxMessageBytes: 100_000 })
    await until(() => run.facts.size === 2)
    expect(await run.telemetry.total('launchtrace_source_lines_cut_total')).toBe(1)
  })

  it('that names no host is of the one that was configured', async () => {
    appendToJournal(journal, 'a', [entryOf(claim, at, { SYSLOG_IDENTIFIER: 'nova-compute' })])
    const run = start()
    await until(() => run.facts.size > 0)
    expect([...run.facts.values()]).toMatchObject([{ host: 'fallback' }])
  })
})

describe('a journal that cannot be read', () => {
  it('is waited for when there is no journalctl', async () => {
    const run = start({ command: join(directory, 'no-journalctl') })
    await until(() => run.source.status().state === 'waiting')
    expect(run.source.status().detail).toMatch(/^There is no journalctl here: install systemd/)
    expect(run.telemetry.lines).toMatchObject([{ level: 'warn', fields: { source: 'journald' } }])
  })

  it('is waited for when its directory is not there yet', async () => {
    const run = start({ directory: join(directory, 'later') })
    await until(() => run.source.status().state === 'waiting')
    expect(run.source.status().detail).toMatch(/No such file or directory/)
    appendToJournal(join(directory, 'later'), 'a', ENTRIES)
    await expectSame([run], ENTRIES)
    expect(run.source.status().state).toBe('running')
  })

  it('is waited for without permission, and says which one is missing', async () => {
    appendToJournal(journal, 'a', ENTRIES.slice(0, 1))
    for (const path of [directory, journal]) chmodSync(path, 0o755)
    chmodSync(join(journal, 'a.journal'), 0)
    const command = join(directory, 'journalctl-as-nobody')
    const isRoot = execFileSync('id', ['-u'], { encoding: 'utf8' }).trim() === '0'
    const lowered = isRoot ? 'setpriv --reuid=65534 --clear-groups ' : ''
    writeFileSync(command, `#!/bin/sh\nexec ${lowered}journalctl "$@"\n`, { mode: 0o755 })
    const run = start({ command })
    await until(() => run.source.status().detail.includes('permission'))
    expect(run.source.status().detail).toMatch(/let this user be in the group systemd-journal\.$/)
  })

  it('ends at once when the process stops', async () => {
    const run = start({ directory: join(directory, 'never') })
    await until(() => run.source.status().state === 'waiting')
    await run.stop()
    expect(run.source.status().state).toBe('stopped')
  })
})
