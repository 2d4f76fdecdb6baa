import { closeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Checkpoint } from './checkpoint.ts'
import { FINGERPRINT_BYTES, fingerprintOf, hasFingerprint } from './fingerprint.ts'
import { realPathOf, Registry } from './registry.ts'
import { openRegular, readRange, troubleOf, type Trouble } from './regular-file.ts'
import type { Search, Sighting, Sightings } from './search.ts'
import { byRotation, createFolderWatch, rotationGroupOf, siblingsOf } from './siblings.ts'
import { Tail, type LogPlace, type Reading } from './tail.ts'
import type { Resume } from './trail.ts'
import type { Troubles } from './troubles.ts'

/** How often things are done, in milliseconds. */
export interface FollowPace {
  /** Looking whether a file has grown that grew within the last minute. */
  readonly pollMs: number
  /** The same for other files. */
  readonly idlePollMs: number
  /** How long a deleted file is kept open after it grew last. */
  readonly lingerMs: number
}

export interface FollowerDeps {
  readonly search: Search
  readonly troubles: Troubles
  /** Opens a reader; see `beginReading`. */
  readonly begin: (tail: Tail, resume: Resume) => Reading | Trouble | undefined
  /** Takes what a reader has made; no reader is closed without. */
  readonly give: (tail: Tail) => void
  /** Bytes to read again before the place where reading begins. */
  readonly reachOf: (tail: Tail) => number
  readonly pace: FollowPace
}

/** Files that are open at a time; idle ones are closed to make room, and while none is idle the others wait. */
const MAX_OPEN = 1024
const ACTIVE_MS = 60_000
/** A file that has not grown for so long is closed, and opened again when it has. */
const IDLE_CLOSE_MS = 300_000
/** A renamed file is kept open for so long after it grew last: a program that was not told writes on into it. */
const RENAMED_LINGER_MS = 3_600_000
const FORGET_MS = 86_400_000
/** How long a file may be the beginning of a copy, before it is taken for a file of its own. */
const COPYING_MS = 10_000
const RETRY_MS = 1000
/** Clocks of file systems run in steps. */
const MODIFIED_SLACK_MS = 2000
/** Of the files that are idle for so long, so many are closed to make room. */
const MIN_IDLE_MS = 5000
const CLOSE_AT_ONCE = 64
const NEWLINE = 10
/** How far back from the end of a file its last line may begin. */
const LAST_LINE_BYTES = 1_048_576

/** A file to take in. */
interface Candidate {
  readonly identity: string
  readonly path: string
  readonly logPath: string
  readonly log: LogPlace
}

/**
 * Knows which file is which under whatever name: finds new ones, follows those that rotation renames, copies, truncates or
 * deletes, and says where reading of each begins and goes on.
 */
export class Follower {
  readonly #deps: FollowerDeps
  readonly #registry = new Registry()
  readonly #folders = createFolderWatch()
  /** Files that were last written before this, in milliseconds since the epoch, are known or were never to be read. */
  #knownUntilMs = Date.now()
  #isVeryFirst: boolean
  #open = 0

  /** @param checkpoint - what an earlier process left. @param isVeryFirst - whether there was none */
  constructor(deps: FollowerDeps, checkpoint: Checkpoint | undefined, isVeryFirst: boolean) {
    this.#deps = deps
    this.#isVeryFirst = isVeryFirst
    if (checkpoint !== undefined) this.#recall(checkpoint)
  }

  /** See `#knownUntilMs`. */
  get knownUntilMs(): number {
    return this.#knownUntilMs
  }

  get tails(): Registry {
    return this.#registry
  }

