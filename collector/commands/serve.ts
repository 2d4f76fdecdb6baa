import type { StoreOptions } from '../open-store.ts'
import { defaultDataDirectory } from '../open-store.ts'
import { serveUntilStopped } from '../serve.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { EXIT, withStore } from './context.ts'

export interface ServeCommandOptions extends StoreOptions {
  readonly port: number
}

/** `launchtrace serve`: serves what is stored on loopback until Ctrl-C. */
export function runServe(
  { port, ...store }: ServeCommandOptions,
  { terminal, stop }: CommandContext,
): Promise<ExitCode> {
  return withStore(store, async opened => {
    const directory = store.clickhouse === undefined ? { directory: store.data ?? defaultDataDirectory() } : {}
    await serveUntilStopped(opened, { port, terminal, stop, ...directory })
    return EXIT.done
  })
}
