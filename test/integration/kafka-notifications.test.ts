import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { CompressionCodecs, CompressionTypes } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { catalogue } from '../../src/catalogue/catalogue.ts'
import { createExtract } from '../../src/pipeline/extract.ts'
import type { Kafka } from '../support/kafka.ts'
import { startKafka } from '../support/kafka.ts'
import { makeCloudTopics } from '../support/kafka-notifications.ts'
import type { RunningSource } from '../support/rabbitmq-source.ts'
import { PATIENCE, untilRunning } from '../support/rabbitmq-source.ts'
import { recordedNotifications } from '../support/recorded-notifications.ts'

let kafka: Kafka
beforeAll(async () => {
  kafka = await startKafka({ partitions: 3 })
})
afterAll(() => kafka.remove())

const recorded = recordedNotifications()

function numbered(from: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => JSON.stringify({ number: from + index }))
}

/** Packs up to 16 kB as one literal, which is what Snappy makes of what it cannot make smaller. */
const SNAPPY = {
  compress: ({ buffer }: { readonly buffer: Buffer }) => {
    const { length } = buffer
    const head = Buffer.from([(length & 0x7f) | 0x80, length >> 7, 61 << 2, 0, 0])
    head.writeUInt16LE(length - 1, 3)
    return Promise.resolve(Buffer.concat([head, buffer]))
  },
  decompress: (buffer: Buffer) => Promise.resolve(buffer),
}

async function untilKept({ intake }: RunningSource, count: number): Promise<void> {
  await vi.waitUntil(() => intake.deliveries.length >= count, PATIENCE)
}

function sorted(texts: Iterable<string>): readonly string[] {
  return [...texts].sort()
}

describe('notifications through Kafka', () => {
  test('give the same facts as the recording of them', async () => {
    const cloud = await makeCloudTopics(kafka.brokers)
    await cloud.create(cloud.info)
    await cloud.publish(
      cloud.info,
      recorded.map(({ body }) => body),
    )
    const running = cloud.read()
    await untilKept(running, recorded.length)
    const extract = createExtract(catalogue)
    const factsOf = (deliveries: readonly string[]): readonly string[] =>
      sorted(extract({ service: 'test', records: [], deliveries }).signals.map(signal => JSON.stringify(signal)))
    expect(factsOf(running.intake.deliveries)).toEqual(factsOf(recorded.map(({ line }) => line)))
    await vi.waitFor(async () => expect(await cloud.committed(cloud.info)).toBe(recorded.length), PATIENCE)
    expect(running.source.status()).toMatchObject({ state: 'running', lag: 0, lagUnit: 'messages' })
  })

  test('are committed when they are durable, and not before', async () => {
    const cloud = await makeCloudTopics(kafka.brokers)
    await cloud.create(cloud.info)
    const first = cloud.read()
    first.intake.hold()
    await cloud.publish(cloud.info, numbered(0, 100))
    await vi.waitUntil(() => first.intake.underWay() > 0, PATIENCE)
    expect(await cloud.committed(cloud.info)).toBe(0)
    const stopped = first.stop()
    first.intake.reject()
    await stopped
    expect(await cloud.committed(cloud.info)).toBe(0)
    const second = cloud.read()
    await untilKept(second, 100)
    expect(sorted(second.intake.bodies())).toEqual(sorted(numbered(0, 100)))
  })

  test('that become durable while it stops are committed, and come no second time', async () => {
    const cloud = await makeCloudTopics(kafka.brokers)
    await cloud.create(cloud.info, 1)
    const first = cloud.read()
    first.intake.hold()
    await cloud.publish(cloud.info, numbered(0, 100))
    await vi.waitUntil(() => first.intake.underWay() > 0, PATIENCE)
    const stopped = first.stop()
    first.intake.release()
    await stopped
    await cloud.publish(cloud.info, numbered(100, 50))
    const second = cloud.read()
    await untilKept(second, 150 - first.intake.deliveries.length)
    expect([...first.intake.bodies(), ...second.intake.bodies()]).toEqual(numbered(0, 150))
  })

  test('wait as long as the store is away, and the group does not give their partitions to others', async () => {
    const cloud = await makeCloudTopics(kafka.brokers)
    await cloud.create(cloud.info)
    const running = cloud.read({ sessionMs: 1500 })
    await untilRunning(running)
    running.intake.hold()
    await cloud.publish(cloud.info, numbered(0, 30))
    await vi.waitUntil(() => running.intake.underWay() > 0, PATIENCE)
    await sleep(4000)
    expect(running.source.status().state).toBe('running')
    running.intake.release()
    await vi.waitFor(async () => expect(await cloud.committed(cloud.info)).toBe(30), PATIENCE)
    expect(sorted(running.intake.bodies())).toEqual(sorted(numbered(0, 30)))
  })

  test('are read from topics that services make later', async () => {
    const cloud = await makeCloudTopics(kafka.brokers)
    const running = cloud.read()
    await vi.waitUntil(() => running.source.status().state === 'waiting', PATIENCE)
    expect(running.source.status().detail).toContain('none of the topics exists')
    await cloud.create(cloud.info)
    await cloud.publish(cloud.info, numbered(0, 10))
    await untilKept(running, 10)
    await cloud.create(cloud.error)
    await cloud.publish(cloud.error, numbered(10, 10))
    await untilKept(running, 20)
    expect(sorted(new Set(running.intake.bodies()))).toEqual(sorted(numbered(0, 20)))
    expect(running.source.status().detail).toContain(`Reads ${cloud.error}, ${cloud.info}`)
  })

  test('are shared among the sources of a group, whoever comes and goes', async () => {
    const cloud = await makeCloudTopics(kafka.brokers)
    await cloud.create(cloud.info)
    const first = cloud.read()
    await untilRunning(first)
    for (let round = 0; round < 10; round += 1) await cloud.publish(cloud.info, numbered(round * 20, 20))
    const second = cloud.read()
    await untilRunning(second)
    for (let round = 10; round < 20; round += 1) await cloud.publish(cloud.info, numbered(round * 20, 20))
    await first.stop()
    for (let round = 20; round < 30; round += 1) await cloud.publish(cloud.info, numbered(round * 20, 20))
    await vi.waitFor(async () => expect(await cloud.committed(cloud.info)).toBe(600), PATIENCE)
    const bodies = [...first.intake.bodies(), ...second.intake.bodies()]
    expect(sorted(new Set(bodies))).toEqual(sorted(numbered(0, 600)))
  })

  test('that hold nothing to read are passed over', async () => {
    const cloud = await makeCloudTopics(kafka.brokers)
    await cloud.create(cloud.info)
    const running = cloud.read()
    await cloud.publish(cloud.info, ['', 'no json', ...numbered(0, 3)])
    await untilKept(running, 5)
    await vi.waitFor(async () => expect(await cloud.committed(cloud.info)).toBe(5), PATIENCE)
  })

  test('that are packed as nobody here can unpack are not passed over, and the reason is said', async () => {
    const cloud = await makeCloudTopics(kafka.brokers)
    await cloud.create(cloud.info)
    const codec = CompressionCodecs[CompressionTypes.Snappy]
    CompressionCodecs[CompressionTypes.Snappy] = () => SNAPPY
    await cloud.publish(cloud.info, numbered(0, 3), CompressionTypes.Snappy)
    CompressionCodecs[CompressionTypes.Snappy] = codec
    const running = cloud.read()
    await vi.waitUntil(() => running.source.status().state === 'waiting', PATIENCE)
    expect(running.source.status().detail).toMatch(/compression not implemented/i)
    expect(await cloud.committed(cloud.info)).toBe(0)
  })

  test('end the source with the reason when they can be neither kept nor was it asked to stop', async () => {
    const cloud = await makeCloudTopics(kafka.brokers)
    await cloud.create(cloud.info)
    const running = cloud.read()
    await untilRunning(running)
    running.intake.hold()
    await cloud.publish(cloud.info, numbered(0, 10))
    await vi.waitUntil(() => running.intake.underWay() > 0, PATIENCE)
    running.intake.reject()
    await vi.waitUntil(() => running.source.status().state === 'stopped', PATIENCE)
    await expect(running.stop()).rejects.toThrow('The process stops.')
    expect(await cloud.committed(cloud.info)).toBe(0)
  })

  test.each(['kill', 'stop'] as const)('are all there after the broker was made to %s in the middle', async how => {
    const cloud = await makeCloudTopics(kafka.brokers)
    await cloud.create(cloud.info)
    const running = cloud.read()
    await untilRunning(running)
    const publishing = (async () => {
      for (let round = 0; round < 40; round += 1) {
        await cloud.publish(cloud.info, numbered(round * 10, 10))
        await sleep(20)
      }
    })()
    await untilKept(running, 50)
    await kafka[how]()
    await kafka.start()
    await publishing
    await vi.waitUntil(() => new Set(running.intake.bodies()).size >= 400, PATIENCE)
    expect(sorted(new Set(running.intake.bodies()))).toEqual(sorted(numbered(0, 400)))
    await vi.waitFor(async () => expect(await cloud.committed(cloud.info)).toBeGreaterThanOrEqual(400), PATIENCE)
  })
})

