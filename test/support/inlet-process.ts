import { createTelemetry } from '../../src/telemetry/create-telemetry.ts'
import { createKafkaInlet } from '../../src/transport/kafka-inlet.ts'

/* A collector that makes signals durable (it says so on stdout) and never gets to commit them: somebody kills it. */
const [broker = '', topic = '', group = ''] = process.argv.slice(2)
const telemetry = createTelemetry(() => undefined)
const inlet = createKafkaInlet({ brokers: [broker], topic, group, sessionMs: 6000 }, telemetry)

await inlet.run(signals => {
  process.stdout.write(`accepted ${signals.length}\n`)
  return new Promise(() => undefined)
}, new AbortController().signal)
