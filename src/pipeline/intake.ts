import { setTimeout as sleep } from 'node:timers/promises'
import type { Signal } from '../core/signal.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { Extract, Fates } from './extract.ts'
import type { Intake, Outlet, Reading } from './stage.ts'
import { createCoalescing } from './coalesce.ts'
import { writeUntilDurable } from './deliver.ts'

export interface IntakeDeps {
  readonly extract: Extract
  readonly outlet: Outlet
  readonly telemetry: Telemetry
  /** Once it aborts, writes that are not durable yet reject. */
  readonly stop: AbortSignal
  /** Bound on the signals that wait or are under way; sources wait beyond it. About a kilobyte each. */
  readonly signalsInFlight: number
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

/** How long a first signal waits for company before it is written. Milliseconds. */
const LINGER_MS = 50

/**
 * Makes facts of what sources read and hands them to the outlet, many sources' together, until they are durable.
 * Holds at most `signalsInFlight` signals and one reading of each source.
 */
export function createIntake(deps: IntakeDeps): Intake {
  const { extract, outlet, telemetry, stop } = deps
  const coalescing = createCoalescing<Signal>({
    most: deps.signalsInFlight,
    linger: () => sleep(LINGER_MS, undefined, { signal: stop }).catch(() => undefined),
    write: signals => writeUntilDurable(signals, { outlet, telemetry, stop }),
    stop,
  })
  return {
    async write(reading: Reading) {
      const { signals, records, deliveries } = extract(reading)
      countFates(telemetry, { service: reading.service, kind: 'record' }, records)
      countFates(telemetry, { service: reading.service, kind: 'notification' }, deliveries)
      if (signals.length === 0) return
      const fields = { service: reading.service, signals: signals.length }
      await telemetry.trace('source.write', fields, () => coalescing.add(signals))
    },
  }
}