  /** Looks for new files, and for what became of the known ones. Blocks for some microseconds a file. */
  rescan(now: number): void {
    const startedAtMs = Date.now()
    const sightings = this.#deps.search.find()
    for (const tail of this.#registry) {
      if (sightings.has(tail.identity)) tail.orphanedAt = undefined
      else tail.orphanedAt ??= now
    }
    const found = this.#newIn(sightings)
    const candidates = [...found, ...this.#newBeside(found)]
    for (const candidate of candidates.sort(byRotation)) this.#takeIn(candidate)
    this.#knownUntilMs = startedAtMs
    for (const tail of [...this.#registry]) this.#tend(tail, sightings.get(tail.identity), now)
    this.#isVeryFirst = false
  }

  /** Looks how long the open files are that are due. */
  poll(now: number): void {
    const { pollMs, idlePollMs } = this.#deps.pace
    for (const tail of [...this.#registry]) {
      if (tail.descriptor === undefined || now < tail.pollAt) continue
      this.#attempt(tail, now, () => {
        tail.look(now)
        if (tail.isTruncated) this.replace(tail, now)
      })
      tail.pollAt = now + (now - tail.grewAt < ACTIVE_MS ? pollMs : idlePollMs)
    }
  }

  /** The files of which something can be read now. */
  ready(now: number): Tail[] {
    const ready: Tail[] = []
    for (const tail of this.#registry)
      if (tail.isBehind && now >= tail.retryAt && !waitsForAnother(tail, now)) ready.push(tail)
    return ready
  }

  /** Makes a file ready to be read, if its beginning says what it is. Gives the reader, if there is one now. */
  wake(tail: Tail, now: number): Reading | undefined {
    if (tail.reading === undefined) this.#attempt(tail, now, () => this.#begin(tail, now))
    return tail.reading
  }

  /** Notes that reading of a file failed; it is tried again. */
  fail(tail: Tail, now: number, cause: unknown): void {
    const trouble = troubleOf(cause)
    this.#deps.troubles.meet(tail.path, trouble)
    tail.retryAt = trouble === 'vanished' && tail.orphanedAt !== undefined ? Infinity : now + RETRY_MS
  }

  /**
   * Begins anew with a file that holds another content than before. What was not read of the old content may be in a copy.
   */
  replace(tail: Tail, now: number): void {
    const copy = this.#findCopy(tail, now)
    const { identity, path, logPath, log } = tail
    if (copy === undefined && tail.reading !== undefined) tail.reading.reader.end()
    this.#close(tail)
    const next = new Tail({ identity, path, logPath, log })
    next.after = copy === undefined ? [] : [copy]
    next.orphanedAt = tail.orphanedAt
    this.#registry.add(next)
    this.#openFile(next, now)
  }

  /** Closes everything. */
  close(): void {
    for (const tail of this.#registry) tail.close()
  }

  #recall({ savedAtMs, files }: Checkpoint): void {
    this.#knownUntilMs = savedAtMs
    for (const { identity, path, logPath, resume, fingerprint } of files) {
      const log = this.#deps.search.describe(logPath)
      if (log === undefined) continue
      const tail = new Tail({ identity, path, logPath, log })
      tail.remember(resume, fingerprint)
      this.#registry.add(tail)
    }
  }

  #attempt(tail: Tail, now: number, work: () => void): void {
    try {
      work()
    } catch (cause) {
      this.fail(tail, now, cause)
    }
  }

  #newIn(sightings: Sightings): readonly Candidate[] {
    const found: Candidate[] = []
    for (const { identity, path, describe } of sightings.values()) {
      const known = this.#registry.find(identity)
      if (known === undefined) found.push({ identity, path, logPath: path, log: describe() })
      else {
        known.path = known.logPath = path
        // It was done with while no pattern led to it.
        if (known.retryAt === Infinity) known.retryAt = 0
      }
    }
    return found
  }

  /**
   * Files that rotation made of logs and that no pattern leads to: what was renamed, and what came and was renamed or copied
   * since everything was known. Of a log that was found just now too: it may have come and been rotated between two looks.
   */
  #newBeside(justFound: readonly Candidate[]): readonly Candidate[] {
    const found: Candidate[] = []
    const logs = new Map(justFound.map(candidate => [rotationGroupOf(realPathOf(candidate.path)), candidate]))
    const folders = new Set([...this.#registry.folders(), ...[...logs.keys()].map(log => dirname(log))])
    const partOf = (path: string): Tail | Candidate | undefined => {
      const parts = this.#registry.partsOf(path)
      return parts.find(({ orphanedAt }) => orphanedAt === undefined) ?? parts[0] ?? logs.get(rotationGroupOf(path))
    }
    for (const { identity, path, modifiedMs } of this.#folders.changed(folders, each => partOf(each) !== undefined)) {
      const known = this.#registry.find(identity)
      if (known?.orphanedAt !== undefined && known.path !== path) Object.assign(known, { path, retryAt: 0 })
      if (known !== undefined || this.#isVeryFirst || modifiedMs < this.#knownUntilMs - MODIFIED_SLACK_MS) continue
      if (justFound.some(candidate => candidate.identity === identity)) continue
      const part = partOf(path)
      if (part !== undefined) found.push({ identity, path, logPath: part.logPath, log: part.log })
    }
    return found
  }

  #takeIn(candidate: Candidate): Tail {
    const known = this.#registry.find(candidate.identity)
    if (known !== undefined) return known
    const tail = new Tail(candidate)
    this.#registry.add(tail)
    tail.after = this.#registry
      .relativesOf(tail)
      .filter(other => byRotation(other, tail) <= 0)
      .sort(byRotation)
    return tail
  }

  /** Opens what is to be opened, and closes what is to be closed. */
  #tend(tail: Tail, sighting: Sighting | undefined, now: number): void {
    if (tail.descriptor !== undefined) this.#rest(tail, now)
    else if (tail.isRefused) {
      if (sighting !== undefined && sighting.size < tail.size) this.replace(tail, now)
    } else if (now >= tail.retryAt && (sighting === undefined || hasChanged(tail, sighting))) this.#openFile(tail, now)
    const { orphanedAt } = tail
    if (tail.descriptor === undefined && orphanedAt !== undefined && now - orphanedAt > FORGET_MS)
      this.#registry.remove(tail)
  }

  /** Closes a file that nothing more is expected of. */
  #rest(tail: Tail, now: number): void {
    const quietMs = now - Math.max(tail.grewAt, tail.orphanedAt ?? -Infinity)
    const isOrphan = tail.orphanedAt !== undefined
    if (isOrphan && quietMs > this.#deps.pace.lingerMs) this.#attempt(tail, now, () => this.#takeRest(tail))
    if (!tail.isAtRest) return
    const lingerMs = tail.isDeleted ? this.#deps.pace.lingerMs : RENAMED_LINGER_MS
    if (quietMs <= (isOrphan ? lingerMs : IDLE_CLOSE_MS)) return
    this.#close(tail)
    if (isOrphan) tail.retryAt = Infinity
  }

  /** The last line of a file that ends without a newline. */
  #takeRest(tail: Tail): void {
    const reader = tail.reading?.reader
    if (reader === undefined || tail.isBehind || reader.isBetweenLines) return
    reader.takeRest(tail.size)
    reader.end()
    this.#deps.give(tail)
  }

