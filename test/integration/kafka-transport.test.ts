import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka as Client, logLevel } from 'kafkajs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Signal } from '../../src/core/signal.ts'
import { writeUntilDurable } from '../../src/pipeline/deliver.ts'
import type { Outlet } from '../../src/pipeline/stage.ts'
import type { AcceptSignals } from '../../src/transport/decode-lines.ts'
import type { Inlet, KafkaInletOptions } from '../../src/transport/kafka-inlet.ts'
import { createKafkaInlet } from '../../src/transport/kafka-inlet.ts'
import { createKafkaOutlet } from '../../src/transport/kafka-outlet.ts'
import type { Kafka } from '../support/kafka.ts'
import { startKafka } from '../support/kafka.ts'
import { factOf } from '../support/signal-drafts.ts'
import { uuidOf } from '../support/store.ts'
import { recordTelemetry } from '../support/telemetry.ts'

const INLET_PROCESS = fileURLToPath(import.meta.resolve('../support/inlet-process.ts'))
const SESSION_MS = 6000
const never = new AbortController().signal

let kafka: Kafka
let running: { readonly stop: AbortController; readonly ended: Promise<void> }[] = []
const outlets: Outlet[] = []

beforeAll(async () => {
  kafka = await startKafka({ partitions: 3, secure: true })
})
afterEach(async () => {
  for (const { stop } of running) stop.abort()
  await Promise.all(running.map(({ ended }) => ended))
  running = []
  for (const outlet of outlets.splice(0)) await outlet.close()
})
afterAll(() => kafka.remove())

let topics = 0
/** A topic of its own, with three partitions. */
async function makeTopic(): Promise<string> {
  const topic = `signals-${process.pid}-${(topics += 1)}`
  await withAdmin(admin => admin.createTopics({ topics: [{ topic, numPartitions: 3 }], waitForLeaders: true }))
  return topic
}

