import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { untilImported } from '../support/answers.ts'
import { makeCertificates } from '../support/certificates.ts'
import type { Clickhouse } from '../support/clickhouse.ts'
import { startClickhouse } from '../support/clickhouse.ts'
import { EXAMPLES } from '../support/corpus.ts'
import type { LiveProgram } from '../support/live-program.ts'
import { isAtRest } from '../support/live-program.ts'
import type { LiveScene } from '../support/live-scene.ts'
import { setScene } from '../support/live-scene.ts'
import type { Rabbitmq } from '../support/rabbitmq.ts'
import { startRabbitmq } from '../support/rabbitmq.ts'
import { findFreePorts, findSetting } from '../support/server-process.ts'
import type { TcpProxy } from '../support/tcp-proxy.ts'
import { openProxy } from '../support/tcp-proxy.ts'

/* Three agents that send over HTTP with TLS and a token, one collector, and wires between them that can be cut. */

const HOSTS = ['controller-1', 'compute-1', 'compute-2'] as const
/** How long the store stays away. Seconds. */
const AWAY_SECONDS = Number(findSetting('LAUNCHTRACE_TEST_AWAY_SECONDS') ?? 20)
const MEBIBYTE = 2 ** 20

let broker: Rabbitmq
let store: Clickhouse | undefined
let scene: LiveScene | undefined
let wires: TcpProxy[] = []

beforeAll(async () => {
  broker = await startRabbitmq()
}, 120_000)
afterAll(() => broker.remove())
afterEach(async () => {
  await scene?.end()
  await store?.remove()
  await Promise.all(wires.map(wire => wire.close()))
  scene = undefined
  store = undefined
  wires = []
})

interface Cloud {
  readonly scene: LiveScene
  readonly store: Clickhouse
  readonly agents: readonly LiveProgram[]
  readonly collector: LiveProgram
  /** Between the agents and the collector. */
  readonly toCollector: TcpProxy
  /** Between the first agent and RabbitMQ. */
  readonly toBroker: TcpProxy
}

async function openWire(port: number): Promise<TcpProxy> {
  const wire = await openProxy(port)
  wires.push(wire)
  return wire
}

async function makeCloud(): Promise<Cloud> {
  const [recording] = EXAMPLES
  if (recording === undefined) throw new Error('There is no recording in examples/.')
  const [here, clickhouse] = await Promise.all([setScene(recording, broker), startClickhouse()])
  scene = here
  store = clickhouse
  const { ca, server } = await makeCertificates(join(here.folder, 'tls'))
  const [port = 0] = await findFreePorts(1)
  const [toCollector, toBroker] = [await openWire(port), await openWire(broker.port)]
  const token = { file: here.place('token', 'a token that only they know') }
  const { url, user, password } = clickhouse
  const collector = await here.program('collector', 'collector', {
    input: { http: { listen: `127.0.0.1:${port}`, token, tls: server } },
    store: { clickhouse: { url, user, password: { file: here.place('store-password', password) } } },
  })
  const agent = (host: string, index: number): Promise<LiveProgram> =>
    here.program('agent', host, {
      host,
      state: here.place(`state-${host}`),
      sources: {
        files: [{ paths: [here.logsOf(host)] }],
        rabbitmq: index === 0 ? here.rabbitmqSource(toBroker.address) : [],
      },
      output: { http: { url: `https://${toCollector.address}`, token, tls: { ca } } },
    })
  return {
    ...{ scene: here, store: clickhouse, collector, toCollector, toBroker },
    agents: await Promise.all(HOSTS.map(agent)),
  }
}

async function startAll({ collector, agents }: Cloud): Promise<void> {
  await collector.start()
  await Promise.all(agents.map(agent => agent.start()))
  await Promise.all(agents.map(agent => agent.until(isAtRest, 'reading')))
}

async function expectImported({ scene: here, collector, agents }: Cloud): Promise<void> {
  await untilImported(collector.url, await here.imported())
  await Promise.all([collector, ...agents].map(program => program.until(isAtRest, 'at rest')))
  for (const program of [...agents, collector]) expect(await program.stop()).toBe(0)
}

/** Times the log of a compute node in the flood, which is some 16 MB. */
const FLOOD = 100
const FLOODED_LOG = 'compute-2/nova/nova-compute.log'
/** What an agent may take, in MiB of resident memory, the system's own share of it and garbage included. */
const MOST_MEBIBYTES = 250

/** A log that says again and again what another one says once: no new fact, and much to read. */
function flood({ logs }: LiveScene): void {
  const text = readFileSync(join(EXAMPLES[0]?.logs ?? '', 'compute-2', 'nova-compute.log'))
  const path = join(logs, FLOODED_LOG)
  mkdirSync(dirname(path))
  for (let time = 0; time < FLOOD; time += 1) appendFileSync(path, text)
}

interface CheckpointFile {
  readonly files: readonly { readonly path: string; readonly resume: { readonly offset: number } }[]
}

/** From where its agent will read the flood after a restart. */
function offsetOfFlood({ folder }: LiveScene): number {
  const { files } = JSON.parse(readFileSync(join(folder, 'state-compute-2', 'files.json'), 'utf8')) as CheckpointFile
  return files.find(({ path }) => path.endsWith(FLOODED_LOG))?.resume.offset ?? 0
}

describe('agents that send to a collector over HTTP', () => {
  it('make the launches of an import while the collector is killed and wires break', async () => {
    const cloud = await makeCloud()
    const { collector, toCollector, toBroker } = cloud
    await startAll(cloud)
    const replay = cloud.scene.replay({ seconds: 20 })
    await replay.reaches(0.15)
    await collector.kill()
    await replay.reaches(0.3)
    await collector.start()
    toCollector.reset()
    await replay.reaches(0.45)
    toCollector.cut()
    toBroker.cut()
    await replay.reaches(0.6)
    for (const wire of [toCollector, toBroker]) wire.mend()
    await replay.reaches(0.75)
    for (const wire of [toCollector, toBroker]) wire.hang()
    await sleep(3000)
    for (const wire of [toCollector, toBroker]) wire.mend()
    await replay.done
    await expectImported(cloud)
  }, 240_000)

  it(
    'keep their memory and their place while the store is away, and leave notifications in RabbitMQ',
    async () => {
      const cloud = await makeCloud()
      const { scene: here, agents, collector } = cloud
      const [reader = collector, , flooded = collector] = agents
      await startAll(cloud)
      await cloud.store.kill()
      const replay = here.replay({ seconds: AWAY_SECONDS })
      await replay.reaches(0.5)
      flood(here)
      const { notifications } = await replay.done
      const { memory_bytes: memoryBytes, sources, counts } = await flooded.status()
      expect(memoryBytes).toBeLessThan(MOST_MEBIBYTES * MEBIBYTE)
      // It reads no further than it may hold, and nothing of that counts as read.
      expect(sources[0]?.lag).toBeGreaterThan(8 * MEBIBYTE)
      expect(counts.lines).toBeGreaterThan(1000)
      expect(counts.durable).toBe(0)
      expect(offsetOfFlood(here)).toBe(0)
      expect(await here.unacknowledged()).toBe(notifications)
      await Promise.all([flooded.kill(), reader.kill()])
      await cloud.store.start()
      await Promise.all([flooded.start(), reader.start()])
      await expectImported(cloud)
    },
    240_000 + 3000 * AWAY_SECONDS,
  )
})
