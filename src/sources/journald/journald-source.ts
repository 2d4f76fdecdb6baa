import { setTimeout as sleep } from 'node:timers/promises'
import { micros } from '../../core/time.ts'
import { createLogAssembler } from '../../parse/assembler.ts'
import type { LogAssembler } from '../../parse/assembler.ts'
import { createClock } from '../../parse/clock.ts'
import type { Interest } from '../../parse/interest.ts'
import { NO_LINES } from '../read-summary.ts'
import type { LogRecord } from '../../parse/record.ts'
import type { Intake, Source, SourceStatus } from '../../pipeline/stage.ts'
import type { Telemetry } from '../../telemetry/telemetry.ts'
import type { CursorFile } from './cursor-file.ts'
import { createCursorFile } from './cursor-file.ts'
import type { JournalEntry } from './export-reader.ts'
import { createExportReader } from './export-reader.ts'
import type { JournalPlace, RunningJournalctl } from './journalctl.ts'
import { startJournalctl } from './journalctl.ts'
import { journalOf, reasonOf, whereOf } from './journal-words.ts'
import { createProgress } from './progress.ts'

export interface JournaldConfig extends JournalPlace {
  /** Host of entries that name none. */
  readonly host: string
  /** Zone of local times inside of the messages. */
  readonly timezone: string
  /** Where the place in the journal is remembered. */
  readonly stateDirectory: string
  /** Longest message that is read, in bytes; the rest of it is passed over and counted. */
  readonly maxMessageBytes: number
  /** The program; `journalctl` of the search path unless given. */
  readonly command?: string
}

export interface JournaldDeps {
  readonly wanted: Interest
  readonly telemetry: Telemetry
}

const NAME = 'journald'
/** A record is whole when nothing more of it has come for one to two of these. */
const TICK_MS = 200
/** The place is remembered every so many ticks, and at the end. */
const TICKS_PER_SAVE = 5
/** Writes under way, each of what one read of the pipe held (at most 64 KiB); beyond it journalctl waits. */
const MAX_WRITES = 16
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000

class JournaldSource implements Source {
  readonly name = NAME
  readonly #config: JournaldConfig
  readonly #telemetry: Telemetry
  readonly #cursorFile: CursorFile
  readonly #assembler: LogAssembler
  readonly #progress = createProgress()
  #records: LogRecord[] = []
  #entries = 0
  #counted = NO_LINES
  #status: SourceStatus = { state: 'starting', detail: 'Has not begun to read.' }
  #running: RunningJournalctl | undefined
  /** Where the next journalctl begins. */
  #cursor: string | undefined
  #saved: string | undefined
  #saving: Promise<void> = Promise.resolve()
  #ticks = 0
  /** Whether something may have lain unread since the last tick, because writes were in the way. */
  #waited = false
  #failures = 0

  constructor(config: JournaldConfig, { wanted, telemetry }: JournaldDeps) {
    this.#config = config
    this.#telemetry = telemetry
    this.#cursorFile = createCursorFile(config.stateDirectory, journalOf(config))
    const clock = createClock({ zone: config.timezone, reference: () => micros(Date.now() * 1000) })
    const place = { host: '', service: '', fallbackHost: config.host, fallbackService: '', domain: '' }
    this.#assembler = createLogAssembler({ ...place, clock, wanted }, record => this.#records.push(record))
  }

