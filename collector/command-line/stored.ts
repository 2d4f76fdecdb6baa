import { Argument } from 'commander'
import type { Command } from 'commander'
import { runDemo } from '../commands/demo.ts'
import type { ImportCommandOptions } from '../commands/import.ts'
import { runImport } from '../commands/import.ts'
import type { LaunchesOptions } from '../commands/launches.ts'
import { runLaunches } from '../commands/launches.ts'
import { runRebuild } from '../commands/rebuild.ts'
import type { ReportCommandOptions } from '../commands/report.ts'
import { runReport } from '../commands/report.ts'
import type { ServeCommandOptions } from '../commands/serve.ts'
import { runServe } from '../commands/serve.ts'
import type { ShowOptions } from '../commands/show.ts'
import { runShow } from '../commands/show.ts'
import type { StoreOptions } from '../open-store.ts'
import type { Choose } from './options.ts'
import { add, collect, portOption, withRange, withReaderOptions, withStoreOptions } from './options.ts'

function addImport(program: Command, choose: Choose): void {
  const description = 'read folders and files of logs and recorded notifications, and rebuild the launches'
  withStoreOptions(
    add(program, { name: 'import', description, example: 'import /var/log/kolla --timezone Europe/Rome' }),
  )
    .addArgument(new Argument('<paths...>', 'folders and files, also compressed and rotated ones, in any layout'))
    .option('--host <name>', 'host of logs whose path and lines do not name one')
    .option('--timezone <zone>', 'zone of local times: UTC, +02:00, Europe/Rome, or HOST=ZONE; repeatable', collect)
    .action((paths: string[], options: ImportCommandOptions) => {
      choose(context => runImport(paths, options, context))
    })
}

function addLaunches(program: Command, choose: Choose): void {
  const description = 'list launches, oldest first'
  withRange(
    withReaderOptions(add(program, { name: 'launches', description, example: 'launches --since 2h --outcome error' })),
  )
    .option('--outcome <outcome>', 'active, error, deleted, in_progress or lost')
    .option('--host <name>', 'host of the last attempt')
    .option('--project <id>', 'project')
    .option('--instance <uuid>', 'instance uuid or the beginning of one')
    .option('--slowest <n>', 'the n longest, longest first')
    .option('--limit <n>', 'at most n')
    .option('--watch', 'go on and show what changes, until Ctrl-C; with --json one line for each change')
    .option('--json', 'for programs: an array with all that match')
    .action((options: LaunchesOptions) => {
      choose(context => runLaunches(options, context))
    })
}

function addShow(program: Command, choose: Choose): void {
  const description = 'show one launch as a waterfall with its evidence'
  withReaderOptions(
    add(program, { name: 'show', description, example: 'show req-5212bbe9-d1cc-47b3-a46d-083f64763b6e --evidence' }),
  )
    .addArgument(
      new Argument('<id>', 'request id, trace id or instance uuid, or at least 4 characters of its beginning'),
    )
    .option('--evidence', 'the lines and notifications that prove each span')
    .option('--json', 'for programs: {launch, spans}')
    .action((id: string, options: ShowOptions) => {
      choose(context => runShow(id, options, context))
    })
}

function addReport(program: Command, choose: Choose): void {
  const description = 'phase percentiles, outcomes, causes and worst hosts, against the range before'
  withRange(withReaderOptions(add(program, { name: 'report', description, example: 'report --since 7d' })))
    .option('--json', 'for programs')
    .action((options: ReportCommandOptions) => {
      choose(context => runReport(options, context))
    })
}

function addRebuild(program: Command, choose: Choose): void {
  const description = 'rebuild launches from the stored facts, for example after an upgrade'
  withStoreOptions(add(program, { name: 'rebuild', description, example: 'rebuild' })).action(
    (options: StoreOptions) => {
      choose(context => runRebuild(options, context))
    },
  )
}

function addServe(program: Command, choose: Choose): void {
  const description = 'serve what is stored as JSON over HTTP on 127.0.0.1 until Ctrl-C'
  withStoreOptions(add(program, { name: 'serve', description, example: 'serve --port 8080' }))
    .addOption(portOption())
    .action((options: ServeCommandOptions) => {
      choose(context => runServe(options, context))
    })
}

function addDemo(program: Command, choose: Choose): void {
  const description = 'import the bundled recording of a real cloud, show its launches and serve them until Ctrl-C'
  add(program, { name: 'demo', description, example: 'demo' })
    .addOption(portOption())
    .action((options: { port: number }) => {
      choose(context => runDemo(options, context))
    })
}

/** Commands on what is stored. */
export const STORED_COMMANDS = [addImport, addLaunches, addShow, addReport, addRebuild, addServe, addDemo] as const
