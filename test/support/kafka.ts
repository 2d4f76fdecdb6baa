import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka as Client, logLevel } from 'kafkajs'
import { composeService } from './compose.ts'
import type { ServerProcess } from './server-process.ts'
import { findFreePorts, findSetting, runCommand, startServer, untilReady } from './server-process.ts'

/** A real Kafka broker in KRaft mode, alone. Its data outlives `stop` and `kill`; topics are made when first used. */
export interface Kafka {
  readonly brokers: readonly string[]
  /** Shuts it down in order. */
  stop(): Promise<void>
  /** Ends it in the middle of whatever it does. */
  kill(): Promise<void>
  /** Starts it again on the same address and data. */
  start(): Promise<void>
  /** Ends it and deletes its data. */
  remove(): Promise<void>
}

export interface KafkaOptions {
  /** Of a topic that nobody made with another number; the broker of Docker Compose has its own. Default 1. */
  readonly partitions?: number
}

/** The version in `.ci/kafka/pom.xml`. */
const VERSION = '4.1.0'
const HINT = 'Run .ci/brokers.sh, which fetches Kafka and a Java runtime, or set LAUNCHTRACE_TEST_KAFKA_BROKERS.'
/** Small and quick to start: a test broker holds a few megabytes. */
const JAVA = ['-Xms96m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData']

/** Where `.ci/brokers.sh` puts the jars. */
function getClassPath(): string {
  const directory =
    findSetting('LAUNCHTRACE_TEST_KAFKA_LIBS') ?? join(homedir(), '.cache', 'launchtrace-ci', `kafka-${VERSION}`)
  if (!existsSync(directory)) throw new Error(`No jars of Kafka in ${directory}. ${HINT}`)
  return join(directory, '*')
}

interface Ports {
  readonly client: number
  readonly controller: number
}

function describeBroker(ports: Ports, data: string, partitions: number): string {
  const listeners = `CLIENT://127.0.0.1:${ports.client},CONTROLLER://127.0.0.1:${ports.controller}`
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${ports.controller}`,
    listeners,
    'advertised.listeners': `CLIENT://127.0.0.1:${ports.client}`,
    'listener.security.protocol.map': 'CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'CLIENT',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': data,
    'num.partitions': partitions,
    'offsets.topic.num.partitions': 1,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1000,
    'log.cleaner.enable': false,
    // How long a killed broker may not come back.
    'broker.session.timeout.ms': 3000,
    'broker.heartbeat.interval.ms': 500,
  }
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}

function runJava(main: string, words: readonly string[]): { readonly command: string; readonly words: string[] } {
  const logging = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'
  return { command: 'java', words: [...JAVA, logging, '-cp', getClassPath(), main, ...words] }
}

async function answers(brokers: readonly string[]): Promise<boolean> {
  const client = new Client({ brokers: [...brokers], logLevel: logLevel.NOTHING, retry: { retries: 0 } })
  const admin = client.admin()
  try {
    await admin.connect()
    const { brokers: known, controller } = await admin.describeCluster()
    return known.length > 0 && controller !== null
  } finally {
    await admin.disconnect()
  }
}

/** Uses the broker of `deploy/test-compose.yaml`, at the given addresses. */
function useRunning(brokers: readonly string[]): Kafka {
  return { ...composeService('kafka'), brokers, remove: () => Promise.resolve() }
}

async function startOwn(partitions: number): Promise<Kafka> {
  const directory = mkdtempSync(join(tmpdir(), 'launchtrace-kafka-'))
  const [client = 0, controller = 0] = await findFreePorts(2)
  const brokers = [`127.0.0.1:${client}`]
  const settings = join(directory, 'server.properties')
  writeFileSync(settings, describeBroker({ client, controller }, join(directory, 'data'), partitions))
  const cluster = randomBytes(16).toString('base64url')
  await runCommand(runJava('kafka.tools.StorageTool', ['format', '-t', cluster, '-c', settings]), HINT)
  let server: ServerProcess | undefined
  const start = async (): Promise<void> => {
    server = await startServer(runJava('kafka.Kafka', [settings]), HINT)
    await untilReady(server, () => answers(brokers))
  }
  await start()
  return {
    brokers,
    start,
    stop: async () => server?.stop(),
    kill: async () => server?.kill(),
    remove: async () => {
      await server?.kill()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/**
 * Starts a broker of the test's own, or uses the one of `deploy/test-compose.yaml` when LAUNCHTRACE_TEST_KAFKA_BROKERS
 * (comma-separated) says where it is. Others may use that one too: topics and groups need names of their own. Rejects with
 * what to install.
 */
export async function startKafka({ partitions = 1 }: KafkaOptions = {}): Promise<Kafka> {
  const running = findSetting('LAUNCHTRACE_TEST_KAFKA_BROKERS')
  return running === undefined ? startOwn(partitions) : useRunning(running.split(','))
}
