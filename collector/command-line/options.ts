import { InvalidArgumentError, Option } from 'commander'
import type { Command } from 'commander'
import type { CommandContext, ExitCode } from '../commands/context.ts'
import { defaultDataDirectory } from '../open-store.ts'

/** Where processes serve unless told otherwise. */
export const DEFAULT_PORT = 8080

/** Reads a port. @throws {InvalidArgumentError} */
export function readPort(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('It takes a number from 0 to 65535; 0 takes a free port.')
}

/** For options that may be given several times. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}

/** Options that choose a store. */
export function withStoreOptions(command: Command): Command {
  return command
    .option('--data <dir>', `directory of the embedded store (default: ${defaultDataDirectory()})`)
    .option('--clickhouse <url>', 'a ClickHouse server instead, for example http://localhost:8123/launchtrace')
}

/** Options that choose a store or a running process. */
export function withReaderOptions(command: Command): Command {
  return withStoreOptions(command).option('--url <url>', 'ask a running launchtrace, for example http://127.0.0.1:8080')
}

/** Options that choose a range of time. */
export function withRange(command: Command): Command {
  return command
    .option('--since <time>', 'started at or after: 2026-11-20T05:00:00Z, 2026-11-20 05:00, or an age such as 2h or 3d')
    .option('--until <time>', 'started before')
}

/** Runs a command that was chosen. */
type Run = (context: CommandContext) => Promise<ExitCode>
/** Hears which command was chosen. */
export type Choose = (run: Run) => void

interface Named {
  readonly name: string
  readonly description: string
  /** What follows `launchtrace` in the example that every help shows. */
  readonly example: string
}

/** Adds a command, with an example to its help. */
export function add(program: Command, { name, description, example }: Named): Command {
  return program.command(name).description(description).addHelpText('after', `\nExample:\n  $ launchtrace ${example}`)
}

/** The option for a port on loopback. */
export function portOption(): Option {
  return new Option('--port <n>', 'port on 127.0.0.1; 0 takes a free one').default(DEFAULT_PORT).argParser(readPort)
}

/** The option for the configuration file. */
export function withConfigFile(command: Command): Command {
  return command.option('--config <file>', 'YAML file with the configuration; see docs/configuration.md')
}
