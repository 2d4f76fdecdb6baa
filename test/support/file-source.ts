import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { LogRecord } from '../../src/parse/record.ts'
import type { Intake, Reading, Source } from '../../src/pipeline/stage.ts'
import { createFileSource, type FileSourceOptions, type Pace } from '../../src/sources/files/file-source.ts'
import type { FileGroup } from '../../src/sources/files/search.ts'
import { recordTelemetry } from './telemetry.ts'

/** As fast as a test wants it: several rotations a second are to be kept up with. */
const QUICK: Pace = { pollMs: 5, idlePollMs: 5, lingerMs: 300, rescanMs: 20, quietMs: 40, saveMs: 20 }

/** A folder that is removed when the test ends. */
export function useFolder(onEnd: (remove: () => void) => void): string {
  const own = mkdtempSync(join(tmpdir(), 'launchtrace-files-'))
  onEnd(() => {
    rmSync(own, { recursive: true, force: true })
  })
  // The random name above may look like that of a host.
  const folder = join(own, 'here')
  mkdirSync(folder)
  return folder
}

/** What comes of records, compared as sets: records that are given out twice are one. */
export function factsOf(records: Iterable<LogRecord>): ReadonlySet<string> {
  return new Set([...records].map(record => JSON.stringify(record)))
}

/** Keeps what a source hands over. */
export interface Kept {
  readonly readings: Reading[]
  readonly records: () => readonly LogRecord[]
  readonly messages: () => readonly string[]
  readonly facts: () => ReadonlySet<string>
}

export function keep(): Kept {
  const readings: Reading[] = []
  const records = (): readonly LogRecord[] => readings.flatMap(reading => reading.records)
  return {
    readings,
    records,
    messages: () => records().map(({ message }) => message),
    facts: () => factsOf(records()),
  }
}

/** An intake that is durable at once. */
export function keepIn({ readings }: Kept): Intake {
  return {
    write: reading => {
      readings.push(reading)
      return Promise.resolve()
    },
  }
}

/** A source that runs. */
export interface RunningSource {
  readonly source: Source
  readonly telemetry: ReturnType<typeof recordTelemetry>
  /** Stops it and waits for its end. */
  stop(): Promise<void>
  /** Stops it and waits for nothing: an intake that never answers lets it hang, as a killed process would. */
  abandon(): void
}

export function startFileSource(
  { folder, ...options }: { readonly folder: string } & Partial<FileSourceOptions>,
  intake: Intake,
): RunningSource {
  const telemetry = recordTelemetry()
  const group: FileGroup = { paths: [join(folder, 'logs', '*.log')], start: 'beginning' }
  const source = createFileSource({
    groups: [group],
    stateDirectory: join(folder, 'state'),
    host: 'compute-1',
    timezone: 'UTC',
    maxLineBytes: 1_048_576,
    wanted: () => true,
    telemetry,
    pace: QUICK,
    ...options,
  })
  const stop = new AbortController()
  const running = source.run(intake, stop.signal)
  return {
    source,
    telemetry,
    stop: async () => {
      stop.abort()
      await running
    },
    abandon: () => {
      stop.abort()
    },
  }
}

/** Waits until something holds; fails when it does not within four seconds. */
export async function until(holds: () => boolean, what = 'it'): Promise<void> {
  const end = performance.now() + 4000
  while (!holds()) {
    if (performance.now() > end) throw new Error(`${what} did not come about`)
    await delay(5)
  }
}

/** A line of nova-compute. */
export function lineOf(message: string, pid = 7): string {
  return `2026-11-20 05:18:39.001 ${String(pid)} INFO nova.compute.manager [-] ${message}\n`
}