  #openFile(tail: Tail, now: number): void {
    if (this.#open >= MAX_OPEN) this.#closeIdle(now)
    if (this.#open >= MAX_OPEN) return
    this.#attempt(tail, now, () => {
      tail.open()
      this.#open += 1
      tail.look(now)
      tail.grewAt = now - Math.max(0, Date.now() - tail.modifiedMs)
      tail.retryAt = 0
      this.#deps.troubles.clear(tail.path)
      this.#verify(tail, now)
    })
  }

  /** Whether an opened file still holds what was read of it; decides where to begin in one that was not to be read before. */
  #verify(tail: Tail, now: number): void {
    const { descriptor, fingerprint, log } = tail
    if (descriptor === undefined) return
    const head = readRange(descriptor, 0, FINGERPRINT_BYTES)
    if (fingerprint !== undefined) {
      if (tail.isTruncated || !hasFingerprint(head, fingerprint)) this.replace(tail, now)
    } else if (this.#isVeryFirst && log.startsAtEnd) {
      tail.remember(endOf(descriptor, tail.size, this.#deps.reachOf(tail)), fingerprintOf(head))
    }
  }

  #begin(tail: Tail, now: number): void {
    const { descriptor } = tail
    if (descriptor === undefined) return
    const resume = tail.progress?.durable ?? this.#startOf(tail, now)
    if (resume === undefined) return
    if (tail.progress === undefined) tail.remember(resume, fingerprintOf(readRange(descriptor, 0, FINGERPRINT_BYTES)))
    const begun = this.#deps.begin(tail, resume)
    tail.after = []
    if (begun === undefined) tail.unclearAt = tail.size
    else if (typeof begun === 'string') this.#refuse(tail, begun)
    else tail.reading = begun
  }

  #refuse(tail: Tail, trouble: Trouble): void {
    this.#deps.troubles.meet(tail.path, trouble)
    tail.isRefused = true
    this.#close(tail)
  }

  /** Where to begin in a new file: behind what was read of it under another name, when it is a copy. */
  #startOf(tail: Tail, now: number): Resume | undefined {
    const clock = tail.after.findLast(({ clockMemory }) => clockMemory !== undefined)?.clockMemory
    const start: Resume = { offset: 0, from: 0, clock }
    if (tail.descriptor === undefined) return undefined
    const head = readRange(tail.descriptor, 0, FINGERPRINT_BYTES)
    const original = this.#registry.relativesOf(tail).find(other => isCopyOf(head, other))
    if (original?.progress === undefined) return start
    const { durable } = original.progress
    if (tail.size >= durable.offset) return durable
    tail.copyUntil ??= now + COPYING_MS
    if (now >= tail.copyUntil) return start
    tail.retryAt = now + RETRY_MS
    return undefined
  }

  /** Finds the copy that was made of a file before it was truncated, so that it is read on there. */
  #findCopy(tail: Tail, now: number): Tail | undefined {
    const { progress, fingerprint, logPath, log } = tail
    if (progress === undefined || fingerprint === undefined) return undefined
    for (const { identity, path } of siblingsOf(realPathOf(tail.path))) {
      if (identity === tail.identity || !this.#isCopy(path, identity, tail)) continue
      const copy = this.#takeIn({ identity, path, logPath, log })
      if (copy.descriptor === undefined) this.#openFile(copy, now)
      if (copy.progress === undefined && copy.size >= progress.durable.offset)
        copy.remember(progress.durable, fingerprint)
      return copy
    }
    return undefined
  }

  #isCopy(path: string, identity: string, tail: Tail): boolean {
    try {
      const descriptor = openRegular(path, identity)
      const head = readRange(descriptor, 0, FINGERPRINT_BYTES)
      closeSync(descriptor)
      return isCopyOf(head, tail)
    } catch {
      return false
    }
  }

  #closeIdle(now: number): void {
    const idle = [...this.#registry].filter(tail => tail.descriptor !== undefined && tail.isAtRest)
    const longest = idle.sort((one, other) => one.grewAt - other.grewAt).slice(0, CLOSE_AT_ONCE)
    for (const tail of longest) if (now - tail.grewAt > MIN_IDLE_MS) this.#close(tail)
  }

  #close(tail: Tail): void {
    if (tail.descriptor === undefined) return
    if (tail.reading !== undefined) this.#deps.give(tail)
    tail.close()
    this.#open -= 1
  }
}

function hasChanged({ size, modifiedMs }: Tail, sighting: Sighting): boolean {
  return sighting.size !== size || sighting.modifiedMs !== Math.floor(modifiedMs)
}

/** Whether a file that begins like this may be a copy of what another one holds, or held. */
function isCopyOf(head: Buffer, { fingerprint }: Tail): boolean {
  return fingerprint !== undefined && fingerprint.length > 0 && hasFingerprint(head, fingerprint)
}

/** Where the last line begins: only what comes later is taken. */
function endOf(descriptor: number, size: number, reach: number): Resume {
  const last = readRange(descriptor, Math.max(0, size - LAST_LINE_BYTES), size)
  const newline = last.lastIndexOf(NEWLINE)
  const offset = newline < 0 && size > LAST_LINE_BYTES ? size : size - last.length + newline + 1
  return { offset, from: Math.max(0, offset - reach) }
}

/** What was written first is read first. */
function waitsForAnother({ after, reading }: Tail, now: number): boolean {
  return reading === undefined && after.some(older => older.isBehind && now >= older.retryAt)
}
