import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin, Producer } from 'kafkajs'
import { CompressionTypes } from 'kafkajs'
import { onTestFinished } from 'vitest'
import type { KafkaNotificationsOptions } from '../../src/sources/kafka-notifications.ts'
import { createKafkaNotifications } from '../../src/sources/kafka-notifications.ts'
import type { KafkaConnection } from '../../src/transport/kafka-client.ts'
import { createKafkaClient, explainKafka } from '../../src/transport/kafka-client.ts'
import { keptIntake } from './kept-intake.ts'
import type { RunningSource } from './rabbitmq-source.ts'
import { runSource } from './rabbitmq-source.ts'
import { recordTelemetry } from './telemetry.ts'

/** Topics and a group of one test's own. */
export interface CloudTopics {
  readonly info: string
  readonly error: string
  readonly group: string
  readonly admin: Admin
  create(topic: string, partitions?: number): Promise<void>
  /** Until the brokers have them; some may then be there twice. */
  publish(topic: string, bodies: readonly string[], compression?: CompressionTypes): Promise<void>
  read(options?: Partial<KafkaNotificationsOptions>, connection?: KafkaConnection): RunningSource
  /** Of the group, in all partitions together. */
  committed(topic: string): Promise<number>
}

/** Tries again what fails while a broker is away, for a minute. */
async function insist<Result>(work: () => Promise<Result>): Promise<Result> {
  const deadline = Date.now() + 60_000
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (Date.now() > deadline) throw error
      await sleep(100)
    }
  }
}

/** Messages in one request: a broker takes a megabyte. */
const CHUNK = 50

async function connect(brokers: readonly string[]): Promise<{ readonly admin: Admin; readonly producer: Producer }> {
  const kafka = createKafkaClient({ brokers })
  const admin = kafka.admin()
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  await Promise.all([admin.connect(), producer.connect()])
  onTestFinished(async () => {
    await Promise.all([admin.disconnect(), producer.disconnect()])
  })
  return { admin, producer }
}

function readWith(options: KafkaNotificationsOptions, connection: KafkaConnection): RunningSource {
  const telemetry = recordTelemetry()
  const explain = (error: unknown): string =>
    explainKafka(error, { brokers: connection.brokers, topic: 'notifications' })
  const source = createKafkaNotifications(options, { telemetry, kafka: createKafkaClient(connection), explain })
  return runSource(source, keptIntake(), telemetry)
}

export async function makeCloudTopics(brokers: readonly string[]): Promise<CloudTopics> {
  const { admin, producer } = await connect(brokers)
  const prefix = `notifications-${randomBytes(4).toString('hex')}`
  const [info, error, group] = [`${prefix}.info`, `${prefix}.error`, `group-${prefix}`]
  return {
    info,
    error,
    group,
    admin,
    create: async (topic, numPartitions = 3) => {
      await insist(() => admin.createTopics({ topics: [{ topic, numPartitions }], waitForLeaders: false }))
      await insist(() => admin.fetchTopicOffsets(topic))
    },
    publish: async (topic, bodies, compression = CompressionTypes.None) => {
      // No key, as oslo.messaging: the partitions take turns.
      for (let at = 0; at < bodies.length; at += CHUNK) {
        const messages = bodies.slice(at, at + CHUNK).map(value => ({ value }))
        await insist(() => producer.send({ topic, acks: -1, compression, messages }))
      }
    },
    read: (options, connection = { brokers }) =>
      readWith({ name: 'test', topics: [info, error], group, sessionMs: 6000, ...options }, connection),
    committed: async topic => {
      const [found] = await insist(() => admin.fetchOffsets({ groupId: group, topics: [topic] }))
      return (found?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0)
    },
  }
}
