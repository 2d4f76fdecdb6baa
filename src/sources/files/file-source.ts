import { setImmediate as turn } from 'node:timers/promises'
import type { Interest } from '../../parse/interest.ts'
import { isTimeZone } from '../../parse/clock.ts'
import type { Intake, Source, SourceStatus } from '../../pipeline/stage.ts'
import type { Telemetry } from '../../telemetry/telemetry.ts'
import { serviceOf } from '../place.ts'
import { beginReading, reachOf } from './begin-reading.ts'
import type { Checkpoint, Loaded } from './checkpoint.ts'
import { createCheckpointKeeper, recallCheckpoint, type CheckpointKeeper } from './checkpoint-keeper.ts'
import { Follower, type FollowPace } from './follower.ts'
import { createPause } from '../pause.ts'
import { BUFFER_BYTES } from './reader.ts'
import { createSearch, type FileGroup } from './search.ts'
import type { Tail } from './tail.ts'
import { createTroubles, type Troubles } from './troubles.ts'
import type { Resume } from './trail.ts'
import { createWrites, type Writes } from '../writes.ts'

/** How often things are done, in milliseconds. */
export interface Pace extends FollowPace {
  readonly rescanMs: number
  /** A record is given out when no line has come to it for once to twice as long. */
  readonly quietMs: number
  readonly saveMs: number
}

export interface FileSourceOptions {
  readonly groups: readonly FileGroup[]
  /** Folder in which the source remembers how far it is; made when it is not there. */
  readonly stateDirectory: string
  /** Host of lines that neither path, nor line, nor group give one. */
  readonly host: string
  /** Zone of local times where a group gives none: `UTC`, an offset, or a name such as `Europe/Rome`. */
  readonly timezone: string
  /** Longest line; the rest of a longer one is passed over. */
  readonly maxLineBytes: number
  readonly wanted: Interest
  readonly telemetry: Telemetry
  /** For tests; what suits a machine unless given. */
  readonly pace?: Partial<Pace>
}

const NAME = 'files'

const PACE: Pace = { pollMs: 100, idlePollMs: 1000, lingerMs: 60_000, rescanMs: 1000, quietMs: 150, saveMs: 1000 }

/** Looking for files takes at most this share of the time. */
const RESCAN_SHARE = 0.02
/** UTF-16 units of open records of all files, from which on only one file is read: it closes what it has open. */
const MAX_HELD = 33_554_432
/** Bytes of one file that are read beyond a write that does not settle. */
const MAX_AHEAD = 67_108_864
/** An unfinished line keeps the records open that it may belong to, but not for longer than this, in milliseconds. */
const UNFINISHED_MS = 30_000
/** Time after which other work of the process has its turn, in milliseconds. */
const TURN_MS = 10

/** A source while it runs. */
interface Run {
  readonly follower: Follower
  readonly writes: Writes
  readonly stop: AbortSignal
}

