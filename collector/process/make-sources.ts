import { homedir } from 'node:os'
import { join } from 'node:path'
import { catalogue } from '../../src/catalogue/catalogue.ts'
import type { Interest } from '../../src/parse/interest.ts'
import { createInterest } from '../../src/parse/recognise.ts'
import type { Source } from '../../src/pipeline/stage.ts'
import { createFileSource } from '../../src/sources/files/file-source.ts'
import { createJournaldSource } from '../../src/sources/journald/journald-source.ts'
import { createKafkaNotifications } from '../../src/sources/kafka-notifications.ts'
import { findBrokerAddress } from '../../src/sources/rabbitmq/broker-address.ts'
import { createRabbitmqSource } from '../../src/sources/rabbitmq/source.ts'
import { createStdinSource } from '../../src/sources/stdin.ts'
import type { Telemetry } from '../../src/telemetry/telemetry.ts'
import { toNodeTls } from '../../src/transport/client-tls.ts'
import { createKafkaClient, explainKafka } from '../../src/transport/kafka-client.ts'
import type {
  Config,
  JournaldConfig,
  KafkaSourceConfig,
  OtlpSourceConfig,
  RabbitmqConfig,
  StdinConfig,
} from '../config/schema.ts'
import type { Role } from '../config/role.ts'
import { createOtlpSource } from '../server/otlp-source.ts'
import { UsageError } from '../usage-error.ts'
import { kafkaConnectionOf } from './make-outlet.ts'
import { listenOptionsOf } from './own-server.ts'
import { dataDirectoryOf } from './make-store.ts'
import { readClientTls } from './tls-files.ts'

export interface SourcesDeps {
  readonly telemetry: Telemetry
  readonly role: Role
  /** What standard input brings, for whoever reads it. */
  readonly stdin: () => AsyncIterable<unknown>
}

/** Where the sources of a process remember how far they are. */
function stateDirectoryOf(config: Config, role: Role): string {
  if (config.state !== undefined) return config.state
  const data = role === 'agent' ? undefined : dataDirectoryOf(config)
  if (data !== undefined) return join(data, 'state')
  if (process.getuid?.() === 0) return '/var/lib/launchtrace'
  return join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'launchtrace')
}

function makeRabbitmq(config: RabbitmqConfig, telemetry: Telemetry): Source {
  const { name, url, user, password, queue, exchanges, topics, prefetch, tls } = config
  const address = findBrokerAddress(url)
  if (address === undefined)
    throw new UsageError(`sources.rabbitmq: ${JSON.stringify(url)} is no address of a broker; write amqp://HOST:5672/.`)
  const login = {
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password: password.reveal() }),
  }
  const options = { name, address: { ...address, ...login }, queue, exchanges, topics, prefetch }
  const trusted = tls === undefined ? {} : { tls: toNodeTls(readClientTls(tls)) }
  return createRabbitmqSource({ ...options, ...trusted }, { telemetry })
}

function makeKafka(config: KafkaSourceConfig, telemetry: Telemetry): Source {
  const { name, brokers, topics, group } = config
  const kafka = createKafkaClient(kafkaConnectionOf(config))
  const explain = (error: unknown): string => explainKafka(error, { brokers, topic: topics.join(', ') })
  return createKafkaNotifications({ name, topics, group }, { telemetry, kafka, explain })
}

interface Common extends SourcesDeps {
  readonly config: Config
  readonly stateDirectory: string
  readonly wanted: Interest
}

function makeFiles({ config, stateDirectory, telemetry, wanted }: Common): Source {
  const { host, timezone, limits, sources } = config
  return createFileSource({
    groups: sources.files,
    stateDirectory,
    host,
    timezone,
    maxLineBytes: limits.lineBytes,
    wanted,
    telemetry,
  })
}

function makeOtlp(config: OtlpSourceConfig, { config: { timezone }, telemetry, wanted }: Common): Source {
  return createOtlpSource({ listen: listenOptionsOf(config), wanted, timezone }, telemetry)
}

function makeJournald(
  { units, directory, namespace, host }: JournaldConfig,
  { config, stateDirectory, telemetry, wanted }: Common,
): Source {
  return createJournaldSource(
    {
      units,
      ...(directory === undefined ? {} : { directory }),
      ...(namespace === undefined ? {} : { namespace }),
      host: host ?? config.host,
      timezone: config.timezone,
      stateDirectory,
      maxMessageBytes: config.limits.lineBytes,
    },
    { wanted, telemetry },
  )
}

function makeStdin({ service, host }: StdinConfig, { config, telemetry, wanted, stdin }: Common): Source {
  return createStdinSource({
    stream: stdin(),
    service: service ?? '',
    host: host ?? config.host,
    timezone: config.timezone,
    maxLineBytes: config.limits.lineBytes,
    wanted,
    telemetry,
  })
}

/** Every source that a configuration names. */
export function makeSources(config: Config, deps: SourcesDeps): readonly Source[] {
  const { files, rabbitmq, journald, kafka, otlp, stdin } = config.sources
  const wanted = createInterest(catalogue)
  const common: Common = { ...deps, config, stateDirectory: stateDirectoryOf(config, deps.role), wanted }
  return [
    ...(files.length === 0 ? [] : [makeFiles(common)]),
    ...kafka.map(each => makeKafka(each, deps.telemetry)),
    ...(otlp === undefined ? [] : [makeOtlp(otlp, common)]),
    ...rabbitmq.map(each => makeRabbitmq(each, deps.telemetry)),
    ...(journald === undefined ? [] : [makeJournald(journald, common)]),
    ...(stdin === undefined ? [] : [makeStdin(stdin, common)]),
  ]
}