async function withAdmin<Result>(ask: (admin: ReturnType<Client['admin']>) => Promise<Result>): Promise<Result> {
  const admin = new Client({ brokers: [...kafka.brokers], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    return await ask(admin)
  } finally {
    await admin.disconnect()
  }
}

/** A topic, and how to reach it over TLS; the login is the test's. */
async function secured() {
  const { secure } = kafka
  if (secure === undefined) throw new Error('The broker has no listener with TLS.')
  const { certificates, brokers, username, password } = secure
  const tls = { ca: readFileSync(certificates.ca, 'utf8') }
  return { topic: await makeTopic(), secure: { brokers, tls, username, password } }
}

/** Messages of a topic that a group has not committed. */
async function unread(topic: string, group = 'launchtrace'): Promise<number> {
  return withAdmin(async admin => {
    const ends = await admin.fetchTopicOffsets(topic)
    const [committed] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
    const readTo = new Map(committed?.partitions.map(({ partition, offset }) => [partition, Number(offset)]))
    return ends.reduce((sum, { partition, high }) => sum + Number(high) - Math.max(readTo.get(partition) ?? 0, 0), 0)
  })
}

function facts(count: number, from = 0): readonly Signal[] {
  return Array.from({ length: count }, (_, index) => {
    const text = `fact ${from + index}`
    return factOf(text, { instances: [uuidOf(text)] })
  })
}

function outletTo(topic: string): Outlet {
  const outlet = createKafkaOutlet({ brokers: kafka.brokers, topic })
  outlets.push(outlet)
  return outlet
}

interface Started {
  readonly inlet: Inlet
  readonly telemetry: ReturnType<typeof recordTelemetry>
  readonly stop: () => Promise<void>
}

function startInlet(given: Partial<KafkaInletOptions> & { topic: string }, accept: AcceptSignals): Started {
  const telemetry = recordTelemetry()
  const inlet = createKafkaInlet({ brokers: kafka.brokers, sessionMs: SESSION_MS, ...given }, telemetry)
  const stop = new AbortController()
  const ended = inlet.run(accept, stop.signal)
  running.push({ stop, ended })
  return {
    inlet,
    telemetry,
    stop: () => {
      stop.abort()
      return ended
    },
  }
}

/** Keeps what it is given, each fact once. */
function createMemory(): { readonly facts: Map<string, Signal>; readonly accept: AcceptSignals } {
  const kept = new Map<string, Signal>()
  const accept: AcceptSignals = signals => {
    for (const signal of signals) kept.set(signal.id, signal)
    return Promise.resolve()
  }
  return { facts: kept, accept }
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await sleep(50)
}

function idsOf(signals: Iterable<Signal>): readonly string[] {
  return Array.from(signals, signal => signal.id).toSorted()
}

describe('signals through Kafka', () => {
  it('arrive as they were, and are committed', async () => {
    const topic = await makeTopic()
    const sent = facts(12_000)
    await outletTo(topic).write(sent, never)
    const memory = createMemory()
    const { inlet, telemetry, stop } = startInlet({ topic }, memory.accept)
    await until(() => memory.facts.size === sent.length)
    await until(async () => (await unread(topic)) === 0)
    expect(inlet.status()).toMatchObject({ state: 'running', lag: 0, lagUnit: 'messages' })
    await stop()
    expect(inlet.status().state).toBe('stopped')
    expect([...memory.facts.values()].toSorted(byId)).toEqual(sent.toSorted(byId))
    expect(await telemetry.total('launchtrace_inlet_received_total')).toBe(sent.length)
    expect(await telemetry.total('launchtrace_inlet_forwarded_total')).toBe(sent.length)
  })

  it('lie in the partition of their instance', async () => {
    const topic = await makeTopic()
    const instances = ['a', 'b', 'c', 'd', 'e'].map(name => uuidOf(name))
    const of = (text: string): readonly Signal[] => instances.map(instance => factOf(text, { instances: [instance] }))
    await outletTo(topic).write(of('first'), never)
    await outletTo(topic).write(of('second'), never)
    const memory = createMemory()
    const batches: (readonly Signal[])[] = []
    startInlet({ topic }, signals => {
      batches.push(signals)
      return memory.accept(signals)
    })
    await until(() => memory.facts.size === 10)
    for (const instance of instances) {
      expect(batches.filter(batch => batch.some(signal => signal.instances.includes(instance)))).toHaveLength(1)
    }
  })

  it('pass over messages that are no signals, counting them by reason', async () => {
    const topic = await makeTopic()
    const client = new Client({ brokers: [...kafka.brokers], logLevel: logLevel.NOTHING })
    const producer = client.producer()
    await producer.connect()
    const [good] = facts(1)
    const wrong = JSON.stringify({ ...good, host: 'elsewhere' })
    const values = ['no json', wrong, null, JSON.stringify({ ...good, at: 'noon' }), JSON.stringify(good)]
    await producer.send({ topic, messages: values.map(value => ({ value })) })
    await producer.disconnect()
    const memory = createMemory()
    const { telemetry } = startInlet({ topic }, memory.accept)
    await until(async () => (await unread(topic)) === 0)
    expect([...memory.facts.values()]).toEqual([good])
    const dropped = await telemetry.registry.getSingleMetric('launchtrace_inlet_dropped_total')?.get()
    const reasons = dropped?.values.map(({ labels, value }) => `${value} ${labels['reason']}`)
    expect(reasons?.toSorted()).toEqual(['1 invalid_at', '1 wrong_id', '2 not_json'])
    expect(await telemetry.total('launchtrace_inlet_received_total')).toBe(5)
    expect(await telemetry.total('launchtrace_inlet_forwarded_total')).toBe(1)
  })

  it('say which topic is missing, and arrive once somebody has made it', async () => {
    const topic = `made-later-${process.pid}`
    const memory = createMemory()
    const { inlet } = startInlet({ topic, group: 'waits' }, memory.accept)
    const outlet = outletTo(topic)
    const written = outlet.write(facts(3), never)
    await expect(written).rejects.toThrow(`the topic ${topic} does not exist; create it`)
    await expect(written).rejects.toMatchObject({ code: 'LAUNCHTRACE_OUTLET_UNAVAILABLE', retryable: true })
    await until(() => inlet.status().state === 'waiting')
    expect(inlet.status().detail).toContain(topic)
    await withAdmin(admin => admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true }))
    await writeUntilDurable(facts(3), { outlet, telemetry: recordTelemetry(), stop: never })
    await until(() => memory.facts.size === 3)
  })

  it('are refused when one alone is larger than the topic takes, and the others arrive', async () => {
    const topic = `small-${process.pid}`
    await withAdmin(admin =>
      admin.createTopics({
        topics: [{ topic, numPartitions: 1, configEntries: [{ name: 'max.message.bytes', value: '20000' }] }],
        waitForLeaders: true,
      }),
    )
    const large = factOf('large', { instances: Array.from({ length: 2000 }, (_, index) => uuidOf(String(index))) })
    const good = facts(20)
    const sent = [...good.slice(0, 7), large, ...good.slice(7)]
    await expect(outletTo(topic).write([large], never)).rejects.toMatchObject({
      code: 'LAUNCHTRACE_SIGNALS_REFUSED',
      retryable: false,
    })
    const telemetry = recordTelemetry()
    await writeUntilDurable(sent, { outlet: outletTo(topic), telemetry, stop: never })
    expect(await telemetry.total('launchtrace_outlet_dropped_total')).toBe(1)
    expect(await telemetry.total('launchtrace_outlet_forwarded_total')).toBe(20)
    const memory = createMemory()
    startInlet({ topic, group: 'small' }, memory.accept)
    await until(() => memory.facts.size === good.length)
    expect(idsOf(memory.facts.values())).toEqual(idsOf(good))
  })

  it('stay with their collector while its store is away for longer than a session', async () => {
    const topic = await makeTopic()
    const sent = facts(3000)
    await outletTo(topic).write(sent, never)
    const memory = createMemory()
    const store = Promise.withResolvers<undefined>()
    let asked = 0
    const { telemetry } = startInlet({ topic, group: 'patient' }, async signals => {
      asked += signals.length
      await store.promise
      await memory.accept(signals)
    })
    await until(() => asked > 0)
    await sleep(2.5 * SESSION_MS)
    const askedWhileAway = asked
    const { members } = await withAdmin(
      async admin => (await admin.describeGroups(['patient'])).groups[0] ?? { members: [] },
    )
    expect(members).toHaveLength(1)
    store.resolve(undefined)
    await until(() => memory.facts.size === sent.length)
    // Nothing was fetched and given a second time.
    expect(askedWhileAway).toBeLessThanOrEqual(sent.length)
    expect(asked).toBe(sent.length)
    expect(telemetry.lines).toEqual([])
  })

  it('are shared by the collectors of a group as they come and go, and none is lost', async () => {
    const topic = await makeTopic()
    const group = 'shared'
    const memory = createMemory()
    const slow: AcceptSignals = async signals => {
      await sleep(100)
      await memory.accept(signals)
    }
    const outlet = outletTo(topic)
    const telemetry = recordTelemetry()
    const sent = facts(20_000)
    const first = startInlet({ topic, group }, slow)
    const sending = (async () => {
      for (let at = 0; at < sent.length; at += 500) {
        await writeUntilDurable(sent.slice(at, at + 500), { outlet, telemetry, stop: never })
        await sleep(100)
      }
    })()
    await until(() => memory.facts.size > 500)
    const second = startInlet({ topic, group }, slow)
    await until(() => /partitions? \d/.test(second.inlet.status().detail))
    await until(() => memory.facts.size > 5000)
    await first.stop()
    startInlet({ topic, group }, slow)
    await sending
    await until(() => memory.facts.size === sent.length)
    await until(async () => (await unread(topic, group)) === 0)
    for (const { telemetry: counted } of [first, second]) {
      const received = await counted.total('launchtrace_inlet_received_total')
      const dropped = await counted.total('launchtrace_inlet_dropped_total')
      const forwarded = await counted.total('launchtrace_inlet_forwarded_total')
      expect(received).toBe(forwarded + dropped)
      expect(received).toBeGreaterThan(0)
    }
  })

  it('come again when a partition moves on while the store is away, and memory holds few of them', async () => {
    const topic = await makeTopic()
    const group = 'moved'
    await outletTo(topic).write(facts(9000), never)
    const memory = createMemory()
    const store = Promise.withResolvers<undefined>()
    let underWay = 0
    let most = 0
    const accept: AcceptSignals = async signals => {
      most = Math.max(most, (underWay += 1))
      await store.promise
      underWay -= 1
      await memory.accept(signals)
    }
    startInlet({ topic, group }, accept)
    await until(() => underWay > 0)
    for (let times = 0; times < 3; times += 1) {
      const passing = startInlet({ topic, group }, accept)
      await until(() => passing.inlet.status().state === 'running')
      void passing.stop()
      await sleep(SESSION_MS / 2)
    }
    expect(most).toBeLessThanOrEqual(4 * 4)
    store.resolve(undefined)
    await until(() => memory.facts.size === 9000)
    await until(async () => (await unread(topic, group)) === 0)
  })

  it('are there for the next collector when one is killed before it commits', async () => {
    const topic = await makeTopic()
    const group = 'killed'
    const sent = facts(100)
    await outletTo(topic).write(sent, never)
    const [broker = ''] = kafka.brokers
    const doomed = spawn(process.execPath, [INLET_PROCESS, broker, topic, group], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(doomed.stdout, 'data')
    doomed.kill('SIGKILL')
    await once(doomed, 'exit')
    expect(await unread(topic, group)).toBe(100)
    const memory = createMemory()
    startInlet({ topic, group }, memory.accept)
    await until(() => memory.facts.size === sent.length)
    expect(idsOf(memory.facts.values())).toEqual(idsOf(sent))
  })

  it('survive a broker that is killed and comes back', async () => {
    const topic = await makeTopic()
    const group = 'restarted'
    const memory = createMemory()
    const telemetry = recordTelemetry()
    const outlet = outletTo(topic)
    const sent = facts(10_000)
    const { inlet } = startInlet({ topic, group }, memory.accept)
    const sending = (async () => {
      for (let at = 0; at < sent.length; at += 200) {
        await writeUntilDurable(sent.slice(at, at + 200), { outlet, telemetry, stop: never })
        await sleep(50)
      }
    })()
    await until(() => memory.facts.size > 1000)
    await kafka.kill()
    await sleep(3000)
    await kafka.start()
    await sending
    await until(() => memory.facts.size === sent.length)
    await until(async () => (await unread(topic, group)) === 0)
    expect(inlet.status().state).toBe('running')
    expect(await telemetry.total('launchtrace_outlet_received_total')).toBe(sent.length)
    expect(await telemetry.total('launchtrace_outlet_forwarded_total')).toBe(sent.length)
  })

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)(
    'arrive over TLS with a login by %s',
    async mechanism => {
      const { topic, secure } = await secured()
      const memory = createMemory()
      const login = { ...secure, sasl: { mechanism, username: secure.username, password: secure.password }, topic }
      const outlet = createKafkaOutlet(login)
      outlets.push(outlet)
      await outlet.write(facts(5), never)
      startInlet({ ...login, group: mechanism }, memory.accept)
      await until(() => memory.facts.size >= 5)
    },
  )

  it('are kept while the login, or the authority, is wrong, and the password is not told', async () => {
    const { topic, secure } = await secured()
    const sasl = { mechanism: 'plain', username: secure.username, password: 'wrong-password' } as const
    const outlet = createKafkaOutlet({ ...secure, sasl, topic })
    outlets.push(outlet)
    const written = outlet.write(facts(5), never)
    await expect(written).rejects.toThrow('the brokers refuse the user name or the password')
    await expect(written).rejects.toMatchObject({ retryable: true })
    await expect(written).rejects.not.toThrow('wrong-password')
    const trusting = createKafkaOutlet({ brokers: secure.brokers, tls: {}, topic })
    outlets.push(trusting)
    await expect(trusting.write(facts(5), never)).rejects.toThrow('certificate')
    const plain = createKafkaOutlet({ brokers: secure.brokers, topic })
    outlets.push(plain)
    await expect(plain.write(facts(5), never)).rejects.toThrow('hung up; check whether the brokers ask for TLS')
  })

  it('give up at once when the process stops', async () => {
    const outlet = createKafkaOutlet({ brokers: ['127.0.0.1:1'], topic: 'any' })
    const stop = new AbortController()
    const written = outlet.write(facts(1), stop.signal)
    stop.abort(new Error('stops'))
    await expect(written).rejects.toThrow('stops')
    await outlet.close()
  })
})

function byId(one: Signal, other: Signal): number {
  return one.id < other.id ? -1 : 1
}
