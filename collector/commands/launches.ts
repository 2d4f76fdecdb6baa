import type { Launch } from '../../src/core/launch.ts'
import type { LaunchFilter } from '../../src/store/store.ts'
import type { FilterTexts } from '../filters.ts'
import { asOfMoment } from '../reading/as-of.ts'
import type { LaunchReader } from '../reading/launch-reader.ts'
import type { ReaderOptions } from '../reading/open-reader.ts'
import { launchToJson } from '../render/json.ts'
import { renderLaunchList } from '../render/launch-list.ts'
import type { Terminal } from '../terminal.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { EXIT, filterOf, withReader } from './context.ts'
import { watchLaunches } from './watch.ts'

export interface LaunchesOptions extends ReaderOptions, FilterTexts {
  readonly json?: boolean
  readonly watch?: boolean
}

/** Rows of the list for people, whose bars need to be compared with each other; `--json` streams without a bound. */
const LISTED = 1000

async function printJson(reader: LaunchReader, filter: LaunchFilter, terminal: Terminal): Promise<number> {
  let count = 0
  for await (const batch of reader.readLaunches(filter)) {
    const texts = batch.map(launch => JSON.stringify(launchToJson(launch)))
    await terminal.out(`${count === 0 ? '[\n' : ',\n'}${texts.join(',\n')}`)
    count += batch.length
  }
  await terminal.out(count === 0 ? '[]\n' : '\n]\n')
  return count
}

async function printList(reader: LaunchReader, filter: LaunchFilter, terminal: Terminal): Promise<number> {
  const listed: Launch[] = []
  const limit = filter.limit ?? filter.slowest ?? LISTED + 1
  const asOf = await reader.asOf()
  for await (const batch of reader.readLaunches({ ...filter, limit }))
    listed.push(...batch.map(launch => asOfMoment(launch, asOf)))
  const more = filter.limit === undefined && listed.length > LISTED
  await terminal.out(renderLaunchList(more ? listed.slice(0, LISTED) : listed, terminal))
  if (more)
    terminal.err(
      `Only the first ${String(LISTED)} are shown; narrow it with --since, --outcome or --host, or use --json.\n`,
    )
  return listed.length
}

/** `launchtrace launches`: lists launches, oldest first. */
export function runLaunches(options: LaunchesOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context
  const filter = filterOf(options)
  return withReader(options, async reader => {
    if (options.watch === true) {
      await watchLaunches(reader, { filter, json: options.json === true }, context)
      return EXIT.done
    }
    const count = await (options.json === true ? printJson : printList)(reader, filter, terminal)
    return count === 0 ? EXIT.nothing : EXIT.done
  })
}
