import type { StoreOptions } from '../open-store.ts'
import type { RebuildSummary } from '../rebuild.ts'
import { rebuildLaunches } from '../rebuild.ts'
import type { Terminal } from '../terminal.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { EXIT, withStore } from './context.ts'

/** The lines that tell a person what a rebuild found. */
export function describeRebuild({ launches, clockOffsets }: RebuildSummary): string {
  const clocks = [...clockOffsets].map(([clock, seconds]) => {
    const direction = seconds > 0 ? 'ahead' : 'behind'
    return `The clock of ${clock} is about ${Math.abs(seconds).toFixed(3)} s ${direction}; its times are corrected by that.\n`
  })
  return `${clocks.join('')}${String(launches)} launches rebuilt.\n`
}

export function showRebuildProgress(terminal: Terminal): (launches: number) => void {
  return launches => {
    terminal.progress(`Rebuilding: ${String(launches)} launches`)
  }
}

/** `launchtrace rebuild`: reconstructs stored facts again, for example after an upgrade with a better catalogue. */
export function runRebuild(options: StoreOptions, { terminal }: CommandContext): Promise<ExitCode> {
  return withStore(options, async store => {
    const summary = await rebuildLaunches(store, showRebuildProgress(terminal))
    terminal.err(describeRebuild(summary))
    return summary.launches === 0 ? EXIT.nothing : EXIT.done
  })
}
