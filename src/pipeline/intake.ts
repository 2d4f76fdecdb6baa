import type { Telemetry } from '../telemetry/telemetry.ts'
import type { Deliver } from './delivery.ts'
import type { Extract, Fates } from './extract.ts'
import type { Intake, Reading } from './stage.ts'

export interface IntakeDeps {
  readonly extract: Extract
  readonly deliver: Deliver
  readonly telemetry: Telemetry
}

function countFates(telemetry: Telemetry, labels: { service: string; kind: string }, fates: Fates): void {
  const { recognised, unknown, undecodable } = fates
  const received = recognised + unknown + undecodable
  if (received === 0) return
  telemetry.count('launchtrace_extract_received_total', labels, received)
  if (recognised > 0) telemetry.count('launchtrace_extract_forwarded_total', labels, recognised)
  if (unknown > 0) telemetry.count('launchtrace_extract_dropped_total', { ...labels, reason: 'unknown' }, unknown)
  if (undecodable > 0)
    telemetry.count('launchtrace_extract_dropped_total', { ...labels, reason: 'undecodable' }, undecodable)
}

/** Makes facts of what sources read, and hands them on until they are durable. Holds one reading of each write. */
export function createIntake({ extract, deliver, telemetry }: IntakeDeps): Intake {
  return {
    async write(reading: Reading) {
      const { signals, records, deliveries } = extract(reading)
      countFates(telemetry, { service: reading.service, kind: 'record' }, records)
      countFates(telemetry, { service: reading.service, kind: 'notification' }, deliveries)
      if (signals.length === 0) return
      const fields = { service: reading.service, signals: signals.length }
      await telemetry.trace('source.write', fields, () => deliver(signals))
    },
  }
}
