import { z } from 'zod'
import { listenAddress } from './address.ts'
import { kafkaConnection, topic } from './kafka-connection.ts'
import { checkTokenIsThere, TOKEN_ADVICE } from './listener.ts'
import { rabbitmqSource } from './rabbitmq.ts'
import { refuse } from './refuse.ts'
import { secret } from './secret-field.ts'
import { name, path, someOf, timeZone } from './text.ts'
import { listenerTls } from './tls.ts'

/** oslo.messaging sends every notification to the topic TOPIC.PRIORITY (oslo_messaging: notify/messaging.py, notifier.py). */
const PRIORITIES = ['audit', 'critical', 'debug', 'error', 'info', 'sample', 'warn']
const NOTIFICATION_TOPICS = ['notifications', 'versioned_notifications'].flatMap(base =>
  PRIORITIES.map(priority => `${base}.${priority}`),
)

const fallbackHost = name().exactOptional().describe('Host of lines whose path and text name none. Default: `host`.')

const files = z
  .strictObject({
    paths: someOf(path()).describe(
      'Glob patterns of log files, for example `/var/log/nova/*.log`. New files that match are found while running. Quote them: YAML reads a bare `*` as something else.',
    ),
    exclude: z
      .array(path())
      .default(['**/*.gz', '**/*.bz2', '**/*.xz', '**/*.zst'])
      .describe('Glob patterns of files to leave alone, such as compressed rotations.'),
    host: fallbackHost,
    timezone: timeZone()
      .exactOptional()
      .describe('Zone of local times in these files. Default: `timezone`. A wrong one moves everything by hours.'),
    start: z
      .enum(['beginning', 'end'])
      .default('beginning')
      .describe(
        'Where to begin in files that are there at the very first start. `end` leaves out what they hold already; later starts continue where the last one ended.',
      ),
  })
  .describe('A set of log files.')

const journald = z
  .strictObject({
    units: z
      .array(name())
      .default([])
      .describe('systemd units to read, for example `devstack@n-cpu.service`. None means all.'),
    directory: path().exactOptional().describe('Directory of the journal. Default: the one of this machine.'),
    namespace: name().exactOptional().describe('Journal namespace. Default: the default one.'),
    host: fallbackHost,
  })
  .describe('Reads the systemd journal of this machine. Absent: does not.')

const kafka = z
  .strictObject({
    name: name().default('default').describe('Tells several clusters apart in metrics and `status`; unique.'),
    ...kafkaConnection,
    topics: someOf(topic())
      .default(NOTIFICATION_TOPICS)
      .describe('Topics that oslo.messaging writes notifications to. Those that do not exist are waited for.'),
    group: name()
      .default('launchtrace-notifications')
      .describe('Consumer group; one of its own, or messages are shared with another consumer and half are missing.'),
  })
  .describe('A Kafka cluster that OpenStack services send notifications to.')

const otlp = z
  .strictObject({
    listen: listenAddress().prefault('127.0.0.1:4318').describe('Where `POST /v1/logs` is answered.'),
    token: secret().exactOptional().describe(TOKEN_ADVICE),
    tls: listenerTls.exactOptional(),
  })
  .superRefine(checkTokenIsThere)
  .describe(
    'Takes logs as OTLP over HTTP from an OpenTelemetry Collector, Fluent Bit or Vector. Absent: does not listen.',
  )

const stdin = z
  .strictObject({
    service: name().exactOptional().describe('Service of lines that name none, for example `nova-compute`.'),
    host: fallbackHost,
  })
  .describe('Reads log lines from standard input. Absent: does not; `{}` switches it on.')

interface Named {
  readonly name: string
}

function checkNames(kind: 'rabbitmq' | 'kafka', named: readonly Named[], context: z.RefinementCtx): void {
  for (const [index, { name: own }] of named.entries()) {
    const first = named.findIndex(other => other.name === own)
    if (first === index) continue
    const message = `${kind}[${String(first)}] and ${kind}[${String(index)}] have the same name ${JSON.stringify(own)}.`
    refuse(context, { message, advice: 'Give each a name of its own.', path: [kind, index, 'name'] })
  }
}

/** Where facts come from. */
export const sources = z
  .strictObject({
    files: z.array(files).max(1000).default([]).describe('Log files, in sets.'),
    journald: journald.exactOptional(),
    rabbitmq: z
      .array(rabbitmqSource)
      .max(100)
      .prefault([])
      .describe('Notifications from RabbitMQ, one item for each broker, as clouds with cells have several.'),
    kafka: z.array(kafka).max(100).prefault([]).describe('Notifications from Kafka, one item for each cluster.'),
    otlp: otlp.exactOptional(),
    stdin: stdin.exactOptional(),
  })
  .superRefine((value, context) => {
    checkNames('rabbitmq', value.rabbitmq, context)
    checkNames('kafka', value.kafka, context)
  })
  .describe('Where logs and notifications come from. `up` and `agent` need at least one.')
