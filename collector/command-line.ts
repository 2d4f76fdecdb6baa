import { Argument, Command, InvalidArgumentError, Option } from 'commander'
import type { CommandContext, ExitCode } from './commands/context.ts'
import type { CheckConfigOptions } from './commands/check-config.ts'
import { runCheckConfig } from './commands/check-config.ts'
import { runDemo } from './commands/demo.ts'
import type { ImportCommandOptions } from './commands/import.ts'
import { runImport } from './commands/import.ts'
import type { LaunchesOptions } from './commands/launches.ts'
import { runLaunches } from './commands/launches.ts'
import { runPrintSchema } from './commands/print-schema.ts'
import { runRebuild } from './commands/rebuild.ts'
import type { ConfigOptions, UpOptions } from './commands/live.ts'
import { runAgentCommand, runCollectorCommand, runUp } from './commands/live.ts'
import type { ReportCommandOptions } from './commands/report.ts'
import { runReport } from './commands/report.ts'
import type { ServeCommandOptions } from './commands/serve.ts'
import { runServe } from './commands/serve.ts'
import type { ShowOptions } from './commands/show.ts'
import { runShow } from './commands/show.ts'
import type { StatusOptions } from './commands/status.ts'
import { runStatus } from './commands/status.ts'
import type { StoreOptions } from './open-store.ts'
import { defaultDataDirectory } from './open-store.ts'
import { VERSION } from './version.ts'

const DEFAULT_PORT = 8080

function readPort(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('It takes a number from 0 to 65535; 0 takes a free port.')
}

function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}

function withStoreOptions(command: Command): Command {
  return command
    .option('--data <dir>', `directory of the embedded store (default: ${defaultDataDirectory()})`)
    .option('--clickhouse <url>', 'a ClickHouse server instead, for example http://localhost:8123/launchtrace')
}

function withReaderOptions(command: Command): Command {
  return withStoreOptions(command).option('--url <url>', 'ask a running launchtrace, for example http://127.0.0.1:8080')
}

function withRange(command: Command): Command {
  return command
    .option('--since <time>', 'started at or after: 2026-11-20T05:00:00Z, 2026-11-20 05:00, or an age such as 2h or 3d')
    .option('--until <time>', 'started before')
}

type Run = (context: CommandContext) => Promise<ExitCode>
type Choose = (run: Run) => void

interface Named {
  readonly name: string
  readonly description: string
  /** What follows `launchtrace` in the example that every help shows. */
  readonly example: string
}

function add(program: Command, { name, description, example }: Named): Command {
  return program.command(name).description(description).addHelpText('after', `\nExample:\n  $ launchtrace ${example}`)
}

function portOption(): Option {
  return new Option('--port <n>', 'port on 127.0.0.1; 0 takes a free one').default(DEFAULT_PORT).argParser(readPort)
}

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

function addUp(program: Command, choose: Choose): void {
  const description = 'all in one: read live logs and notifications, keep launches up to date, serve them, until Ctrl-C'
  const example = "up --logs '/var/log/nova/*.log' --rabbit amqp://launchtrace:secret@controller:5672/"
  withStoreOptions(withConfigFile(add(program, { name: 'up', description, example })))
    .option('--logs <glob>', 'log files, or a folder of them; quote it; - is standard input; repeatable', collect)
    .option('--rabbit <url>', 'RabbitMQ to read notifications from; repeatable', collect)
    .option('--host <name>', 'host of logs whose path and lines do not name one (default: this machine)')
    .option('--timezone <zone>', 'zone of local times: UTC, +02:00, Europe/Rome')
    .addOption(new Option('--port <n>', `port on 127.0.0.1 (default: ${String(DEFAULT_PORT)})`).argParser(readPort))
    .action((options: UpOptions) => {
      choose(context => runUp(options, context))
    })
}

function addAgent(program: Command, choose: Choose): void {
  const description = 'read the logs of this node and send what they say of launches to a collector, until Ctrl-C'
  withConfigFile(
    add(program, { name: 'agent', description, example: 'agent --config /etc/launchtrace/agent.yaml' }),
  ).action((options: ConfigOptions) => {
    choose(context => runAgentCommand(options, context))
  })
}

function addCollector(program: Command, choose: Choose): void {
  const description = 'take in what agents send, keep launches up to date and serve them, until Ctrl-C'
  const example = 'collector --config /etc/launchtrace/collector.yaml'
  withConfigFile(add(program, { name: 'collector', description, example })).action((options: ConfigOptions) => {
    choose(context => runCollectorCommand(options, context))
  })
}

function addStatus(program: Command, choose: Choose): void {
  const description = 'how a running launchtrace is doing: its sources, what lies unread, and rates'
  add(program, { name: 'status', description, example: 'status --url http://127.0.0.1:8080' })
    .option('--url <url>', 'the process to ask (default: the one that holds the data directory)')
    .option('--data <dir>', `directory of the embedded store (default: ${defaultDataDirectory()})`)
    .option('--json', 'for programs')
    .action((options: StatusOptions) => {
      choose(context => runStatus(options, context))
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

function withConfigFile(command: Command): Command {
  return command.option('--config <file>', 'YAML file with the configuration; see docs/configuration.md')
}

function addCheckConfig(program: Command, choose: Choose): void {
  const description = 'say what is wrong with a configuration, line by line'
  const example = 'check-config --config /etc/launchtrace/agent.yaml --role agent'
  withConfigFile(add(program, { name: 'check-config', description, example }))
    .option('--role <role>', 'check also what up, agent or collector needs')
    .option('--show', 'print the configuration with its defaults, without secrets')
    .action((options: CheckConfigOptions) => {
      choose(context => runCheckConfig(options, context))
    })
}

function addPrintSchema(program: Command, choose: Choose): void {
  const description = 'print the JSON Schema of the configuration, for editors'
  add(program, { name: 'print-schema', description, example: 'print-schema > launchtrace.schema.json' }).action(() => {
    choose(context => runPrintSchema(context))
  })
}

const ADDERS: readonly ((program: Command, choose: Choose) => void)[] = [
  ...[addImport, addLaunches, addShow, addReport, addRebuild, addServe, addDemo],
  ...[addUp, addAgent, addCollector, addStatus, addCheckConfig, addPrintSchema],
]

/** Hands the chosen command to `choose`; commander itself runs nothing. */
export function createCommandLine(choose: Choose): Command {
  const program = new Command('launchtrace')
    .description('Why was this OpenStack instance launch slow, or why did it fail, and is it getting worse?')
    .version(VERSION)
    .exitOverride()
  for (const addTo of ADDERS) addTo(program, choose)
  return program
}
