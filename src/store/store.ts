import type { Cause, Launch, Outcome, Phase } from '../core/launch.ts'
import type { Signal } from '../core/signal.ts'
import type { UnixMicros } from '../core/time.ts'

/** Half open: `from` is inside, `to` is not. */
export interface TimeRange {
  readonly from: UnixMicros
  readonly to: UnixMicros
}

/** Which launches to read; every given field must hold. */
export interface LaunchFilter {
  readonly since?: UnixMicros
  readonly until?: UnixMicros
  readonly outcome?: Outcome
  readonly host?: string
  readonly project?: string
  /** An instance uuid or a prefix of one. */
  readonly instance?: string
  /** The N longest, longest first. */
  readonly slowest?: number
  readonly limit?: number
}

/** One row of `phaseLatency`. */
export interface PhaseLatency {
  readonly phase: Phase | 'launch'
  readonly launches: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

/** What happened in a time range, counted. */
export interface RangeSummary {
  readonly outcomes: readonly { readonly of: Outcome; readonly launches: number }[]
  /** Of launches that failed, most frequent first. */
  readonly causes: readonly { readonly of: Cause; readonly launches: number }[]
  /** By the host of the last attempt; those with most failures first, then the slowest. */
  readonly hosts: readonly HostSummary[]
}

export interface HostSummary {
  readonly host: string
  readonly launches: number
  readonly failed: number
  /** Of launches that became active; undefined when none did. Seconds. */
  readonly p95Seconds: number | undefined
}

/** What a rebuild starts from: an instance, or the request id of a `POST /servers`. */
export interface Seed {
  readonly kind: 'instance' | 'request'
  readonly value: string
}

/** A link that a launch looks up. */
export interface LaunchLink {
  readonly link: string
  readonly of: Seed
}

/** The names of the signals that prove that a launch may be found at an id they carry. */
export interface SeedProofs {
  readonly instanceProofs: readonly string[]
  readonly requestProofs: readonly string[]
}

/** Whose rows `replaceLaunches` replaces. */
export interface LaunchScope {
  readonly instances: readonly string[]
  readonly requests: readonly string[]
  /**
   * `Store.now()` before the facts were read. Facts only accumulate, so of two processes that rebuild the same launch the one
   * that began to read later knows more: its rows stay, whichever writes last.
   */
  readonly readAt: UnixMicros
}

/**
 * Facts and launches, durable. One contract for the embedded engine and for a ClickHouse server.
 * Every method rejects with a StoreUnavailableError (retryable) when the engine cannot be reached.
 */
export interface Store {
  /** The clock of the engine: the one that all processes on the same store share. */
  now(): Promise<UnixMicros>
  /** Resolves only when every signal is durable. Writing a signal again changes nothing. */
  writeSignals(signals: readonly Signal[]): Promise<void>
  /** The time of the first and of the last signal; undefined when there is none. */
  signalRange(): Promise<TimeRange | undefined>
  /**
   * Distinct signals that carry at least one of these links (`linksOf`), in no particular order; without those whose
   * first link is among `known` (at most 1,000), which the caller already has.
   */
  findSignals(links: readonly string[], known?: readonly string[]): Promise<readonly Signal[]>
  /**
   * Notes links that launches are about to look up. A fact that carries one and is stored afterwards leads to them, one that
   * was stored before is found by the look-up: none falls between.
   */
  noteLinks(links: readonly LaunchLink[]): Promise<void>
  /** Distinct signals with one of these names, stated in `range` if given, in batches of bounded size, in order of time. */
  streamSignals(names: readonly string[], range?: TimeRange): AsyncIterable<readonly Signal[]>
  /**
   * Where launches may be found: every instance that a signal with one of `instanceProofs` names, every request id of a
   * signal with one of `requestProofs`; in batches of at most `batchSize`, ordered by first appearance.
   */
  seeds(proofs: SeedProofs, batchSize: number): AsyncIterable<readonly Seed[]>
  /**
   * Makes `launches` all that is known of these instances and requests: rows of theirs that are not among `launches`
   * disappear (a request whose instance became known, an instance whose request id was corrected). Rows whose facts were
   * read later than these stay as they are.
   */
  replaceLaunches(scope: LaunchScope, launches: readonly Launch[]): Promise<void>
  /** Ordered by start and instance, or longest first for `slowest`; in batches of bounded size; spans are left out (empty). */
  readLaunches(filter: LaunchFilter): AsyncIterable<readonly Launch[]>
  /** Whole launches by request id, trace id, instance uuid, or a prefix (at least 4 characters) of one of them; at most 50. */
  findLaunches(id: string): Promise<readonly Launch[]>
  phaseLatency(range: TimeRange): Promise<readonly PhaseLatency[]>
  /** Of the launches that started in `range`; at most 100 hosts. */
  summarise(range: TimeRange): Promise<RangeSummary>
  close(): Promise<void>
}
