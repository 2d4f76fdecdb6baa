import { dirname } from 'node:path'
import { micros, type UnixMicros } from '../core/time.ts'
import { createClock, isTimeZone, type Clock } from '../parse/clock.ts'
import { compressionOf, readStart, readUnpackedStart, refusalOf, type Compression } from './compression.ts'
import { findDate, kindOf } from './file-kind.ts'
import { readPlace, rotationOf, type Place } from './place.ts'
import { problemOf, type SourceProblem } from './problem.ts'
import type { OpenableFile, Recording, RecordingOptions } from './recording.ts'
import { createRecordingReader } from './recording-reader.ts'
import { findFiles, type FoundFile, type SkippedFile } from './walk.ts'

const START_BYTES = 512
const SAMPLE_BYTES = 65_536

/** A found file and what its beginning says. */
interface Sampled {
  readonly found: FoundFile
  readonly place: Place
  readonly compression: Compression
  readonly kind: 'log' | 'notifications'
  readonly date: UnixMicros | undefined
}

interface Sorting {
  readonly sampled: Sampled[]
  readonly problems: SourceProblem[]
  readonly skipped: SkippedFile[]
}

async function sample(found: FoundFile, into: Sorting): Promise<void> {
  const { path } = found
  const raw = await readStart(path, START_BYTES)
  const compression = compressionOf(raw)
  const start = await readUnpackedStart(path, compression, SAMPLE_BYTES)
  const refusal = refusalOf(raw) ?? refusalOf(start)
  if (refusal !== undefined) {
    into.problems.push({ severity: found.isNamed ? 'error' : 'warning', path, ...refusal })
    return
  }
  const name = found.below.at(-1) ?? ''
  const kind = kindOf(name, start)
  if (kind === 'binary') {
    const problem = { what: 'it is binary, not text', advice: 'Name logs and recorded notifications only.' }
    into.problems.push({ severity: found.isNamed ? 'error' : 'warning', path, ...problem })
  } else if (kind === 'other' && !found.isNamed) {
    into.skipped.push({ path, reason: 'no line of a log is at its beginning' })
  } else {
    const place = readPlace(found.given, found.below)
    into.sampled.push({ found, place, compression, kind: kind === 'other' ? 'log' : kind, date: findDate(start) })
  }
}

async function sampleAll(files: readonly FoundFile[], into: Sorting): Promise<void> {
  for (const found of files) {
    await sample(found, into).catch((cause: unknown) => into.problems.push(problemOf(found.path, cause)))
  }
}

/** The latest first date of every folder and all folders above it. */
function datesByFolder(sampled: readonly Sampled[]): ReadonlyMap<string, UnixMicros> {
  const dates = new Map<string, UnixMicros>()
  for (const { found, date } of sampled) {
    if (date === undefined) continue
    for (let folder = dirname(found.path), last = ''; folder !== last; last = folder, folder = dirname(folder)) {
      const known = dates.get(folder)
      if (known === undefined || known < date) dates.set(folder, date)
    }
  }
  return dates
}

/** Half a year on: a file's first date lies before its lines, and a clock looks for years rather before its reference. */
const AHEAD_MICROS = 120 * 86_400e6

function referenceFor(found: FoundFile, dates: ReadonlyMap<string, UnixMicros>): UnixMicros {
  for (let folder = dirname(found.path), last = ''; folder !== last; last = folder, folder = dirname(folder)) {
    const date = dates.get(folder)
    if (date !== undefined) return micros(date + AHEAD_MICROS)
  }
  return micros(found.modifiedMs * 1000)
}

function byRotation(one: Sampled, other: Sampled): number {
  const folders = dirname(one.found.path).localeCompare(dirname(other.found.path), 'en')
  if (folders !== 0) return folders
  const [a, b] = [rotationOf(one.found.below.at(-1) ?? ''), rotationOf(other.found.below.at(-1) ?? '')]
  return a.group < b.group ? -1 : a.group > b.group ? 1 : a.order - b.order
}

/** The folder that was named may look like a host; what a person says with `--host` is better than that guess. */
function placeOf({ found, place }: Sampled, { host }: RecordingOptions): Place {
  const isGuessed = readPlace([], found.below).host === ''
  return host !== undefined && isGuessed ? { ...place, host: '' } : place
}

function toOpenable(sampled: readonly Sampled[], options: RecordingOptions): readonly OpenableFile[] {
  const dates = datesByFolder(sampled)
  const clocks = new Map<string, Clock>()
  return sampled.toSorted(byRotation).map(file => {
    const { found, compression, kind } = file
    const place = placeOf(file, options)
    const { path, size } = found
    const group = `${dirname(path)}/${rotationOf(found.below.at(-1) ?? '').group}`
    const zone = options.timezoneByHost?.get(place.host) ?? options.timezone ?? 'UTC'
    const clock = clocks.get(group) ?? createClock({ zone, reference: referenceFor(found, dates) })
    clocks.set(group, clock)
    return { path, kind, place, size, compression, clock, fallbackHost: options.host ?? '' }
  })
}

function checkZones(options: RecordingOptions): void {
  for (const zone of [options.timezone ?? 'UTC', ...(options.timezoneByHost?.values() ?? [])]) {
    if (!isTimeZone(zone))
      throw new RangeError(`${zone} is no time zone; give UTC, +02:00 or a name such as Europe/Rome`)
  }
}

/**
 * Looks through files and folders and prepares them for reading. What cannot be read becomes a problem of the summary.
 * @throws {RangeError} when a zone is not known
 */
export async function openRecording(options: RecordingOptions): Promise<Recording> {
  checkZones(options)
  const found = await findFiles(options.paths)
  const sorting: Sorting = { sampled: [], problems: [...found.problems], skipped: [...found.skipped] }
  await sampleAll(found.files, sorting)
  const { problems, skipped } = sorting
  return createRecordingReader({
    files: toOpenable(sorting.sampled, options),
    wanted: options.wanted,
    problems,
    skipped,
  })
}