class FileSource implements Source {
  readonly name = NAME
  readonly #options: FileSourceOptions
  readonly #pace: Pace
  readonly #troubles: Troubles
  readonly #pause = createPause()
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES)
  #state: SourceStatus['state'] = 'starting'
  #follower: Follower | undefined
  #turns = 0
  #turnedAt = 0
  /** Whether something would be read if more could be under way. */
  #waitsForRoom = false

  constructor(options: FileSourceOptions) {
    this.#options = options
    this.#pace = { ...PACE, ...options.pace }
    this.#troubles = createTroubles(options.telemetry, NAME)
  }

  async run(intake: Intake, stop: AbortSignal): Promise<void> {
    const { stateDirectory: directory, telemetry } = this.#options
    const writes = createWrites(intake, () => {
      if (this.#waitsForRoom) this.#pause.end()
    })
    const loaded = recallCheckpoint({ source: NAME, directory, telemetry })
    const follower = this.#createFollower(writes, loaded)
    this.#follower = follower
    const checkpoint = (): Checkpoint => follower.checkpoint()
    const keeper = createCheckpointKeeper({ source: NAME, directory, telemetry, checkpoint })
    this.#state = 'running'
    await this.#follow({ follower, writes, stop }, keeper)
    await writes.settled()
    await keeper.finish()
    this.#report(follower)
    follower.close()
    this.#state = 'stopped'
  }

  status(): SourceStatus {
    const tails = [...(this.#follower?.tails ?? [])]
    const lag = tails.reduce((sum, tail) => sum + tail.lag, 0)
    const { count } = this.#troubles
    const trouble = count === 0 ? '' : `; ${count} not read, ${this.#troubles.describe()}`
    const isWaiting = this.#state === 'running' && tails.length === 0
    const files = tails.length === 1 ? '1 file' : `${tails.length} files`
    return { state: isWaiting ? 'waiting' : this.#state, detail: `${files}${trouble}`, lag, lagUnit: 'bytes' }
  }

  #createFollower(writes: Writes, loaded: Loaded): Follower {
    const { groups, host, timezone, maxLineBytes, wanted, telemetry } = this.#options
    const begin = { source: NAME, maxLineBytes, wanted, telemetry }
    const deps = {
      search: createSearch(groups, { host, timezone }, this.#troubles),
      troubles: this.#troubles,
      begin: (tail: Tail, resume: Resume) => beginReading(tail, resume, begin),
      give: (tail: Tail) => {
        give(tail, writes)
      },
      reachOf,
      pace: this.#pace,
    }
    return new Follower(deps, loaded.kind === 'found' ? loaded.checkpoint : undefined, loaded.kind === 'none')
  }

  async #follow(run: Run, keeper: CheckpointKeeper): Promise<void> {
    const { follower, writes, stop } = run
    let [rescanAt, saveAt] = [0, 0]
    while (!stop.aborted && !writes.isRefused) {
      const now = performance.now()
      if (now >= rescanAt) {
        follower.rescan(now)
        this.#report(follower)
        rescanAt = now + Math.max(this.#pace.rescanMs, (performance.now() - now) / RESCAN_SHARE)
      }
      follower.poll(now)
      const hasRead = await this.#readRound(run, now)
      this.#flushQuiet(run, now)
      if (now >= saveAt) {
        keeper.begin()
        saveAt = now + this.#pace.saveMs
      }
      if (!hasRead && !(this.#waitsForRoom && writes.hasRoom)) await this.#pause.wait(this.#pace.pollMs, stop)
    }
  }

  /** Reads a chunk of every file that has one, those first that have waited longest. */
  async #readRound(run: Run, now: number): Promise<boolean> {
    const { follower, writes, stop } = run
    let hasRead = false
    this.#waitsForRoom = false
    for (const tail of choose(follower, now)) {
      this.#waitsForRoom = !writes.hasRoom
      if (stop.aborted || this.#waitsForRoom || performance.now() - now > this.#pace.pollMs) break
      await this.#readChunk(run, tail)
      this.#turns += 1
      tail.turn = this.#turns
      hasRead = true
      await this.#letOthersWork()
    }
    return hasRead
  }

  async #readChunk({ follower, writes }: Run, tail: Tail): Promise<void> {
    const now = performance.now()
    const reader = follower.wake(tail, now)?.reader
    if (reader === undefined) return
    try {
      if (!(await reader.read(this.#buffer, tail.size))) follower.replace(tail, now)
      else if (tail.isBehind) tail.pollAt = 0
      give(tail, writes)
    } catch (cause) {
      follower.fail(tail, now, cause)
    }
  }

  /** Gives out the records that nothing more is written of, as far as one can see. */
  #flushQuiet({ follower, writes }: Run, now: number): void {
    for (const tail of follower.tails) {
      const reader = tail.reading?.reader
      if (reader?.hasOpenRecords !== true || tail.isBehind || now < tail.quietAt) continue
      if (!reader.isBetweenLines && now - tail.grewAt < UNFINISHED_MS) continue
      if (!writes.hasRoom) return
      tail.quietAt = now + this.#pace.quietMs
      reader.flushQuiet()
      give(tail, writes)
    }
  }

  async #letOthersWork(): Promise<void> {
    if (performance.now() - this.#turnedAt < TURN_MS) return
    await turn()
    this.#turnedAt = performance.now()
  }

  #report(follower: Follower): void {
    let lag = 0
    for (const tail of follower.tails) {
      tail.reading?.tally.report(tail.reading.reader.counted)
      lag += tail.lag
    }
    this.#options.telemetry.set('launchtrace_source_lag', { source: NAME, unit: 'bytes' }, lag)
  }
}

/** Hands over what a file's lines have made, and notes from where reading may go on once that is durable. */
function give({ reading, progress, log }: Tail, writes: Writes): void {
  if (reading === undefined || progress === undefined) return
  const { records, deliveries } = reading.reader.drain()
  const resume = reading.reader.resumeAfter(progress.durable)
  if (records.length === 0 && deliveries.length === 0) progress.move(resume)
  else writes.begin({ service: serviceOf(log), records, deliveries }, progress.write(resume))
}

function isFarAhead({ reading, progress }: Tail): boolean {
  if (reading === undefined || progress === undefined || progress.waiting === 0) return false
  return reading.reader.at - progress.durable.offset > MAX_AHEAD
}

function heldBy({ reading }: Tail): number {
  return reading?.reader.held ?? 0
}

/** The files to read from, in order. While too much waits for the ends of records, only the one that holds most of it. */
function choose(follower: Follower, now: number): readonly Tail[] {
  const ready = follower.ready(now).filter(tail => !isFarAhead(tail))
  let held = 0
  for (const tail of follower.tails) held += heldBy(tail)
  if (held > MAX_HELD) {
    const holders = ready.filter(tail => heldBy(tail) > 0)
    return holders.sort((one, other) => heldBy(other) - heldBy(one)).slice(0, 1)
  }
  return ready.sort((one, other) => one.turn - other.turn)
}

/**
 * Follows log files: new ones are found, rotated ones are read to their end, and reading goes on where an earlier process
 * was. Memory is bounded by what is under way (`Writes`), by open records, and by some kilobytes for each open file.
 * @throws {RangeError} when a zone is not known
 */
export function createFileSource(options: FileSourceOptions): Source {
  for (const zone of [options.timezone, ...options.groups.map(group => group.timezone ?? 'UTC')]) {
    if (!isTimeZone(zone))
      throw new RangeError(`${zone} is no time zone; give UTC, +02:00 or a name such as Europe/Rome`)
  }
  return new FileSource(options)
}
