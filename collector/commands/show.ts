import type { Launch } from '../../src/core/launch.ts'
import type { ReaderOptions } from '../reading/open-reader.ts'
import { launchToJson, spanToJson } from '../render/json.ts'
import { renderLaunchList } from '../render/launch-list.ts'
import { renderWaterfall } from '../render/waterfall.ts'
import type { Terminal } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import { NotFoundError } from '../not-found-error.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { EXIT, withReader } from './context.ts'

export interface ShowOptions extends ReaderOptions {
  readonly json?: boolean
  readonly evidence?: boolean
}

function ambiguous(id: string, launches: readonly Launch[], terminal: Terminal): UsageError {
  const list = renderLaunchList(launches, { width: terminal.width, colour: false })
  return new UsageError(
    `${JSON.stringify(id)} names ${String(launches.length)} launches; give the instance uuid of one.\n${list}`,
  )
}

/** All instances of one request are shown together; anything else that is not unique is a question. */
function areOneRequest(launches: readonly Launch[]): boolean {
  return new Set(launches.map(({ traceId }) => traceId)).size === 1
}

/** `launchtrace show ID`: one launch as a waterfall with its evidence. */
export function runShow(id: string, options: ShowOptions, { terminal }: CommandContext): Promise<ExitCode> {
  if (!/^[0-9a-z-]{4,64}$/i.test(id)) {
    throw new UsageError(
      `${JSON.stringify(id.slice(0, 60))} is no id; give a request id, trace id or instance uuid, or at least 4 characters of its beginning.`,
    )
  }
  return withReader(options, async reader => {
    const launches = await reader.findLaunches(id)
    const [first] = launches
    if (first === undefined) {
      throw new NotFoundError(
        `No launch has the id ${JSON.stringify(id)}. "launchtrace launches" lists those there are.`,
      )
    }
    if (options.json === true) {
      if (launches.length > 1) throw ambiguous(id, launches, terminal)
      await terminal.out(
        `${JSON.stringify({ launch: launchToJson(first), spans: first.spans.map(spanToJson) }, undefined, 2)}\n`,
      )
      return EXIT.done
    }
    if (!areOneRequest(launches)) throw ambiguous(id, launches, terminal)
    const look = { width: terminal.width, colour: terminal.colour, evidence: options.evidence === true }
    for (const launch of launches) await terminal.out(`${renderWaterfall(launch, look)}\n`)
    return EXIT.done
  })
}
