import { headOf, endOf, isCopyAt, isCopyOf } from './beginning.ts'
import type { Checkpoint } from './checkpoint.ts'
import { fingerprintOf, hasFingerprint } from './fingerprint.ts'
import { OpenFiles } from './open-files.ts'
import { realPathOf, Registry } from './registry.ts'
import { troubleOf, type Trouble } from './regular-file.ts'
import type { Search, Sighting, Sightings } from './search.ts'
import { byRotation, createFolderWatch, siblingsOf } from './siblings.ts'
import { Tail, type Reading, type TailOptions } from './tail.ts'
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

const ACTIVE_MS = 60_000
/** How long a file that is gone is remembered, so that it is known again when its folder was away only. */
const FORGET_MS = 86_400_000
/** How long a file may be the beginning of a copy, before it is taken for a file of its own. */
const COPYING_MS = 10_000
const RETRY_MS = 1000
/** Clocks of file systems run in steps. */
const MODIFIED_SLACK_MS = 2000

/**
 * Knows which file is which under whatever name: finds new ones, follows those that rotation renames, copies, truncates or
 * deletes, and says where reading of each begins and goes on.
 */
export class Follower {
  readonly #deps: FollowerDeps
  readonly #registry = new Registry()
  readonly #open: OpenFiles
  readonly #folders = createFolderWatch()
  /** Files that were last written before this, in milliseconds since the epoch, are known or were never to be read. */
  #knownUntilMs = Date.now()
  #isVeryFirst: boolean

  /** @param checkpoint - what an earlier process left. @param isVeryFirst - whether there was none */
  constructor(deps: FollowerDeps, checkpoint: Checkpoint | undefined, isVeryFirst: boolean) {
    this.#deps = deps
    this.#isVeryFirst = isVeryFirst
    this.#open = new OpenFiles({ registry: this.#registry, give: deps.give, lingerMs: deps.pace.lingerMs })
    if (checkpoint !== undefined) this.#recall(checkpoint)
  }

  get tails(): Registry {
    return this.#registry
  }

  /** What is to be remembered now. */
  checkpoint(): Checkpoint {
    return { savedAtMs: this.#knownUntilMs, files: this.#registry.remembered() }
  }

  /** Looks for new files, and for what became of the known ones. Blocks for some microseconds a file. */
  rescan(now: number): void {
    const startedAtMs = Date.now()
    const sightings = this.#deps.search.find()
    for (const tail of this.#registry) {
      if (sightings.has(tail.identity)) tail.orphanedAt = undefined
      else tail.orphanedAt ??= now
    }
    const found = this.#takeIn(this.#newIn(sightings))
    this.#order([...found, ...this.#takeIn(this.#newBeside(), now)])
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
    for (const tail of this.#registry) {
      if (tail.isBehind && now >= tail.retryAt && !waitsForAnother(tail, now)) ready.push(tail)
    }
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

  /** Begins anew with a file that holds another content than before. What was not read of the old one may be in a copy. */
  replace(tail: Tail, now: number): void {
    const copy = this.#findCopy(tail, now)
    if (copy === undefined) tail.reading?.reader.end()
    this.#open.close(tail)
    const next = new Tail(tail)
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

  #newIn(sightings: Sightings): readonly TailOptions[] {
    const found: TailOptions[] = []
    for (const { identity, path, describe } of sightings.values()) {
      const known = this.#registry.find(identity)
      if (known === undefined) {
        found.push({ identity, path, logPath: path, log: describe() })
        continue
      }
      known.path = known.logPath = path
      // It was done with while no pattern led to it.
      if (known.retryAt === Infinity) known.retryAt = 0
    }
    return found
  }

  /**
   * Files that rotation made of logs and that no pattern leads to: what was renamed, and what came and was renamed or copied
   * since everything was known.
   */
  #newBeside(): readonly TailOptions[] {
    const found: TailOptions[] = []
    const isPart = (path: string): boolean => this.#registry.partsOf(path).length > 0
    for (const { identity, path, modifiedMs } of this.#folders.changed(this.#registry.folders(), isPart)) {
      const known = this.#registry.find(identity)
      if (known?.orphanedAt !== undefined && known.path !== path) Object.assign(known, { path, retryAt: 0 })
      if (known !== undefined || this.#isVeryFirst || modifiedMs < this.#knownUntilMs - MODIFIED_SLACK_MS) continue
      const parts = this.#registry.partsOf(path)
      const part = parts.find(({ orphanedAt }) => orphanedAt === undefined) ?? parts[0]
      if (part !== undefined) found.push({ identity, path, logPath: part.logPath, log: part.log })
    }
    return found
  }

  /** @param orphanedAt - when no pattern leads to them: since when */
  #takeIn(found: readonly TailOptions[], orphanedAt?: number): readonly Tail[] {
    return found.map(options => {
      const tail = new Tail(options)
      tail.orphanedAt = orphanedAt
      this.#registry.add(tail)
      return tail
    })
  }

  /** Has new files of one log read in the order in which they were written. */
  #order(tails: readonly Tail[]): void {
    const later = new Set(tails)
    for (const tail of tails.toSorted(byRotation)) {
      later.delete(tail)
      const others = this.#registry.relativesOf(tail).filter(other => !later.has(other))
      tail.after = others.filter(other => byRotation(other, tail) <= 0).toSorted(byRotation)
    }
  }

