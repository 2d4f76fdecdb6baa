import { setTimeout as sleep } from 'node:timers/promises'
import { LaunchTraceError } from '../../src/core/errors.ts'
import type { Launch } from '../../src/core/launch.ts'
import { plusSeconds } from '../../src/core/time.ts'
import type { LaunchFilter } from '../../src/store/store.ts'
import { asOfMoment } from '../reading/as-of.ts'
import type { LaunchReader } from '../reading/launch-reader.ts'
import { launchToJson } from '../render/json.ts'
import { renderLaunchList } from '../render/launch-list.ts'
import type { CommandContext } from './context.ts'

const EVERY_MS = 500
/** Without `--since`, what began in the last hour of the facts. Seconds. */
const LOOK_BACK_SECONDS = 3600
/** Lines that the list needs beside its rows. */
const FRAME = 8
const CLEAR = '\u001b[H\u001b[2J'

type Print = (launches: readonly Launch[]) => Promise<void>

function printScreens({ terminal }: CommandContext): Print {
  return launches => {
    const rows = Math.max(1, terminal.height - FRAME)
    return terminal.out(`${terminal.isTerminal ? CLEAR : ''}${renderLaunchList(launches.slice(-rows), terminal)}`)
  }
}

/** One line of JSON for every launch that is new or has changed. */
function printChanges({ terminal }: CommandContext): Print {
  const last = new Map<string, string>()
  return async launches => {
    const lines: string[] = []
    const seen = new Set<string>()
    for (const launch of launches) {
      const [key, text] = [`${launch.traceId} ${launch.instanceId ?? ''}`, JSON.stringify(launchToJson(launch))]
      seen.add(key)
      if (last.get(key) !== text) lines.push(`${text}\n`)
      last.set(key, text)
    }
    for (const key of last.keys()) if (!seen.has(key)) last.delete(key)
    if (lines.length > 0) await terminal.out(lines.join(''))
  }
}

interface Watched {
  readonly filter: LaunchFilter
  readonly json: boolean
}

async function look(reader: LaunchReader, { filter, json }: Watched, print: Print): Promise<void> {
  const asOf = await reader.asOf()
  const since = filter.since ?? (asOf === undefined ? undefined : plusSeconds(asOf, -LOOK_BACK_SECONDS))
  const launches: Launch[] = []
  for await (const batch of reader.readLaunches({ ...filter, ...(since === undefined ? {} : { since }) }))
    launches.push(...batch)
  await print(json ? launches : launches.map(launch => asOfMoment(launch, asOf)))
}

/** Shows launches as they change, until Ctrl-C. Once it has shown some, it waits for a process that is started anew. */
export async function watchLaunches(reader: LaunchReader, watched: Watched, context: CommandContext): Promise<void> {
  const { stop, terminal } = context
  const print = watched.json ? printChanges(context) : printScreens(context)
  let was: 'not seen' | 'there' | 'away' = 'not seen'
  while (!stop.aborted) {
    try {
      await look(reader, watched, print)
      was = 'there'
    } catch (error) {
      if (was === 'not seen' || !(error instanceof LaunchTraceError && error.retryable)) throw error
      if (was === 'there') terminal.err(`${error.message} Waiting for it.\n`)
      was = 'away'
    }
    await sleep(EVERY_MS, undefined, { signal: stop }).catch(() => undefined)
  }
}
