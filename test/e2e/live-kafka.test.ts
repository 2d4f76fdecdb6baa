import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka as Client, logLevel } from 'kafkajs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { untilImported } from '../support/answers.ts'
import type { Clickhouse } from '../support/clickhouse.ts'
import { startClickhouse } from '../support/clickhouse.ts'
import { EXAMPLES } from '../support/corpus.ts'
import type { Kafka } from '../support/kafka.ts'
import { startKafka } from '../support/kafka.ts'
import type { LiveProgram } from '../support/live-program.ts'
import { isAtRest } from '../support/live-program.ts'
import type { LiveScene } from '../support/live-scene.ts'
import { setScene } from '../support/live-scene.ts'
import type { Rabbitmq } from '../support/rabbitmq.ts'
import { startRabbitmq } from '../support/rabbitmq.ts'
import { findSetting } from '../support/server-process.ts'

/* Three agents, a real Kafka with three partitions, two collectors, one store, and a RabbitMQ that one collector reads. */

const HOSTS = ['controller-1', 'compute-1', 'compute-2'] as const
/** How long the store stays away. Seconds. */
const AWAY_SECONDS = Number(findSetting('LAUNCHTRACE_TEST_AWAY_SECONDS') ?? 20)

let broker: Rabbitmq
let kafka: Kafka
let store: Clickhouse | undefined
let scene: LiveScene | undefined

beforeAll(async () => {
  ;[broker, kafka] = await Promise.all([startRabbitmq(), startKafka({ partitions: 3 })])
}, 120_000)
afterAll(async () => {
  await Promise.all([broker.remove(), kafka.remove()])
})
afterEach(async () => {
  await scene?.end()
  await store?.remove()
  scene = undefined
  store = undefined
})

async function makeTopic(topic: string): Promise<void> {
  const admin = new Client({ brokers: [...kafka.brokers], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic, numPartitions: 3 }], waitForLeaders: true })
  await admin.disconnect()
}

interface Cloud {
  readonly scene: LiveScene
  readonly store: Clickhouse
  readonly agents: readonly LiveProgram[]
  /** The first one reads the notifications. */
  readonly collectors: readonly [LiveProgram, LiveProgram]
  readonly all: readonly LiveProgram[]
}

async function makeCloud(): Promise<Cloud> {
  const [recording] = EXAMPLES
  if (recording === undefined) throw new Error('There is no recording in examples/.')
  const [here, clickhouse] = await Promise.all([setScene(recording, broker), startClickhouse()])
  scene = here
  store = clickhouse
  const topic = `live-${process.pid}-${Date.now()}`
  await makeTopic(topic)
  const agents = await Promise.all(
    HOSTS.map(host =>
      here.program('agent', host, {
        host,
        state: here.place(`state-${host}`),
        sources: { files: [{ paths: [here.logsOf(host)] }] },
        output: { kafka: { brokers: kafka.brokers, topic } },
      }),
    ),
  )
  const { url, user, password } = clickhouse
  const collector = (host: string, sources: object): Promise<LiveProgram> =>
    here.program('collector', host, {
      host,
      input: { kafka: { brokers: kafka.brokers, topic, group: topic } },
      store: { clickhouse: { url, user, password: { file: here.place('store-password', password) } } },
      sources,
    })
  const collectors = [
    await collector('collector-1', { rabbitmq: here.rabbitmqSource() }),
    await collector('collector-2', {}),
  ] as const
  return { scene: here, store: clickhouse, agents, collectors, all: [...collectors, ...agents] }
}

async function startAll({ all, collectors: [first] }: Cloud): Promise<void> {
  // The first one makes the tables.
  await first.start()
  await Promise.all(all.slice(1).map(program => program.start()))
  await Promise.all(all.map(program => program.until(isAtRest, 'reading')))
}

/** Waits until both collectors answer as an import does. */
async function expectImported({ scene: here, all, collectors }: Cloud): Promise<void> {
  const imported = await here.imported()
  for (const { url } of collectors) await untilImported(url, imported)
  await Promise.all(all.map(program => program.until(isAtRest, 'at rest')))
  for (const program of all) expect(await program.stop()).toBe(0)
}

describe('agents, Kafka, two collectors and one store', () => {
  it('make the launches of an import while an agent and a collector are killed and come back', async () => {
    const cloud = await makeCloud()
    const [first] = cloud.collectors
    const [, , agent = first] = cloud.agents
    await startAll(cloud)
    const replay = cloud.scene.replay({ seconds: 20 })
    await replay.reaches(0.25)
    await first.kill()
    await replay.reaches(0.4)
    await agent.kill()
    await first.start()
    await replay.reaches(0.55)
    await agent.start()
    await replay.done
    await expectImported(cloud)
  }, 240_000)

  it(
    'make the launches of an import while RabbitMQ, Kafka and the store go away and come back',
    async () => {
      const cloud = await makeCloud()
      await startAll(cloud)
      const replay = cloud.scene.replay({ seconds: 20 + AWAY_SECONDS })
      await replay.reaches(0.1)
      await broker.kill()
      await broker.start()
      await replay.reaches(0.25)
      await kafka.kill()
      await kafka.start()
      await replay.reaches(0.4)
      await cloud.store.kill()
      await sleep(AWAY_SECONDS * 1000)
      await cloud.store.start()
      await replay.reaches(0.8)
      await Promise.all([kafka.stop(), broker.stop()])
      await Promise.all([kafka.start(), broker.start()])
      await replay.done
      await expectImported(cloud)
    },
    240_000 + 3000 * AWAY_SECONDS,
  )
})