  /** Opens what is to be opened, and closes what is to be closed. */
  #tend(tail: Tail, sighting: Sighting | undefined, now: number): void {
    const { orphanedAt } = tail
    if (tail.descriptor !== undefined) {
      this.#attempt(tail, now, () => {
        this.#open.rest(tail, now)
      })
    } else if (orphanedAt !== undefined && now - orphanedAt > FORGET_MS) {
      this.#registry.remove(tail)
    } else if (tail.isRefused) {
      if (sighting !== undefined && sighting.size < tail.size) this.replace(tail, now)
    } else if (now >= tail.retryAt && (sighting === undefined || hasChanged(tail, sighting))) {
      this.#openFile(tail, now)
    }
  }

  #openFile(tail: Tail, now: number): void {
    this.#attempt(tail, now, () => {
      if (!this.#open.open(tail, now)) return
      tail.retryAt = 0
      this.#deps.troubles.clear(tail.path)
      this.#verify(tail, now)
    })
  }

  /** Whether an opened file still holds what was read of it; decides where to begin in one that was not to be read before. */
  #verify(tail: Tail, now: number): void {
    const { descriptor, fingerprint, log } = tail
    if (descriptor === undefined) return
    if (fingerprint !== undefined) {
      if (tail.isTruncated || !hasFingerprint(headOf(descriptor), fingerprint)) this.replace(tail, now)
    } else if (this.#isVeryFirst && log.startsAtEnd) {
      tail.remember(endOf(descriptor, tail.size, this.#deps.reachOf(tail)), fingerprintOf(headOf(descriptor)))
    }
  }

  #begin(tail: Tail, now: number): void {
    const { descriptor } = tail
    if (descriptor === undefined) return
    const head = headOf(descriptor)
    const resume = tail.progress?.durable ?? this.#startOf(tail, head, now)
    if (resume === undefined) return
    if (tail.progress === undefined) tail.remember(resume, fingerprintOf(head))
    tail.after = []
    const begun = this.#deps.begin(tail, resume)
    if (begun === undefined) tail.unclearAt = tail.size
    else if (typeof begun === 'string') this.#refuse(tail, begun)
    else tail.reading = begun
  }

  #refuse(tail: Tail, trouble: Trouble): void {
    this.#deps.troubles.meet(tail.path, trouble)
    tail.isRefused = true
    this.#open.close(tail)
  }

  /** Where to begin in a new file: behind what was read of it under another name, when it is a copy. */
  #startOf(tail: Tail, head: Buffer, now: number): Resume | undefined {
    const clock = tail.after.findLast(({ clockMemory }) => clockMemory !== undefined)?.clockMemory
    const start: Resume = { offset: 0, from: 0, clock }
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
    const siblings = siblingsOf(realPathOf(tail.path)).filter(({ identity }) => identity !== tail.identity)
    const found = siblings.find(sibling => isCopyAt(sibling, tail))
    if (found === undefined) return undefined
    const { identity, path } = found
    const known = this.#registry.find(identity)
    const [copy] = known === undefined ? this.#takeIn([{ identity, path, logPath, log }], now) : [known]
    if (copy === undefined) return undefined
    if (copy.descriptor === undefined) this.#openFile(copy, now)
    if (copy.progress === undefined && copy.size >= progress.durable.offset)
      copy.remember(progress.durable, fingerprint)
    return copy
  }
}

function hasChanged({ size, modifiedMs }: Tail, sighting: Sighting): boolean {
  return sighting.size !== size || sighting.modifiedMs !== Math.floor(modifiedMs)
}

/** What was written first is read first. */
function waitsForAnother({ after, reading }: Tail, now: number): boolean {
  return reading === undefined && after.some(older => older.isBehind && now >= older.retryAt)
}
