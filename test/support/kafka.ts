import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka as Client, logLevel } from 'kafkajs'
import type { Certificates } from './certificates.ts'
import { makeCertificates } from './certificates.ts'
import { composeService } from './compose.ts'
import type { ServerProcess } from './server-process.ts'
import { findFreePorts, findSetting, runCommand, startServer, untilReady } from './server-process.ts'

/** A real Kafka broker in KRaft mode, alone. Its data outlives `stop` and `kill`; topics are made when first used. */
export interface Kafka {
  readonly brokers: readonly string[]
  /** Only of a broker that was started with `secure`. */
  readonly secure?: SecureListener
  /** Shuts it down in order. */
  stop(): Promise<void>
  /** Ends it in the middle of whatever it does. */
  kill(): Promise<void>
  /** Starts it again on the same address and data. */
  start(): Promise<void>
  /** Ends it and deletes its data. */
  remove(): Promise<void>
}

/** A listener that takes TLS and a user's password only, by PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512. */
export interface SecureListener {
  readonly brokers: readonly string[]
  readonly certificates: Certificates
  readonly username: string
  readonly password: string
}

export interface KafkaOptions {
  /** Opens a second listener, with TLS and passwords; such a broker is always the test's own. */
  readonly secure?: boolean
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
  readonly secure: number
}

interface Place {
  readonly directory: string
  readonly ports: Ports
  readonly partitions: number
  readonly certificates: Certificates | undefined
}

const USER = { username: 'launchtrace', password: 'secret' } as const
const SCRAM = ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const

/** The key and the certificates that vouch for it in one file, as Kafka wants them. */
function writeKeyStore(directory: string, { server, ca }: Certificates): string {
  const path = join(directory, 'server-and-key.pem')
  writeFileSync(path, [server.key, server.cert, ca].map(file => readFileSync(file, 'utf8')).join(''))
  return path
}

function describeSecurity(directory: string, certificates: Certificates): Readonly<Record<string, string>> {
  const of = (name: string): string => `listener.name.secure.${name}`
  const modules = 'org.apache.kafka.common.security'
  const plain = `${modules}.plain.PlainLoginModule required user_${USER.username}="${USER.password}";`
  return {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': writeKeyStore(directory, certificates),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': certificates.ca,
    [of('sasl.enabled.mechanisms')]: ['PLAIN', ...SCRAM].join(','),
    [of('plain.sasl.jaas.config')]: plain,
    ...Object.fromEntries(
      SCRAM.map(name => [of(`${name.toLowerCase()}.sasl.jaas.config`), `${modules}.scram.ScramLoginModule required;`]),
    ),
  }
}

function describeBroker({ directory, ports, partitions, certificates }: Place): string {
  const secure = certificates === undefined ? '' : `,SECURE://127.0.0.1:${ports.secure}`
  const client = `CLIENT://127.0.0.1:${ports.client}${secure}`
  const settings = {
    ...(certificates === undefined ? {} : describeSecurity(directory, certificates)),
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${ports.controller}`,
    listeners: `${client},CONTROLLER://127.0.0.1:${ports.controller}`,
    'advertised.listeners': client,
    'listener.security.protocol.map': 'CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL',
    'inter.broker.listener.name': 'CLIENT',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': join(directory, 'data'),
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

async function preparePlace(partitions: number, secure: boolean): Promise<Place> {
  const directory = mkdtempSync(join(tmpdir(), 'launchtrace-kafka-'))
  const [client = 0, controller = 0, securePort = 0] = await findFreePorts(3)
  const certificates = secure ? await makeCertificates(join(directory, 'tls')) : undefined
  const place = { directory, ports: { client, controller, secure: securePort }, partitions, certificates }
  writeFileSync(join(directory, 'server.properties'), describeBroker(place))
  return place
}

async function format(settings: string): Promise<void> {
  const users = SCRAM.flatMap(name => ['--add-scram', `${name}=[name=${USER.username},password=${USER.password}]`])
  const cluster = randomBytes(16).toString('base64url')
  const words = ['format', '--cluster-id', cluster, '--config', settings, ...users]
  await runCommand(runJava('kafka.tools.StorageTool', words), HINT)
}

async function startOwn(partitions: number, secure: boolean): Promise<Kafka> {
  const { directory, ports, certificates } = await preparePlace(partitions, secure)
  const settings = join(directory, 'server.properties')
  const brokers = [`127.0.0.1:${ports.client}`]
  await format(settings)
  let server: ServerProcess | undefined
  const start = async (): Promise<void> => {
    server = await startServer(runJava('kafka.Kafka', [settings]), HINT)
    await untilReady(server, () => answers(brokers))
  }
  await start()
  return {
    brokers,
    ...(certificates === undefined
      ? {}
      : { secure: { brokers: [`127.0.0.1:${ports.secure}`], certificates, ...USER } }),
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
export async function startKafka({ partitions = 1, secure = false }: KafkaOptions = {}): Promise<Kafka> {
  const running = findSetting('LAUNCHTRACE_TEST_KAFKA_BROKERS')
  return running === undefined || secure ? startOwn(partitions, secure) : useRunning(running.split(','))
}
