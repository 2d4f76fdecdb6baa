import type { Mistake } from './problem.ts'
import type { Config } from './schema.ts'

/** The programs that one configuration is for. */
export const ROLES = ['up', 'agent', 'collector'] as const
export type Role = (typeof ROLES)[number]

function hasSource({ sources }: Config): boolean {
  const { files, rabbitmq, kafka, journald, otlp, stdin } = sources
  const lists = files.length + rabbitmq.length + kafka.length
  return lists > 0 || journald !== undefined || otlp !== undefined || stdin !== undefined
}

function hasInput({ input }: Config): boolean {
  return input.kafka !== undefined || input.http !== undefined
}

function* refuseOutput({ output }: Config, role: Role): Generator<Mistake> {
  if (output.kafka === undefined && output.http === undefined) return
  const message = `output is given, and ${role} sends nothing on: it stores.`
  yield { path: ['output'], message, advice: 'Remove output, or start an agent.' }
}

function* checkUp(config: Config): Generator<Mistake> {
  if (!hasSource(config) && !hasInput(config)) {
    const advice = 'Give at least one source, for example sources.files with paths, or --logs.'
    yield { path: ['sources'], message: 'There is nothing to read: no sources and no input.', advice }
  }
  yield* refuseOutput(config, 'up')
}

function* checkAgent(config: Config): Generator<Mistake> {
  const { output, store } = config
  if (!hasSource(config)) {
    const advice = 'Give at least one, for example sources.files with paths.'
    yield { path: ['sources'], message: 'There is nothing to read: an agent needs a source.', advice }
  }
  if (output.kafka !== undefined && output.http !== undefined) {
    const message = 'output.kafka and output.http are both given, and an agent has exactly one.'
    yield { path: ['output', 'http'], message, advice: 'Remove one of them.' }
  } else if (output.kafka === undefined && output.http === undefined) {
    const message = 'There is neither output.kafka nor output.http, and an agent needs one.'
    yield { path: ['output'], message, advice: 'Say where it sends, for example output.http.url of a collector.' }
  }
  if (hasInput(config)) {
    yield {
      path: ['input'],
      message: 'input is given, and an agent has none.',
      advice: 'Remove it, or start a collector.',
    }
  }
  for (const key of ['data', 'clickhouse'] as const) {
    if (store[key] === undefined) continue
    yield {
      path: ['store', key],
      message: `store.${key} is given, and an agent stores nothing.`,
      advice: 'Remove it, or start a collector.',
    }
  }
  if (config.export.otlp !== undefined) {
    const message = 'export.otlp is given, and an agent makes no launches.'
    yield { path: ['export', 'otlp'], message, advice: 'Give it to the collector.' }
  }
}

function* checkCollector(config: Config): Generator<Mistake> {
  if (!hasInput(config)) {
    const message = 'There is neither input.kafka nor input.http, and a collector needs one.'
    yield { path: ['input'], message, advice: 'Say where agents send to, for example input.http.listen.' }
  }
  yield* refuseOutput(config, 'collector')
}

const CHECKS = { up: checkUp, agent: checkAgent, collector: checkCollector } as const satisfies Record<
  Role,
  (config: Config) => Generator<Mistake>
>

/** What a configuration lacks or has too much for one of the programs. Empty when it fits. */
export function checkRole(config: Config, role: Role): readonly Mistake[] {
  return [...CHECKS[role](config)]
}
