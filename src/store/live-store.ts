import type { Launch } from '../core/launch.ts'
import type { UnixMicros } from '../core/time.ts'
import type { Seed, Store, TimeRange } from './store.ts'

/** How far a collector is. */
export interface CollectorProgress {
  readonly collector: string
  /** Everything that was stored before has been rebuilt. */
  readonly rebuiltUntil: UnixMicros
  /** When it last said so, on the store's clock. */
  readonly seenAt: UnixMicros
}

/** A launch as exporting knows it. */
export type LaunchName = Pick<Launch, 'traceId' | 'instanceId'>

/**
 * What a collector needs beside facts and launches to work on live ones, to be killed at any time and to have others beside
 * it. Everything here is a note that facts can be found by; losing one would lose no fact.
 */
export interface LiveStore extends Store {
  /** The launches that looked up one of these links. */
  findLinked(links: readonly string[]): Promise<readonly Seed[]>
  /** Links of everything that was stored at or after `since`, in batches of bounded size; some may come twice. */
  arrivedSince(since: UnixMicros): AsyncIterable<readonly string[]>
  /** Launches that began in `range`, in batches of bounded size; only those that are not active when `unfinished`. */
  launchesBegun(range: TimeRange, options: { readonly unfinished: boolean }): AsyncIterable<readonly Seed[]>
  /** Launches in progress, in batches of bounded size. */
  launchesInProgress(): AsyncIterable<readonly Seed[]>
  readProgress(): Promise<readonly CollectorProgress[]>
  noteProgress(collector: string, rebuiltUntil: UnixMicros): Promise<void>
  /** Those of these launches that were not sent yet. */
  withoutExported(launches: readonly LaunchName[]): Promise<readonly LaunchName[]>
  noteExported(launches: readonly LaunchName[]): Promise<void>
  /** Launches that ended, began at or after `since`, and were not sent yet, in batches of bounded size. */
  unexported(since: UnixMicros): AsyncIterable<readonly LaunchName[]>
}
