import type { Signal } from '../core/signal.ts'
import type { LogRecord } from '../parse/record.ts'

/** What a source read in one go, whole records in the order in which they were written. */
export interface Reading {
  /** What it is counted under: the service that a path or a tag names, else the name of the source. */
  readonly service: string
  readonly records: readonly LogRecord[]
  /** Notifications as they were delivered: recorded deliveries or bare bodies, as JSON. */
  readonly deliveries: readonly string[]
}

/**
 * Where sources hand over what they read. `write` resolves once every fact of the reading is durable: only then MAY the
 * source acknowledge it to wherever it came from. It rejects only when the process stops before that; the source MUST then
 * leave the reading unacknowledged, and reads it again after the next start. A source MAY have several writes under way and
 * MUST bound their number: that bound is the back-pressure. Facts are deduplicated, so reading again changes nothing.
 */
export interface Intake {
  write(reading: Reading): Promise<void>
}

/** How a source is doing, for people. */
export interface SourceStatus {
  /** `waiting`: cannot be reached, tries again. */
  readonly state: 'starting' | 'running' | 'waiting' | 'stopped'
  /** What it reads now, or why it waits: one sentence, never a secret. */
  readonly detail: string
  /** What is known to lie unread, in `lagUnit`; undefined when nobody can tell. */
  readonly lag?: number
  readonly lagUnit?: 'bytes' | 'messages'
}

/**
 * Where readings come from. `run` reads until `stop` aborts and resolves after its last write has settled and what was
 * acknowledged is remembered. What the outside world does (a broker that is away, a file that cannot be read) is retried
 * and shown in `status`, and never ends it; it rejects only for a mistake that waiting cannot mend.
 */
export interface Source {
  /** Unique in the process, for example `files` or `rabbitmq:cell1`. */
  readonly name: string
  run(intake: Intake, stop: AbortSignal): Promise<void>
  status(): SourceStatus
}

/** Where facts go: the store, a Kafka topic, or a collector over HTTP. */
export interface Outlet {
  readonly name: string
  /**
   * Resolves only once every signal is durable. Writing a signal twice changes nothing. Rejects with a LaunchTraceError:
   * `retryable` tells whether the same signals may be accepted later. Gives up as soon as `stop` aborts.
   */
  write(signals: readonly Signal[], stop: AbortSignal): Promise<void>
  close(): Promise<void>
}
