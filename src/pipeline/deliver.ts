import { setTimeout as sleep } from 'node:timers/promises'
import { LaunchTraceError } from '../core/errors.ts'
import type { Signal } from '../core/signal.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { Outlet } from './stage.ts'

export interface DeliverDeps {
  readonly outlet: Outlet
  readonly telemetry: Telemetry
  readonly stop: AbortSignal
}

const FIRST_WAIT_MS = 200
const LONGEST_WAIT_MS = 15_000

/** Twice as long after every failure, and never quite the same for two processes. */
function waitAfter(failures: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS) * (0.75 + Math.random() / 2)
}

/** Half of the signals at a time, so that one that will never be accepted takes no other with it. */
async function writeHalves(signals: readonly Signal[], deps: DeliverDeps): Promise<void> {
  const middle = Math.ceil(signals.length / 2)
  await writeUntilDurable(signals.slice(0, middle), deps, true)
  await writeUntilDurable(signals.slice(middle), deps, true)
}

function refuse(error: LaunchTraceError, { outlet, telemetry }: DeliverDeps): void {
  telemetry.count('launchtrace_outlet_dropped_total', { outlet: outlet.name, reason: error.code })
  telemetry.error('A signal was refused and is lost.', { outlet: outlet.name, error: error.message })
}

async function tryAgainLater(error: LaunchTraceError, failures: number, deps: DeliverDeps): Promise<void> {
  const { outlet, telemetry, stop } = deps
  const waitMs = waitAfter(failures)
  telemetry.count('launchtrace_outlet_retries_total', { outlet: outlet.name })
  telemetry.warn('Signals could not be written; they are kept and tried again.', {
    outlet: outlet.name,
    error: error.message,
    tried: failures + 1,
    next_try_ms: Math.round(waitMs),
  })
  await sleep(waitMs, undefined, { signal: stop })
}

/**
 * Resolves when every signal is durable, or refused for good (counted). Tries again for as long as it takes, and rejects
 * only when `stop` aborts before, or with an error that nobody foresaw: a restart replays and loses nothing.
 */
export async function writeUntilDurable(signals: readonly Signal[], deps: DeliverDeps, again = false): Promise<void> {
  const { outlet, telemetry, stop } = deps
  if (signals.length === 0) return
  if (!again) telemetry.count('launchtrace_outlet_received_total', { outlet: outlet.name }, signals.length)
  const started = performance.now()
  for (let failures = 0; ; failures += 1) {
    stop.throwIfAborted()
    try {
      await outlet.write(signals, stop)
      telemetry.count('launchtrace_outlet_forwarded_total', { outlet: outlet.name }, signals.length)
      telemetry.observe(
        'launchtrace_outlet_write_seconds',
        { outlet: outlet.name },
        (performance.now() - started) / 1e3,
      )
      return
    } catch (error) {
      if (stop.aborted || !(error instanceof LaunchTraceError)) throw error
      if (error.retryable) await tryAgainLater(error, failures, deps)
      else {
        if (signals.length > 1) await writeHalves(signals, deps)
        else refuse(error, deps)
        return
      }
    }
  }
}
