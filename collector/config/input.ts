import { z } from 'zod'
import { listenAddress } from './address.ts'
import { kafkaConnection, topic } from './kafka-connection.ts'
import { checkTokenIsThere, TOKEN_ADVICE } from './listener.ts'
import { SIGNALS_TOPIC } from './output.ts'
import { secret } from './secret-field.ts'
import { name } from './text.ts'
import { listenerTls } from './tls.ts'

const kafka = z
  .strictObject({
    ...kafkaConnection,
    topic: topic().default(SIGNALS_TOPIC).describe('Topic to read; the one that agents write to.'),
    group: name()
      .default('launchtrace')
      .describe('Consumer group. Collectors of one store share it and divide the partitions among them.'),
  })
  .describe('Reads what agents sent to Kafka.')

const http = z
  .strictObject({
    listen: listenAddress().prefault('127.0.0.1:8081').describe('Where agents connect.'),
    token: secret().exactOptional().describe(TOKEN_ADVICE),
    tls: listenerTls.exactOptional(),
  })
  .superRefine(checkTokenIsThere)
  .describe('Takes what agents send over HTTP. Absent: does not listen.')

/** Where a collector takes what agents found. */
export const input = z
  .strictObject({ kafka: kafka.exactOptional(), http: http.exactOptional() })
  .describe('Where signals of agents come from: `kafka`, `http` or both. A `collector` needs one; an `agent` has none.')
