import { z } from 'zod'
import { kafkaConnection, topic } from './kafka-connection.ts'
import { secret } from './secret-field.ts'
import { checkTlsIsUsed, clientTls } from './tls.ts'
import { url } from './url.ts'

/** The topic that joins agents and collectors unless told otherwise. */
export const SIGNALS_TOPIC = 'launchtrace.signals'

const kafka = z
  .strictObject({
    ...kafkaConnection,
    topic: topic().default(SIGNALS_TOPIC).describe('Topic to write to; the one that collectors read.'),
  })
  .describe('Sends to Kafka, where any number of collectors read.')

const http = z
  .strictObject({
    url: url({
      schemes: ['http', 'https'],
      example: 'https://collector.example:8081',
      loginBelongsIn: 'token',
    }).describe('The `input.http` of a collector.'),
    token: secret().exactOptional().describe('The `input.http.token` of the collector.'),
    tls: clientTls.exactOptional(),
  })
  .superRefine(checkTlsIsUsed)
  .describe('Sends to one collector, for clouds without Kafka.')

/** Where an agent sends what it found. */
export const output = z
  .strictObject({ kafka: kafka.exactOptional(), http: http.exactOptional() })
  .describe('Where an agent sends signals: exactly one of `kafka` and `http`. Only an `agent` has it.')
