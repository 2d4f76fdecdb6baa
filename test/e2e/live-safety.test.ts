import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Kafka as Client, logLevel } from 'kafkajs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { askAll, untilImported } from '../support/answers.ts'
import { EXAMPLES } from '../support/corpus.ts'
import { readCounts } from '../support/counts.ts'
import type { Kafka } from '../support/kafka.ts'
import { startKafka } from '../support/kafka.ts'
import type { LiveProgram } from '../support/live-program.ts'
import { isAtRest } from '../support/live-program.ts'
import type { LiveScene } from '../support/live-scene.ts'
import { setScene } from '../support/live-scene.ts'
import { PLANTED, plantSecrets } from '../support/planted-secrets.ts'
import type { Rabbitmq } from '../support/rabbitmq.ts'
import { startRabbitmq } from '../support/rabbitmq.ts'
import type { Written } from '../support/replay.ts'
import { findFreePorts } from '../support/server-process.ts'
import type { TcpProxy } from '../support/tcp-proxy.ts'
import { openProxy } from '../support/tcp-proxy.ts'

/* Two agents, one that sends to Kafka and one that sends over HTTP, one collector, and secrets in everything they read. */

let broker: Rabbitmq
let kafka: Kafka
let wire: TcpProxy
let scene: LiveScene
let topic: string
/** The recording with the secrets in it. */
let source: string
let data: string
let byKafka: LiveProgram
let byHttp: LiveProgram
let collector: LiveProgram
let written: Written

const everyone = (): readonly LiveProgram[] => [byKafka, byHttp, collector]

async function makePrograms(): Promise<void> {
  const [port = 0] = await findFreePorts(1)
  wire = await openProxy(port, { keep: true })
  collector = await scene.program('collector', 'collector', {
    input: { http: { listen: `127.0.0.1:${port}` }, kafka: { brokers: kafka.brokers, topic } },
    store: { data },
  })
  const agent = (host: string, output: object, rabbitmq: readonly object[]): Promise<LiveProgram> =>
    scene.program('agent', host, {
      host,
      state: scene.place(`state-${host}`),
      sources: { files: [{ paths: [scene.logsOf(`${host}-*`)] }], rabbitmq },
      output,
    })
  byKafka = await agent('compute', { kafka: { brokers: kafka.brokers, topic } }, [])
  byHttp = await agent('controller', { http: { url: `http://${wire.address}` } }, scene.rabbitmqSource())
}

