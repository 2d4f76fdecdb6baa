import { deflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { catalogue } from '../../src/catalogue/catalogue.ts'
import { createExtract } from '../../src/pipeline/extract.ts'
import { keptIntake } from '../support/kept-intake.ts'
import type { PublishedNotification } from '../support/publisher.ts'
import type { Rabbitmq } from '../support/rabbitmq.ts'
import { startRabbitmq } from '../support/rabbitmq.ts'
import type { RunningSource } from '../support/rabbitmq-source.ts'
import { makeCloudBroker, PATIENCE, untilRunning } from '../support/rabbitmq-source.ts'
import { recordedNotifications } from '../support/recorded-notifications.ts'

let rabbitmq: Rabbitmq
beforeAll(async () => {
  rabbitmq = await startRabbitmq()
})
afterAll(() => rabbitmq.remove())

const recorded = recordedNotifications()
const EMPTY = { ready: 0, unacknowledged: 0 }

function someOf(count: number): readonly PublishedNotification[] {
  return recorded.slice(0, count).map(({ body }) => ({ exchange: 'nova', routingKey: 'notifications.info', body }))
}

function bodiesOf(notifications: readonly PublishedNotification[]): readonly string[] {
  return notifications.map(({ body }) => String(body)).sort()
}

async function untilKept({ intake }: RunningSource, count: number): Promise<void> {
  await vi.waitUntil(() => intake.deliveries.length >= count, PATIENCE)
}

describe('notifications through RabbitMQ', () => {
  test('give the same facts as the recording of them', async () => {
    const cloud = await makeCloudBroker(rabbitmq)
    const running = cloud.read()
    await untilRunning(running)
    await cloud.publisher.publish(...recorded)
    await untilKept(running, recorded.length)
    const extract = createExtract(catalogue)
    const factsOf = (deliveries: readonly string[]): readonly string[] =>
      extract({ service: 'test', records: [], deliveries })
        .signals.map(signal => JSON.stringify(signal))
        .sort()
    expect(factsOf(running.intake.deliveries)).toEqual(factsOf(recorded.map(({ line }) => line)))
    await vi.waitFor(async () => expect(await cloud.queue()).toEqual(EMPTY), PATIENCE)
    expect(await running.telemetry.total('launchtrace_source_messages_total')).toBe(recorded.length)
  })

  test('are acknowledged when they are durable, and not before', async () => {
    const cloud = await makeCloudBroker(rabbitmq)
    const running = cloud.read()
    await untilRunning(running)
    running.intake.hold()
    await cloud.publisher.publish(...someOf(100))
    await vi.waitUntil(() => running.intake.underWay() > 0, PATIENCE)
    expect(await cloud.queue()).toEqual({ ready: 0, unacknowledged: 100 })
    running.intake.release()
    await vi.waitFor(async () => expect(await cloud.queue()).toEqual(EMPTY), PATIENCE)
  })

  test('are taken no further than prefetch while they cannot be made durable', async () => {
    const cloud = await makeCloudBroker(rabbitmq)
    const running = cloud.read({ prefetch: 50 })
    await untilRunning(running)
    running.intake.hold()
    await cloud.publisher.publish(...someOf(300))
    await vi.waitFor(async () => expect(await cloud.queue()).toEqual({ ready: 250, unacknowledged: 50 }), PATIENCE)
    await vi.waitUntil(() => running.source.status().lag === 250, PATIENCE)
    expect(running.intake.underWay()).toBeLessThanOrEqual(50)
    running.intake.release()
    await untilKept(running, 300)
    await vi.waitFor(async () => expect(await cloud.queue()).toEqual(EMPTY), PATIENCE)
    expect([...running.intake.bodies()].sort()).toEqual(bodiesOf(someOf(300)))
  })

  test('stay in the queue when the process stops before they are durable', async () => {
    const cloud = await makeCloudBroker(rabbitmq)
    const first = cloud.read()
    await untilRunning(first)
    first.intake.hold()
    await cloud.publisher.publish(...someOf(100))
    await vi.waitUntil(() => first.intake.underWay() > 0, PATIENCE)
    const stopped = first.stop()
    first.intake.reject()
    await stopped
    expect(first.source.status().state).toBe('stopped')
    expect(await cloud.queue()).toEqual({ ready: 100, unacknowledged: 0 })
    const second = cloud.read()
    await untilKept(second, 100)
    expect([...second.intake.bodies()].sort()).toEqual(bodiesOf(someOf(100)))
  })

  test('that become durable while it stops are acknowledged before it has stopped, the others stay', async () => {
    const cloud = await makeCloudBroker(rabbitmq)
    const running = cloud.read()
    await untilRunning(running)
    running.intake.hold()
    await cloud.publisher.publish(...someOf(100))
    await vi.waitUntil(() => running.intake.underWay() > 0, PATIENCE)
    const stopped = running.stop()
    running.intake.release()
    await stopped
    const kept = running.intake.deliveries.length
    expect(kept).toBeGreaterThan(0)
    expect(await cloud.queue()).toEqual({ ready: 100 - kept, unacknowledged: 0 })
  })

  test('are kept while nobody reads, once the queue is there', async () => {
    const cloud = await makeCloudBroker(rabbitmq)
    const first = cloud.read()
    await untilRunning(first)
    await first.stop()
    await cloud.publisher.publish(...someOf(20))
    const second = cloud.read()
    await untilKept(second, 20)
    expect([...second.intake.bodies()].sort()).toEqual(bodiesOf(someOf(20)))
  })

  test('of a service that publishes for the first time come once its exchange is there', async () => {
    const cloud = await makeCloudBroker(rabbitmq, ['nova'])
    const running = cloud.read({ exchanges: ['nova', 'glance'] })
    await untilRunning(running)
    expect(running.source.status().detail).toContain('not there yet: glance')
    await cloud.publisher.declare('glance')
    await vi.waitUntil(() => running.source.status().detail.includes('bound to nova, glance'), PATIENCE)
    await cloud.publisher.publish({ exchange: 'glance', routingKey: 'notifications.info', body: '{}' }, ...someOf(5))
    await untilKept(running, 6)
  })

  test('reach every other consumer whole, and nothing of theirs is changed', async () => {
    const cloud = await makeCloudBroker(rabbitmq)
    const theirs = cloud.publisher.connection
    await theirs.queueDeclare({ queue: 'notifications.info', durable: true })
    await theirs.queueBind({ queue: 'notifications.info', exchange: 'nova', routingKey: 'notifications.info' })
    const exchangesBefore = await cloud.control('list_exchanges', 'name', 'type', 'durable', 'auto_delete')
    const queuesBefore = await cloud.control('list_queues', 'name', 'durable', 'arguments')
    const bindingsBefore = await cloud.control('list_bindings')
    const running = cloud.read()
    await untilRunning(running)
    await cloud.publisher.publish(...someOf(50))
    await untilKept(running, 50)
    expect(await cloud.queue('notifications.info')).toEqual({ ready: 50, unacknowledged: 0 })
    expect(await cloud.control('list_exchanges', 'name', 'type', 'durable', 'auto_delete')).toBe(exchangesBefore)
    const queues = await cloud.control('list_queues', 'name', 'durable', 'arguments')
    expect(
      queues
        .split('\n')
        .filter(line => !line.startsWith('launchtrace\t'))
        .join('\n'),
    ).toBe(queuesBefore)
    const bindings = await cloud.control('list_bindings')
    expect(
      bindings
        .split('\n')
        .filter(line => !line.includes('\tlaunchtrace\t'))
        .join('\n'),
    ).toBe(bindingsBefore)
  })

  test('go on after somebody deleted the queue', async () => {
    const cloud = await makeCloudBroker(rabbitmq)
    const running = cloud.read()
    await untilRunning(running)
    await cloud.publisher.connection.queueDelete('launchtrace')
    await vi.waitUntil(() => running.source.status().state === 'waiting', PATIENCE)
    await untilRunning(running)
    await cloud.publisher.publish(...someOf(10))
    await untilKept(running, 10)
  })

  test('that nobody can read are passed over, acknowledged, and the good ones come', async () => {
    const cloud = await makeCloudBroker(rabbitmq)
    const running = cloud.read()
    await untilRunning(running)
    const bad = ['', 'no json', '{"body":', '\u0000', Buffer.from([0xff, 0xfe, 0x80]), Buffer.alloc(17 * 1_048_576, 32)]
    const place = { exchange: 'nova', routingKey: 'notifications.info' }
    await cloud.publisher.publish(...bad.map(body => ({ ...place, body })), ...someOf(5))
    await untilKept(running, bad.length - 1 + 5)
    await vi.waitFor(async () => expect(await cloud.queue()).toEqual(EMPTY), PATIENCE)
    expect(running.intake.bodies()).toEqual(expect.arrayContaining([...bodiesOf(someOf(5))]))
    expect(await running.telemetry.total('launchtrace_source_messages_dropped_total')).toBe(1)
    const { deliveries } = createExtract(catalogue)({ service: '', records: [], deliveries: running.intake.deliveries })
    expect(deliveries.undecodable).toBe(bad.length - 1)
  })

  test('are read when the services compress them', async () => {
    const cloud = await makeCloudBroker(rabbitmq)
    const running = cloud.read()
    await untilRunning(running)
    const [notification] = recorded
    const body = deflateSync(notification?.body ?? '')
    const headers = { compression: 'application/x-gzip' }
    await cloud.publisher.publish({ exchange: 'nova', routingKey: 'notifications.info', body, headers })
    await untilKept(running, 1)
    expect(running.intake.bodies()).toEqual([notification?.body])
  })

  test('are read while the broker is short of memory and takes no more', async () => {
    const cloud = await makeCloudBroker(rabbitmq)
    const running = cloud.read({ prefetch: 10 })
    await untilRunning(running)
    running.intake.hold()
    await cloud.publisher.publish(...someOf(100))
    await rabbitmq.control('set_vm_memory_high_watermark', '0.00001')
    try {
      running.intake.release()
      await untilKept(running, 100)
      await vi.waitFor(async () => expect(await cloud.queue()).toEqual(EMPTY), PATIENCE)
      expect(running.source.status().state).toBe('running')
    } finally {
      await rabbitmq.control('set_vm_memory_high_watermark', '0.4')
    }
  })

  test('end the source with the reason when they can be neither kept nor was it asked to stop', async () => {
    const cloud = await makeCloudBroker(rabbitmq)
    const intake = keptIntake()
    const running = cloud.read({ intake })
    await untilRunning(running)
    intake.hold()
    await cloud.publisher.publish(...someOf(10))
    await vi.waitUntil(() => intake.underWay() > 0, PATIENCE)
    intake.reject()
    await vi.waitUntil(() => running.source.status().state === 'stopped', PATIENCE)
    await expect(running.stop()).rejects.toThrow('The process stops.')
    expect(await cloud.queue()).toEqual({ ready: 10, unacknowledged: 0 })
  })
})

describe('the user of RabbitMQ', () => {
  test('that is refused is named, and its password never; once it is let in, reading begins', async () => {
    const cloud = await makeCloudBroker(rabbitmq)
    const user = `user-${cloud.virtualHost}`
    const everything = { configure: '.*', write: '.*', read: '.*', virtualHost: cloud.virtualHost }
    await rabbitmq.addUser(user, 'before', everything)
    const running = cloud.read({ url: rabbitmq.urlFor(user, 'afterwards', cloud.virtualHost) })
    await vi.waitUntil(() => running.source.status().state === 'waiting', PATIENCE)
    expect(running.source.status().detail).toContain(`the user ${user} or its password is refused`)
    await rabbitmq.addUser(user, 'afterwards', everything)
    await untilRunning(running)
    await cloud.publisher.publish(...someOf(3))
    await untilKept(running, 3)
    expect(JSON.stringify(running.telemetry.lines)).not.toContain('afterwards')
  })

  test('that lacks rights is told which, and those are enough', async () => {
    const cloud = await makeCloudBroker(rabbitmq)
    const user = `user-${cloud.virtualHost}`
    await rabbitmq.addUser(user, 'secret', { virtualHost: cloud.virtualHost })
    const running = cloud.read({ url: rabbitmq.urlFor(user, 'secret', cloud.virtualHost) })
    await vi.waitUntil(() => running.source.status().state === 'waiting', PATIENCE)
    const { detail } = running.source.status()
    const command = /rabbitmqctl set_permissions -p (\S+) (\S+) '(.*)' '(.*)' '(.*)'\.$/.exec(detail)
    const [, virtualHost = '', name = '', configure = '', write = '', read = ''] = command ?? []
    await rabbitmq.addUser(name, 'secret', { virtualHost, configure, write, read })
    await untilRunning(running)
    expect([configure, write]).toEqual(['^launchtrace$', '^launchtrace$'])
    await cloud.publisher.publish(...recorded.slice(0, 200))
    await untilKept(running, 200)
    expect(running.source.status().detail).not.toContain('no right to read')
  })

  test('that may not read an exchange gets the others, and is told', async () => {
    const cloud = await makeCloudBroker(rabbitmq)
    const user = `user-${cloud.virtualHost}`
    const rights = { configure: '^launchtrace$', write: '^launchtrace$', read: '^(launchtrace|nova)$' }
    await rabbitmq.addUser(user, 'secret', { virtualHost: cloud.virtualHost, ...rights })
    const running = cloud.read({
      url: rabbitmq.urlFor(user, 'secret', cloud.virtualHost),
      exchanges: ['nova', 'neutron'],
    })
    await untilRunning(running)
    expect(running.source.status().detail).toContain('no right to read: neutron')
    await cloud.publisher.publish(...someOf(3))
    await untilKept(running, 3)
  })

  test('needs no right to make the queue when an operator has made it, of whatever kind', async () => {
    const cloud = await makeCloudBroker(rabbitmq)
    const quorum = { 'x-queue-type': 'quorum', 'x-max-length': 5000 } as const
    await cloud.publisher.connection.queueDeclare({ queue: 'launchtrace', durable: true, arguments: quorum })
    const user = `user-${cloud.virtualHost}`
    const rights = { write: '^launchtrace$', read: '^(launchtrace|nova)$', virtualHost: cloud.virtualHost }
    await rabbitmq.addUser(user, 'secret', rights)
    const running = cloud.read({ url: rabbitmq.urlFor(user, 'secret', cloud.virtualHost), exchanges: ['nova'] })
    await untilRunning(running)
    await cloud.publisher.publish(...someOf(50))
    await untilKept(running, 50)
    await vi.waitFor(async () => expect(await cloud.queue()).toEqual(EMPTY), PATIENCE)
    expect(running.telemetry.lines.filter(({ message }) => message.includes('used as it is'))).toHaveLength(1)
  })

  test('needs to read the queue only when an operator has made and bound it', async () => {
    const cloud = await makeCloudBroker(rabbitmq)
    const { connection } = cloud.publisher
    await connection.queueDeclare({ queue: 'launchtrace', durable: true })
    await connection.queueBind({ queue: 'launchtrace', exchange: 'nova', routingKey: 'notifications.*' })
    const user = `user-${cloud.virtualHost}`
    await rabbitmq.addUser(user, 'secret', { read: '^launchtrace$', virtualHost: cloud.virtualHost })
    const running = cloud.read({ url: rabbitmq.urlFor(user, 'secret', cloud.virtualHost) })
    await untilRunning(running)
    await cloud.publisher.publish(...someOf(50))
    await untilKept(running, 50)
  })

  test('that may not enter the virtual host is told so', async () => {
    const cloud = await makeCloudBroker(rabbitmq)
    const running = cloud.read({ url: rabbitmq.urlFor('guest', 'guest', 'nowhere') })
    await vi.waitUntil(() => running.source.status().state === 'waiting', PATIENCE)
    expect(running.source.status().detail).toContain('may not enter the virtual host nowhere')
  })
})
