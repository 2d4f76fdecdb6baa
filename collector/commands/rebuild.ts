import type { Store } from '../../src/store/store.ts'
import type { StoreOptions } from '../open-store.ts'
import type { RebuildSummary } from '../rebuild.ts'
import { rebuildLaunches } from '../rebuild.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { EXIT, untilStopped, withStore } from './context.ts'

/** The lines that tell a person what a rebuild found. */
export function describeRebuild({ launches, clockOffsets }: RebuildSummary): string {
  const clocks = [...clockOffsets].map(([clock, seconds]) => {
    const direction = seconds > 0 ? 'ahead' : 'behind'
    return `The clock of ${clock} is about ${Math.abs(seconds).toFixed(3)} s ${direction}; its times are corrected by that.\n`
  })
  return `${clocks.join('')}${String(launches)} launches rebuilt.\n`
}

/** Throws the reason of `stop` once it is aborted. */
export function showRebuildProgress({ terminal, stop }: CommandContext): (launches: number) => void {
  return launches => {
    stop.throwIfAborted()
    terminal.progress(() => `Rebuilding: ${String(launches)} launches`)
  }
}

/** `launchtrace rebuild`: reconstructs stored facts again, for example after an upgrade with a better catalogue. */
export function runRebuild(options: StoreOptions, context: CommandContext): Promise<ExitCode> {
  const rebuild = async (store: Store): Promise<ExitCode> => {
    const summary = await rebuildLaunches(store, showRebuildProgress(context))
    context.terminal.err(describeRebuild(summary))
    return summary.launches === 0 ? EXIT.nothing : EXIT.done
  }
  return withStore(options, store => untilStopped(context, () => rebuild(store)))
}
