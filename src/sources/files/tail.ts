import { closeSync, fstatSync } from 'node:fs'
import type { ClockMemory } from '../../parse/clock.ts'
import type { Place } from '../place.ts'
import { fingerprintOf, type Fingerprint } from './fingerprint.ts'
import type { LineTally } from '../line-tally.ts'
import { createProgress, type Progress } from './progress.ts'
import type { Reader } from './reader.ts'
import { openRegular } from './regular-file.ts'
import type { Resume } from './trail.ts'

/** What is known of a log before any of its files is opened. */
export interface LogPlace {
  readonly place: Place
  /** Host of lines that neither path nor line give one. */
  readonly fallbackHost: string
  readonly timezone: string
  /** Whether of a file that is there at the very first start only what comes later is read. */
  readonly startsAtEnd: boolean
}

export interface TailOptions {
  /** Device and inode. */
  readonly identity: string
  /** Where it is now. */
  readonly path: string
  /** As a pattern found it, or the log of which it is a part. */
  readonly logPath: string
  readonly log: LogPlace
}

/** A reader with the tally of what it counted. */
export interface Reading {
  readonly reader: Reader
  readonly tally: LineTally
}

/**
 * One content of one file: from when the file is created, or truncated, up to its end or the next truncation. Holds the file
 * open, so that it can be read to its end when it was renamed or deleted; an idle one is closed and holds next to nothing.
 */
export class Tail {
  readonly identity: string
  readonly log: LogPlace
  path: string
  logPath: string
  /** Absent until it is decided where reading begins, for which the file must hold something. */
  progress: Progress | undefined
  reading: Reading | undefined
  /** What was written before this and is read before it, oldest first. */
  after: readonly Tail[] = []
  size = 0
  modifiedMs = 0
  /** By the process's own clock, in milliseconds. */
  grewAt = 0
  pollAt = 0
  /** Grows with each read of the source: the smallest has waited longest. */
  turn = 0
  quietAt = 0
  /** Since when no pattern leads to it; undefined while one does. */
  orphanedAt: number | undefined
  /** Nothing is read of it: it is no log. */
  isRefused = false
  /** Until when its beginning is taken for a copy that is still being made. */
  copyUntil: number | undefined
  /** Size at which its beginning did not say yet what it is. */
  unclearAt: number | undefined
  /** After an error: when to try again. */
  retryAt = 0
  isDeleted = false
  #descriptor: number | undefined
  #fingerprint: Fingerprint | undefined

  constructor({ identity, path, logPath, log }: TailOptions) {
    this.identity = identity
    this.path = path
    this.logPath = logPath
    this.log = log
  }

  get descriptor(): number | undefined {
    return this.#descriptor
  }

  /** Undefined while nothing is known of the content. */
  get fingerprint(): Fingerprint | undefined {
    const head = this.reading?.reader.head
    if (head !== undefined && head.length !== this.#fingerprint?.length) this.#fingerprint = fingerprintOf(head)
    return this.#fingerprint
  }

  /** What the clock of the log knows where reading has come to. */
  get clockMemory(): ClockMemory | undefined {
    return this.reading?.reader.clockMemory ?? this.progress?.durable.clock
  }

  /** Bytes that are known to lie unread. */
  get lag(): number {
    if (this.isRefused) return 0
    return Math.max(0, this.size - (this.reading?.reader.at ?? this.progress?.durable.offset ?? 0))
  }

  /** Whether something is to be read that was not looked at. */
  get isBehind(): boolean {
    if (this.#descriptor === undefined || this.isRefused || this.size === this.unclearAt) return false
    return this.reading?.reader.isBehind(this.size) ?? this.lag > 0
  }

  /** Whether the file holds less than was read of it: its content is another one. */
  get isTruncated(): boolean {
    return this.size < (this.reading?.reader.at ?? this.progress?.durable.offset ?? 0)
  }

  /** Whether nothing is lost when it is closed. */
  get isAtRest(): boolean {
    if (this.isBehind || (this.progress?.waiting ?? 0) > 0) return false
    return this.reading?.reader.hasOpenRecords !== true
  }

  /** Goes on where an earlier process was, or a copy of this content. */
  remember(resume: Resume, fingerprint: Fingerprint): void {
    this.progress = createProgress(resume)
    this.#fingerprint = fingerprint
  }

  /** @throws what the system says */
  open(): void {
    this.#descriptor ??= openRegular(this.path, this.identity)
  }

  /** Looks how long the open file is. @throws what the system says */
  look(now: number): void {
    if (this.#descriptor === undefined) return
    const { size, mtimeMs, nlink } = fstatSync(this.#descriptor)
    this.isDeleted = nlink === 0
    if (size !== this.size) this.grewAt = now
    this.size = size
    this.modifiedMs = mtimeMs
  }

  /** Forgets what can be read again. */
  close(): void {
    if (this.#descriptor === undefined) return
    this.reading?.tally.report(this.reading.reader.counted)
    this.#fingerprint = this.fingerprint
    this.reading = undefined
    closeSync(this.#descriptor)
    this.#descriptor = undefined
  }
}
