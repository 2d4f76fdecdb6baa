import { micros } from '../../src/core/time.ts'
import type { LaunchFilter, Store } from '../../src/store/store.ts'
import type { FilterTexts } from '../filters.ts'
import { parseLaunchFilter } from '../filters.ts'
import type { StoreOptions } from '../open-store.ts'
import { openStore } from '../open-store.ts'
import type { LaunchReader } from '../reading/launch-reader.ts'
import type { ReaderOptions } from '../reading/open-reader.ts'
import { openReader } from '../reading/open-reader.ts'
import type { Terminal } from '../terminal.ts'

/** How a command ended, as the exit code that scripts see. */
export const EXIT = { done: 0, failed: 1, usage: 2, nothing: 3 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** What every command is given. */
export interface CommandContext {
  readonly terminal: Terminal
  /** Aborted by Ctrl-C. */
  readonly stop: AbortSignal
}

/** Runs something on the store that the options name and closes the store whatever happens. */
export async function withStore<Result>(
  options: StoreOptions,
  run: (store: Store) => Promise<Result>,
): Promise<Result> {
  const store = await openStore(options)
  try {
    return await run(store)
  } finally {
    await store.close()
  }
}

/** Runs long work that throws the reason of `stop` once it is aborted; all that was stored by then is kept. */
export async function untilStopped(
  { terminal, stop }: CommandContext,
  work: () => Promise<ExitCode>,
): Promise<ExitCode> {
  try {
    return await work()
  } catch (error) {
    if (error !== stop.reason) throw error
    terminal.err('Stopped before the end. What was read is kept; the same command again does the rest.\n')
    return EXIT.failed
  }
}

/** Runs something that only looks, on the store that the options name or on the process that holds it. */
export async function withReader<Result>(
  options: ReaderOptions,
  run: (reader: LaunchReader) => Promise<Result>,
): Promise<Result> {
  const reader = await openReader(options)
  try {
    return await run(reader)
  } finally {
    await reader.close()
  }
}

/** Reads the filters of the command line. */
export function filterOf(texts: FilterTexts): LaunchFilter {
  return parseLaunchFilter(texts, { now: micros(Date.now() * 1000), label: name => `--${name}` })
}
