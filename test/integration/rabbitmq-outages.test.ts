import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { keptIntake } from '../support/kept-intake.ts'
import { makeLossyNetwork } from '../support/lossy-network.ts'
import type { PublishedNotification } from '../support/publisher.ts'
import type { Rabbitmq } from '../support/rabbitmq.ts'
import { startRabbitmq } from '../support/rabbitmq.ts'
import type { CloudBroker, RunningSource } from '../support/rabbitmq-source.ts'
import { makeCloudBroker, PATIENCE, untilRunning } from '../support/rabbitmq-source.ts'
import { recordedNotifications } from '../support/recorded-notifications.ts'

let rabbitmq: Rabbitmq
beforeAll(async () => {
  rabbitmq = await startRabbitmq()
})
afterAll(() => rabbitmq.remove())

const recorded = recordedNotifications()
const EMPTY = { ready: 0, unacknowledged: 0 }

/** In small portions, so that an outage falls into the middle of it. */
async function publishSlowly(cloud: CloudBroker, notifications: readonly PublishedNotification[]): Promise<void> {
  for (let at = 0; at < notifications.length; at += 10) {
    await cloud.publisher.publish(...notifications.slice(at, at + 10))
    await sleep(20)
  }
}

async function untilAllKept({ intake }: RunningSource): Promise<void> {
  const wanted = new Set(recorded.map(({ body }) => body))
  await vi.waitUntil(() => new Set(intake.bodies()).size >= wanted.size, PATIENCE)
  expect(new Set(intake.bodies())).toEqual(wanted)
}

/** An intake that takes as long as a store that is busy. */
function slowIntake(): ReturnType<typeof keptIntake> {
  const intake = keptIntake()
  return {
    ...intake,
    write: async reading => {
      await sleep(50 * Math.random())
      await intake.write(reading)
    },
  }
}

describe('no notification is lost', () => {
  test.each(['kill', 'stop'] as const)('when the broker is made to %s and comes back', async how => {
    const cloud = await makeCloudBroker(rabbitmq)
    const running = cloud.read({ intake: slowIntake() })
    await untilRunning(running)
    const publishing = publishSlowly(cloud, recorded)
    await vi.waitUntil(() => running.intake.deliveries.length > 100, PATIENCE)
    await rabbitmq[how]()
    await vi.waitUntil(() => running.source.status().state === 'waiting', PATIENCE)
    await rabbitmq.start()
    await publishing
    await untilAllKept(running)
    await vi.waitFor(async () => expect(await cloud.queue()).toEqual(EMPTY), PATIENCE)
  })

  test('when the network breaks again and again', async () => {
    const cloud = await makeCloudBroker(rabbitmq)
    const network = await makeLossyNetwork(rabbitmq.port)
    const url = rabbitmq.urlFor('guest', 'guest', cloud.virtualHost).replace(`:${rabbitmq.port}`, `:${network.port}`)
    const running = cloud.read({ url, intake: slowIntake() })
    await untilRunning(running)
    const publishing = publishSlowly(cloud, recorded)
    for (let count = 0; count < 8; count += 1) {
      await sleep(400)
      network.breakConnections()
    }
    await publishing
    await untilAllKept(running)
    await vi.waitFor(async () => expect(await cloud.queue()).toEqual(EMPTY), PATIENCE)
  })

  test('when the network goes silent', async () => {
    const cloud = await makeCloudBroker(rabbitmq)
    const network = await makeLossyNetwork(rabbitmq.port)
    const url = rabbitmq.urlFor('guest', 'guest', cloud.virtualHost).replace(`:${rabbitmq.port}`, `:${network.port}`)
    const running = cloud.read({ url })
    await untilRunning(running)
    network.freeze()
    await cloud.publisher.publish(...recorded)
    // Until missed heartbeats tell.
    await vi.waitUntil(() => running.source.status().state === 'waiting', { timeout: 90_000, interval: 100 })
    network.mend()
    await untilAllKept(running)
  })

  test('when the source is stopped and started in the middle, again and again', async () => {
    const cloud = await makeCloudBroker(rabbitmq)
    const first = cloud.read()
    await untilRunning(first)
    await first.stop()
    const publishing = publishSlowly(cloud, recorded)
    const sources: RunningSource[] = [first]
    for (let count = 0; count < 6; count += 1) {
      const running = cloud.read({ intake: slowIntake() })
      sources.push(running)
      await untilRunning(running)
      await sleep(300)
      const stopped = running.stop()
      running.intake.reject()
      await stopped
    }
    await publishing
    const last = cloud.read()
    await vi.waitFor(async () => expect(await cloud.queue()).toEqual(EMPTY), PATIENCE)
    await last.stop()
    const bodies = [...sources, last].flatMap(({ intake }) => intake.bodies())
    expect(new Set(bodies)).toEqual(new Set(recorded.map(({ body }) => body)))
  })
})

describe('while the store is away', () => {
  test('a broker that restarts does not make the source take more than it may hold', async () => {
    const cloud = await makeCloudBroker(rabbitmq)
    const running = cloud.read({ prefetch: 100 })
    await untilRunning(running)
    running.intake.hold()
    await cloud.publisher.publish(...recorded)
    await vi.waitUntil(() => running.intake.underWay() > 0, PATIENCE)
    await rabbitmq.kill()
    await rabbitmq.start()
    await vi.waitUntil(() => rabbitmq.control('list_connections').then(said => said.includes('guest')), PATIENCE)
    await sleep(2000)
    expect(running.intake.underWay()).toBeLessThanOrEqual(100)
    expect(await cloud.queue()).toEqual({ ready: recorded.length, unacknowledged: 0 })
    running.intake.release()
    await untilAllKept(running)
  })
})
