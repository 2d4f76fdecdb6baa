import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Launch } from '../../src/core/launch.ts'
import type { Store } from '../../src/store/store.ts'
import { renderLaunchList } from '../render/launch-list.ts'
import { renderWaterfall } from '../render/waterfall.ts'
import { serveUntilStopped } from '../serve.ts'
import type { Terminal } from '../terminal.ts'
import { findWholeLaunches } from '../reading/whole-launch.ts'
import { NotFoundError } from '../not-found-error.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { EXIT, untilStopped, withStore } from './context.ts'
import { importAndRebuild } from './import.ts'

export interface DemoOptions {
  readonly port: number
}

const RECORDING = join(import.meta.dirname, '..', '..', 'examples')

/** The launch that shows most: one that was tried on two hosts, or else the longest. */
function mostTelling(launches: readonly Launch[]): Launch | undefined {
  const rescheduled = launches.find(({ attempts, outcome }) => attempts.length > 1 && outcome === 'active')
  return rescheduled ?? launches.toSorted((a, b) => (b.durationSeconds ?? 0) - (a.durationSeconds ?? 0))[0]
}

async function present(store: Store, terminal: Terminal): Promise<void> {
  const launches: Launch[] = []
  for await (const batch of store.readLaunches({})) launches.push(...batch)
  await terminal.out(`\n${renderLaunchList(launches, terminal)}\n`)
  const shown = mostTelling(launches)
  if (shown === undefined) return
  const [whole] = await findWholeLaunches(store, shown.instanceId ?? shown.requestId)
  if (whole !== undefined) await terminal.out(`${renderWaterfall(whole, { ...terminal, evidence: false })}\n`)
}

/** `launchtrace demo`: imports the bundled recording of a real cloud, shows its launches and serves them. */
export async function runDemo({ port }: DemoOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal, stop } = context
  if (!existsSync(RECORDING)) {
    throw new NotFoundError(`The bundled recording ${RECORDING} is missing; run the demo in a checkout of launchtrace.`)
  }
  const data = await mkdtemp(join(tmpdir(), 'launchtrace-demo-'))
  try {
    const run = async (store: Store): Promise<ExitCode> => {
      await importAndRebuild(store, [RECORDING], { context, options: {} })
      await present(store, terminal)
      await serveUntilStopped(store, { port, terminal, stop })
      return EXIT.done
    }
    return await withStore({ data }, store => untilStopped(context, () => run(store)))
  } finally {
    await rm(data, { recursive: true, force: true })
  }
}