  status(): SourceStatus {
    const complaint = this.#running?.complaint() ?? ''
    if (this.#status.state !== 'running' || complaint === '') return this.#status
    return { ...this.#status, detail: `${this.#status.detail} ${reasonOf(undefined, complaint)}` }
  }

  async run(intake: Intake, stop: AbortSignal): Promise<void> {
    this.#cursor = this.#saved = await this.#cursorFile.load()
    const ticking = setInterval(() => {
      this.#tick(intake)
    }, TICK_MS)
    try {
      while (!stop.aborted && this.#progress.failure === undefined) await this.#followOnce(intake, stop)
    } finally {
      clearInterval(ticking)
    }
    await this.#progress.room(1)
    await this.#save()
    this.#status = { state: 'stopped', detail: 'Has stopped.' }
    if (!stop.aborted) throw this.#progress.failure
  }

  async #followOnce(intake: Intake, stop: AbortSignal): Promise<void> {
    const { command = 'journalctl' } = this.#config
    const running = startJournalctl(command, this.#config, this.#cursor)
    this.#running = running
    this.#status = { state: 'running', detail: whereOf(this.#config) }
    stop.addEventListener('abort', running.stop, { once: true })
    try {
      await this.#read(running, intake, stop)
    } finally {
      stop.removeEventListener('abort', running.stop)
      running.stop()
      this.#running = undefined
    }
    const failure = await running.ended
    if (!stop.aborted && this.#progress.failure === undefined) {
      await this.#startLater(reasonOf(failure, running.complaint()), stop)
    }
  }

  async #read(running: RunningJournalctl, intake: Intake, stop: AbortSignal): Promise<void> {
    const reader = createExportReader(this.#config.maxMessageBytes)
    const labels = { source: NAME }
    let cut = 0
    for await (const chunk of running.output) {
      const entries = this.#withoutKnown(reader.push(chunk))
      this.#telemetry.count('launchtrace_source_bytes_total', labels, chunk.length)
      this.#telemetry.count('launchtrace_source_lines_total', labels, entries.length)
      this.#telemetry.count('launchtrace_source_lines_cut_total', labels, reader.cut - cut)
      cut = reader.cut
      this.#push(entries)
      this.#write(intake)
      if (this.#progress.underWay >= MAX_WRITES) {
        this.#waited = true
        await this.#progress.room(MAX_WRITES)
        this.#waited = true
      }
      if (stop.aborted || this.#progress.failure !== undefined) return
    }
  }

  /** Journalctl begins with the last entry that was read before, when it is still there. */
  #withoutKnown(entries: readonly JournalEntry[]): readonly JournalEntry[] {
    return entries[0] !== undefined && entries[0].cursor === this.#cursor ? entries.slice(1) : entries
  }

  /** One line of JSON for each entry, as journalctl itself would write it: the assembler counts entries by lines. */
  #push(entries: readonly JournalEntry[]): void {
    for (const { fields } of entries) this.#assembler.push(JSON.stringify(fields))
    const last = entries.at(-1)
    if (last === undefined) return
    this.#entries += entries.length
    this.#failures = 0
    this.#cursor = last.cursor
    this.#progress.mark(this.#entries - 1, last.cursor)
  }

  #write(intake: Intake): void {
    this.#countDropped()
    const records = this.#records
    this.#records = []
    const byService = Map.groupBy(records, ({ service }) => service)
    const writes = [...byService].map(([service, own]) =>
      intake.write({ service: service === '' ? NAME : service, records: own, deliveries: [] }),
    )
    const whole = Math.min(this.#assembler.openSince, this.#entries) - 1
    this.#progress.begin(
      whole,
      Promise.all(writes).then(() => undefined),
    )
  }

  #countDropped(): void {
    const { counts } = this.#assembler
    for (const reason of ['unwanted', 'blank', 'undecodable'] as const) {
      const more = counts[reason] - this.#counted[reason]
      if (more > 0) this.#telemetry.count('launchtrace_source_lines_dropped_total', { source: NAME, reason }, more)
    }
    this.#counted = counts
  }

  /** While journalctl was read from all the time, what has not come by now is not on its way. */
  #tick(intake: Intake): void {
    const isCaughtUp = !this.#waited && this.#progress.underWay < MAX_WRITES
    this.#waited = false
    if (isCaughtUp) {
      this.#assembler.flushQuiet()
      this.#write(intake)
    }
    this.#ticks += 1
    if (this.#ticks % TICKS_PER_SAVE === 0) void this.#save()
  }

  /** One at a time; a failure is told and the next save tries again. */
  #save(): Promise<void> {
    this.#saving = this.#saving.then(async () => {
      const { durable } = this.#progress
      if (durable === undefined || durable === this.#saved) return
      try {
        await this.#cursorFile.save(durable)
        this.#saved = durable
      } catch (error) {
        this.#telemetry.count('launchtrace_source_errors_total', { source: NAME, reason: 'state' })
        this.#telemetry.warn('The place in the journal could not be remembered; it is tried again.', {
          source: NAME,
          directory: this.#config.stateDirectory,
          error: error instanceof Error ? error.message : String(error),
        })
      }
    })
    return this.#saving
  }

  async #startLater(reason: string, stop: AbortSignal): Promise<void> {
    const waitMs = Math.min(FIRST_WAIT_MS * 2 ** this.#failures, LONGEST_WAIT_MS)
    this.#failures += 1
    this.#status = { state: 'waiting', detail: reason }
    this.#telemetry.count('launchtrace_source_errors_total', { source: NAME, reason: 'ended' })
    this.#telemetry.warn('The journal cannot be read; journalctl is started again.', {
      source: NAME,
      reason,
      next_try_ms: waitMs,
    })
    if (/seek to cursor/i.test(reason)) this.#cursor = undefined
    await sleep(waitMs, undefined, { signal: stop }).catch(() => undefined)
  }
}

/**
 * Follows the systemd journal with journalctl, from where it was left, or from its beginning. Holds at most one unfinished
 * entry, the records that may still grow, and 16 writes of what 64 KiB of the journal held.
 */
export function createJournaldSource(config: JournaldConfig, deps: JournaldDeps): Source {
  return new JournaldSource(config, deps)
}
