import { Option } from 'commander'
import type { Command } from 'commander'
import type { CheckConfigOptions } from '../commands/check-config.ts'
import { runCheckConfig } from '../commands/check-config.ts'
import { runPrintSchema } from '../commands/print-schema.ts'
import type { ConfigOptions, UpOptions } from '../commands/live.ts'
import { runAgentCommand, runCollectorCommand, runUp } from '../commands/live.ts'
import type { StatusOptions } from '../commands/status.ts'
import { runStatus } from '../commands/status.ts'
import { defaultDataDirectory } from '../open-store.ts'
import type { Choose } from './options.ts'
import { add, collect, DEFAULT_PORT, readPort, withConfigFile, withStoreOptions } from './options.ts'

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

/** Commands that run live, and those around their configuration. */
export const LIVE_COMMANDS = [addUp, addAgent, addCollector, addStatus, addCheckConfig, addPrintSchema] as const
