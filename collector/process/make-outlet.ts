import type { Outlet } from '../../src/pipeline/stage.ts'
import { createHttpOutlet } from '../../src/transport/http-outlet.ts'
import type { KafkaConnection } from '../../src/transport/kafka-client.ts'
import { createKafkaOutlet } from '../../src/transport/kafka-outlet.ts'
import type { Config, KafkaOutputConfig } from '../config/schema.ts'
import { readClientTls } from './tls-files.ts'

type KafkaSettings = Pick<KafkaOutputConfig, 'brokers' | 'tls' | 'sasl'>

/** A connection to Kafka as the configuration has it, with its secrets. */
export function kafkaConnectionOf({ brokers, tls, sasl }: KafkaSettings): KafkaConnection {
  return {
    brokers,
    ...(tls === undefined ? {} : { tls: readClientTls(tls) }),
    ...(sasl === undefined ? {} : { sasl: { ...sasl, password: sasl.password.reveal() } }),
  }
}

/** Where an agent sends what it found: exactly one, as `checkRole` has seen to. */
export function makeOutlet({ output: { kafka, http } }: Config): Outlet {
  if (kafka !== undefined) return createKafkaOutlet({ ...kafkaConnectionOf(kafka), topic: kafka.topic })
  const { url = '', token, tls } = http ?? {}
  return createHttpOutlet({
    url,
    ...(token === undefined ? {} : { token: token.reveal() }),
    ...(tls === undefined ? {} : { tls: readClientTls(tls) }),
  })
}