async function makeTopic(): Promise<void> {
  const admin = new Client({ brokers: [...kafka.brokers], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  await admin.createTopics({ topics: [{ topic, numPartitions: 3 }], waitForLeaders: true })
  await admin.disconnect()
}

beforeAll(async () => {
  const [recording] = EXAMPLES
  if (recording === undefined) throw new Error('There is no recording in examples/.')
  ;[broker, kafka] = await Promise.all([startRabbitmq(), startKafka({ partitions: 3 })])
  source = mkdtempSync(join(tmpdir(), 'launchtrace-planted-'))
  scene = await setScene(plantSecrets(recording, source), broker)
  topic = `safety-${process.pid}`
  data = join(scene.folder, 'data')
  await makeTopic()
  await makePrograms()
  for (const program of everyone().toReversed()) await program.start()
  for (const program of everyone()) await program.until(isAtRest, 'reading')
  const replay = scene.replay({ seconds: 6, rotate: ['rename', 'date'] })
  written = await replay.done
}, 240_000)
afterAll(async () => {
  await scene.end()
  await wire.close()
  await Promise.all([broker.remove(), kafka.remove()])
  rmSync(source, { recursive: true, force: true })
})
afterEach(async () => {
  // Whatever a test asked, nothing is under way when the next one looks.
  for (const program of everyone()) if (program.isRunning()) await program.until(isAtRest, 'at rest')
})

/** The planted secrets that a text holds. */
function secretsIn(text: string): readonly string[] {
  return PLANTED.filter(secret => text.includes(secret))
}

/** Every message of the topic. */
async function readTopic(): Promise<readonly string[]> {
  const client = new Client({ brokers: [...kafka.brokers], logLevel: logLevel.NOTHING })
  const consumer = client.consumer({ groupId: `look-${process.pid}` })
  const admin = client.admin()
  await admin.connect()
  const ends = await admin.fetchTopicOffsets(topic)
  await admin.disconnect()
  const wanted = ends.reduce((sum, { high }) => sum + Number(high), 0)
  const values: string[] = []
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await new Promise<void>((resolve, reject) => {
    const eachMessage = ({ message }: { message: { value: Buffer | null } }): Promise<void> => {
      values.push(message.value?.toString() ?? '')
      if (values.length >= wanted) resolve()
      return Promise.resolve()
    }
    consumer.run({ eachMessage }).catch(reject)
  })
  await consumer.disconnect()
  return values
}

const GZIP = Buffer.from([0x1f, 0x8b, 0x08])

/** What was sent over the wire: headers as they are, bodies unpacked. */
function readWire(): string {
  return wire.sent().map(unpackBodies).join('\n')
}

function unpackBodies(bytes: Buffer): string {
  const texts = [bytes.toString('latin1')]
  for (let at = bytes.indexOf(GZIP); at >= 0; at = bytes.indexOf(GZIP, at + 1)) {
    try {
      texts.push(gunzipSync(bytes.subarray(at)).toString())
    } catch {
      // These three bytes were no beginning of a body.
    }
  }
  return texts.join('\n')
}

/** Every column of every table as text. */
async function readStore(): Promise<string> {
  const store = await openEmbeddedStore({ directory: data })
  const session = store.openSession()
  try {
    const tables = session.query("SELECT name FROM system.tables WHERE database = 'launchtrace' FORMAT TSV")
    const names = tables.split('\n').filter(name => name !== '')
    return names.map(name => session.query(`SELECT * FROM ${name} FORMAT JSONEachRow`)).join('\n')
  } finally {
    session.close()
    await store.close()
  }
}

describe('agents that read secrets', () => {
  it('make the launches of an import', async () => {
    await untilImported(collector.url, await scene.imported())
  }, 120_000)

  it('count, as their collector does, so that everything adds up', async () => {
    for (const program of everyone()) await program.until(isAtRest, 'at rest')
    const [first, second, third] = await Promise.all(
      everyone().map(async program => readCounts(await program.metrics())),
    )
    if (first === undefined || second === undefined || third === undefined) throw new Error('Three programs count.')
    const agents = [first, second]
    const inAll = (name: string, labels?: Readonly<Record<string, string>>): number =>
      agents.reduce((sum, counts) => sum + counts.sum(`launchtrace_${name}_total`, labels), 0)
    expect(inAll('source_lines')).toBe(written.lines)
    expect(inAll('source_lines_forwarded') + inAll('source_lines_dropped')).toBe(written.lines)
    expect(inAll('source_messages')).toBe(written.notifications)
    const notifications = { kind: 'notification' }
    expect(inAll('extract_received', notifications) + inAll('source_messages_dropped')).toBe(written.notifications)
    expect(inAll('extract_forwarded') + inAll('extract_dropped')).toBe(inAll('extract_received'))
    expect(inAll('outlet_received')).toBe(inAll('extract_forwarded'))
    expect(inAll('outlet_forwarded') + inAll('outlet_dropped')).toBe(inAll('outlet_received'))
    expect(inAll('outlet_dropped')).toBe(0)
    const received = third.sum('launchtrace_inlet_received_total')
    expect(received).toBe(inAll('outlet_forwarded'))
    expect(third.sum('launchtrace_inlet_forwarded_total') + third.sum('launchtrace_inlet_dropped_total')).toBe(received)
    expect(third.sum('launchtrace_inlet_dropped_total')).toBe(0)
    expect(third.sum('launchtrace_store_signals_total')).toBe(received)
  })

  it('were given all of them', () => {
    const files = readdirSync(source, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
    const texts = files.map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name), 'utf8')] as const)
    for (const name of ['nova-api.log', 'nova-compute.log', 'notifications.jsonl']) {
      const text = texts.filter(([each]) => each === name).map(([, each]) => each)
      expect(secretsIn(text.join('\n'))).toEqual(PLANTED)
    }
  })

  it('send none to Kafka', async () => {
    const messages = await readTopic()
    expect(messages.length).toBeGreaterThan(100)
    expect(secretsIn(messages.join('\n'))).toEqual([])
  })

  it('send none over HTTP', () => {
    const sent = readWire()
    expect(sent.includes('"nova.api.create.body"')).toBe(true)
    expect(secretsIn(sent)).toEqual([])
  })

  it('tell none, nor do their metrics and the answers of the collector', async () => {
    const { list, shown } = await askAll({ url: collector.url })
    const metrics = await Promise.all(everyone().map(program => program.metrics()))
    const said = everyone().map(program => program.said())
    expect(secretsIn([list, ...shown.values(), ...metrics, ...said].join('\n'))).toEqual([])
  })

  it('leave none in the store', async () => {
    for (const program of everyone()) expect(await program.stop()).toBe(0)
    const stored = await readStore()
    expect(stored.includes('nova.api.create.body')).toBe(true)
    expect(secretsIn(stored)).toEqual([])
  })
})