describe('notifications through Kafka with TLS and passwords', () => {
  let secured: Kafka
  beforeAll(async () => {
    secured = await startKafka({ secure: true })
  })
  afterAll(() => secured.remove())

  test.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)('are read with %s', async mechanism => {
    const { brokers = [], certificates, username = '', password = '' } = secured.secure ?? {}
    const cloud = await makeCloudTopics(secured.brokers)
    await cloud.create(cloud.info)
    await cloud.publish(cloud.info, numbered(0, 10))
    const tls = { ca: readFileSync(certificates?.ca ?? '', 'utf8') }
    const running = cloud.read({}, { brokers, tls, sasl: { mechanism, username, password } })
    await untilKept(running, 10)
  })

  test('wait, and say why, while the password is wrong or the certificate is not trusted', async () => {
    const { brokers = [], certificates, username = '' } = secured.secure ?? {}
    const cloud = await makeCloudTopics(secured.brokers)
    const tls = { ca: readFileSync(certificates?.ca ?? '', 'utf8') }
    const sasl = { mechanism: 'plain', username, password: 'not-this-one' } as const
    const wrong = cloud.read({}, { brokers, tls, sasl })
    const untrusting = cloud.read({}, { brokers, tls: {}, sasl })
    await vi.waitUntil(() => wrong.source.status().state === 'waiting', PATIENCE)
    expect(wrong.source.status().detail).toContain('refuse the user name or the password')
    await vi.waitUntil(() => untrusting.source.status().state === 'waiting', PATIENCE)
    expect(untrusting.source.status().detail).toMatch(/certificate/)
    expect(JSON.stringify([wrong.telemetry.lines, untrusting.telemetry.lines])).not.toContain('not-this-one')
  })
})
