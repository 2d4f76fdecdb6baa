import { Kafka, logLevel } from 'kafkajs'
import type { logCreator, SASLOptions } from 'kafkajs'
import type { ClientTls } from './client-tls.ts'
import { toNodeTls } from './client-tls.ts'

/** How to reach a Kafka cluster. */
export interface KafkaConnection {
  /** `host:port` of a few brokers; they tell of the others. */
  readonly brokers: readonly string[]
  /** Presence switches TLS on. */
  readonly tls?: ClientTls
  readonly sasl?: KafkaSasl
}

export interface KafkaSasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
  readonly username: string
  readonly password: string
}

/** Where signals go unless told otherwise. */
export const DEFAULT_TOPIC = 'launchtrace.signals'

const CONNECT_TIMEOUT_MS = 5000
const REQUEST_TIMEOUT_MS = 30_000

function saslOf({ mechanism, username, password }: KafkaSasl): SASLOptions {
  switch (mechanism) {
    case 'plain':
      return { mechanism, username, password }
    case 'scram-sha-256':
      return { mechanism, username, password }
    case 'scram-sha-512':
      return { mechanism, username, password }
  }
}

/**
 * A client of the cluster. The library tries a request three times within two seconds, so that a change of leaders passes
 * unseen; whatever lasts longer is tried again by the callers, who say so. `log` gets what the library says at ERROR.
 */
export function createKafkaClient(
  { brokers, tls, sasl }: KafkaConnection,
  log: logCreator = () => () => undefined,
): Kafka {
  return new Kafka({
    clientId: 'launchtrace',
    brokers: [...brokers],
    ...(tls === undefined ? {} : { ssl: toNodeTls(tls) }),
    ...(sasl === undefined ? {} : { sasl: saslOf(sasl) }),
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: { initialRetryTime: 200, maxRetryTime: 1000, retries: 3 },
    logLevel: logLevel.ERROR,
    logCreator: log,
  })
}

/** The protocol's own name of what went wrong, for example `UNKNOWN_TOPIC_OR_PARTITION`; empty when it has none. */
export function kafkaErrorType(error: unknown): string {
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth += 1) {
    if ('type' in each && typeof each.type === 'string') return each.type
  }
  return ''
}

/** What the library or the broker says of a failure, in one sentence for people. */
export function explainKafka(
  error: unknown,
  { brokers, topic }: { brokers: readonly string[]; topic: string },
): string {
  const type = kafkaErrorType(error)
  if (type === 'UNKNOWN_TOPIC_OR_PARTITION')
    return `the topic ${topic} does not exist; create it, with as many partitions as collectors may ever share the work.`
  if (type === 'TOPIC_AUTHORIZATION_FAILED') return `this user has no rights on the topic ${topic}; grant them.`
  if (type === 'GROUP_AUTHORIZATION_FAILED') return 'this user has no rights on the consumer group; grant READ on it.'
  if (error instanceof Error && error.name === 'KafkaJSSASLAuthenticationError')
    return 'the brokers refuse the user name or the password; check both, and the mechanism.'
  const said = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '')
  if (said === 'Closed connection')
    return `${brokers.join(', ')} hung up; check whether the brokers ask for TLS, a login, or a client certificate.`
  return `${brokers.join(', ')} said: ${said}.`
}
