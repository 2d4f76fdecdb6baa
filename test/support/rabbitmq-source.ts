import { randomBytes } from 'node:crypto'
import { onTestFinished, vi } from 'vitest'
import type { Source } from '../../src/pipeline/stage.ts'
import { findBrokerAddress } from '../../src/sources/rabbitmq/broker-address.ts'
import type { RabbitmqOptions } from '../../src/sources/rabbitmq/options.ts'
import { createRabbitmqSource } from '../../src/sources/rabbitmq/source.ts'
import type { KeptIntake } from './kept-intake.ts'
import { keptIntake } from './kept-intake.ts'
import type { NotificationPublisher } from './publisher.ts'
import { connectPublisher } from './publisher.ts'
import type { Rabbitmq } from './rabbitmq.ts'
import { recordTelemetry } from './telemetry.ts'

/** A source that runs until the test ends. */
export interface RunningSource {
  readonly source: Source
  readonly intake: KeptIntake
  readonly telemetry: ReturnType<typeof recordTelemetry>
  /** Asks it to stop; resolves when it has. */
  stop(): Promise<void>
}

/** A virtual host of the test's own, with a publisher in it. */
export interface CloudBroker {
  readonly virtualHost: string
  readonly publisher: NotificationPublisher
  /** Starts a source that reads it, as `guest` unless `url` says otherwise. */
  read(options?: Partial<RabbitmqOptions> & { readonly url?: string; readonly intake?: KeptIntake }): RunningSource
  /** How many messages are in a queue: those that nobody has got, and those that are not acknowledged. */
  queue(name?: string): Promise<{ readonly ready: number; readonly unacknowledged: number } | undefined>
  control(command: string, ...words: readonly string[]): Promise<string>
}

const QUEUE = 'launchtrace'

/** Longer than any step of a test takes on a busy machine. */
export const PATIENCE = { timeout: 30_000, interval: 100 }

export async function untilRunning({ source }: RunningSource): Promise<void> {
  await vi.waitUntil(() => source.status().state === 'running', PATIENCE)
}

export function runSource(source: Source, intake: KeptIntake, telemetry: RunningSource['telemetry']): RunningSource {
  const stopping = new AbortController()
  const ended = source.run(intake, stopping.signal)
  ended.catch(() => undefined)
  const running = {
    source,
    intake,
    telemetry,
    stop: () => {
      stopping.abort()
      return ended
    },
  }
  onTestFinished(async () => {
    stopping.abort()
    intake.reject()
    await ended.catch(() => undefined)
  })
  return running
}

function readBroker(url: string, options: Partial<RabbitmqOptions>, intake: KeptIntake): RunningSource {
  const address = findBrokerAddress(url)
  if (address === undefined) throw new Error(`no address: ${url}`)
  const telemetry = recordTelemetry()
  return runSource(createRabbitmqSource({ name: 'test', address, ...options }, { telemetry }), intake, telemetry)
}

/** A virtual host with the usual exchanges, for one test. */
export async function makeCloudBroker(
  rabbitmq: Rabbitmq,
  exchanges = ['nova', 'neutron', 'glance', 'keystone', 'openstack'],
): Promise<CloudBroker> {
  const virtualHost = `test-${randomBytes(4).toString('hex')}`
  await rabbitmq.addVirtualHost(virtualHost)
  const url = rabbitmq.urlFor('guest', 'guest', virtualHost)
  const publisher = connectPublisher(url)
  onTestFinished(() => publisher.close())
  await publisher.declare(...exchanges)
  return {
    virtualHost,
    publisher,
    read: ({ intake = keptIntake(), ...options } = {}) => readBroker(options.url ?? url, options, intake),
    control: (command, ...words) => rabbitmq.control('--quiet', command, '-p', virtualHost, ...words),
    queue: async (name = QUEUE) => {
      const columns = ['name', 'messages_ready', 'messages_unacknowledged']
      const said = await rabbitmq.control('--quiet', 'list_queues', '-p', virtualHost, '--no-table-headers', ...columns)
      const row = said
        .split('\n')
        .map(line => line.split('\t'))
        .find(([queue]) => queue === name)
      return row === undefined ? undefined : { ready: Number(row[1]), unacknowledged: Number(row[2]) }
    },
  }
}
