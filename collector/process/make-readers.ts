import { catalogue } from '../../src/catalogue/catalogue.ts'
import { createDelivery } from '../../src/pipeline/delivery.ts'
import { createExtract } from '../../src/pipeline/extract.ts'
import { createIntake } from '../../src/pipeline/intake.ts'
import type { Outlet } from '../../src/pipeline/stage.ts'
import type { OwnTelemetry } from '../../src/telemetry/create-telemetry.ts'
import { createKafkaInlet } from '../../src/transport/kafka-inlet.ts'
import type { Config } from '../config/schema.ts'
import type { Role } from '../config/role.ts'
import { createHttpInlet } from './http-inlet.ts'
import { kafkaConnectionOf } from './make-outlet.ts'
import { makeSources } from './make-sources.ts'
import type { Reader } from './readers.ts'

export interface ReadersDeps {
  readonly telemetry: OwnTelemetry
  readonly role: Role
  readonly stdin: () => AsyncIterable<unknown>
  /** Where facts become durable. */
  readonly outlet: Outlet
  /** Aborts when what is under way is given up. */
  readonly abandon: AbortSignal
}

/** Everything that brings facts into a collector: inlets of agents, and sources of its own. */
export function makeReaders(config: Config, deps: ReadersDeps): readonly Reader[] {
  const { telemetry, outlet, abandon, role, stdin } = deps
  const { kafka, http } = config.input
  const { signalsInFlight } = config.limits
  const deliver = createDelivery({ outlet, telemetry, stop: abandon, signalsInFlight })
  const readers: Reader[] = []
  if (kafka !== undefined) {
    const { topic, group } = kafka
    const inlet = createKafkaInlet({ ...kafkaConnectionOf(kafka), topic, group }, telemetry)
    readers.push({ name: inlet.name, run: stop => inlet.run(deliver, stop), status: () => inlet.status() })
  }
  if (http !== undefined) readers.push(createHttpInlet(http, { accept: deliver, telemetry }))
  const intake = createIntake({ extract: createExtract(catalogue), deliver, telemetry })
  for (const source of makeSources(config, { telemetry, role, stdin })) {
    readers.push({ name: source.name, run: stop => source.run(intake, stop), status: () => source.status() })
  }
  return readers
}
