import { setTimeout as sleep } from 'node:timers/promises'
import type { Signal } from '../core/signal.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { createCoalescing } from './coalesce.ts'
import { writeUntilDurable } from './deliver.ts'
import type { Outlet } from './stage.ts'

export interface DeliveryDeps {
  readonly outlet: Outlet
  readonly telemetry: Telemetry
  /** Once it aborts, what is not durable yet rejects. */
  readonly stop: AbortSignal
  /** Bound on the signals that wait or are under way; whoever brings more waits. About a kilobyte each. */
  readonly signalsInFlight: number
}

/** Resolves when the signals are durable, or refused for good (counted); rejects when the process stops before. */
export type Deliver = (signals: readonly Signal[]) => Promise<void>

/** How long a first signal waits for company before it is written. Milliseconds. */
const LINGER_MS = 50
/** Writes begin this far apart: every one makes a part on ClickHouse's disk, which likes few of them. Milliseconds. */
const SPACING_MS = 250
/** A part of so many rows is worth making at once: whoever reads a long log must not wait for the time to pass. */
const ENOUGH = 1000

/** Gathers the signals of a whole process, whoever brings them, into few writes. */
export function createDelivery({ outlet, telemetry, stop, signalsInFlight }: DeliveryDeps): Deliver {
  let lastMs = -SPACING_MS
  const linger = async (): Promise<void> => {
    const waitMs = Math.max(LINGER_MS, lastMs + SPACING_MS - performance.now())
    await sleep(waitMs, undefined, { signal: stop }).catch(() => undefined)
    lastMs = performance.now()
  }
  const coalescing = createCoalescing<Signal>({
    most: signalsInFlight,
    linger,
    enough: ENOUGH,
    write: signals => writeUntilDurable(signals, { outlet, telemetry, stop }),
    stop,
  })
  return signals => (signals.length === 0 ? Promise.resolve() : coalescing.add(signals))
}
