import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { ConfigOverride } from '../config/overrides.ts'
import { readConfig } from '../config/read-config.ts'
import { runAgent } from '../process/run-agent.ts'
import { runCollector } from '../process/run-collector.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { EXIT } from './context.ts'

export interface ConfigOptions {
  readonly config?: string
}

export interface UpOptions extends ConfigOptions {
  readonly logs?: readonly string[]
  readonly rabbit?: readonly string[]
  readonly data?: string
  readonly clickhouse?: string
  readonly port?: number
  readonly host?: string
  readonly timezone?: string
}

/** As everywhere: standard input. */
const STDIN = '-'

/** A folder means the logs in it and below. */
function patternOf(given: string): string {
  return statSync(given, { throwIfNoEntry: false })?.isDirectory() === true ? join(given, '**/*.log') : given
}

function overridesOf({ logs, rabbit, data, clickhouse, port, host, timezone }: UpOptions): readonly ConfigOverride[] {
  const globs = logs?.filter(given => given !== STDIN)
  const brokers = rabbit?.map((url, index) => ({ name: index === 0 ? 'rabbit' : `rabbit-${String(index + 1)}`, url }))
  const given: readonly (readonly [ConfigOverride['path'], unknown, string])[] = [
    [['sources', 'files'], globs?.length === 0 ? undefined : globs && [{ paths: globs.map(patternOf) }], '--logs'],
    [['sources', 'stdin'], logs?.includes(STDIN) === true ? {} : undefined, '--logs'],
    [['sources', 'rabbitmq'], brokers, '--rabbit'],
    [['store', 'data'], data, '--data'],
    [['store', 'clickhouse', 'url'], clickhouse, '--clickhouse'],
    [['serve', 'listen'], port === undefined ? undefined : `127.0.0.1:${String(port)}`, '--port'],
    [['host'], host, '--host'],
    [['timezone'], timezone, '--timezone'],
  ]
  return given.flatMap(([path, value, origin]) => (value === undefined ? [] : [{ path, value, origin }]))
}

function fileOf({ config }: ConfigOptions): { readonly file?: string } {
  return config === undefined ? {} : { file: config }
}

/** `launchtrace up`: everything in one process. */
export async function runUp(options: UpOptions, context: CommandContext): Promise<ExitCode> {
  const config = readConfig({ ...fileOf(options), env: process.env, overrides: overridesOf(options), role: 'up' })
  await runCollector(config, { ...context, role: 'up' })
  return EXIT.done
}

/** `launchtrace collector`: the half that stores, rebuilds and serves. */
export async function runCollectorCommand(options: ConfigOptions, context: CommandContext): Promise<ExitCode> {
  await runCollector(readConfig({ ...fileOf(options), env: process.env, role: 'collector' }), {
    ...context,
    role: 'collector',
  })
  return EXIT.done
}

/** `launchtrace agent`: the half that reads. */
export async function runAgentCommand(options: ConfigOptions, context: CommandContext): Promise<ExitCode> {
  await runAgent(readConfig({ ...fileOf(options), env: process.env, role: 'agent' }), context)
  return EXIT.done
}
