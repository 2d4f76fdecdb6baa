import { setTimeout as sleep } from 'node:timers/promises'
import { LaunchTraceError } from '../core/errors.ts'
import type { Signal } from '../core/signal.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { OutletUnavailableError } from './outlet-errors.ts'
import type { Outlet } from './stage.ts'

export interface DeliverDeps {
  readonly outlet: Outlet
  readonly telemetry: Telemetry
  readonly stop: AbortSignal
}

const FIRST_WAIT_MS = 200
const LONGEST_WAIT_MS = 15_000
/** The other side may ask for more patience, but not for more than this. */
const MOST_ASKED_MS = 60_000

/** Twice as long after every failure, and never quite the same for two processes; longer if the other side asks for it. */
function waitAfter(failures: number, error: LaunchTraceError): number {
  const asked = error instanceof OutletUnavailableError ? (error.retryAfterMs ?? 0) : 0
  const own = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS) * (0.75 + Math.random() / 2)
  return Math.max(own, Math.min(asked, MOST_ASKED_MS))
}

async function tryAgainLater(error: LaunchTraceError, failures: number, deps: DeliverDeps): Promise<void> {
  const { outlet, telemetry, stop } = deps
  const waitMs = waitAfter(failures, error)
  telemetry.count('launchtrace_outlet_retries_total', { outlet: outlet.name })
  telemetry.warn('Signals could not be written; they are kept and tried again.', {
    outlet: outlet.name,
    error: error.message,
    tried: failures + 1,
    next_try_ms: Math.round(waitMs),
  })
  await sleep(waitMs, undefined, { signal: stop })
}

/** One try; the error of the outlet when it failed. */
async function tryOnce(
  signals: readonly Signal[],
  { outlet, stop }: DeliverDeps,
): Promise<LaunchTraceError | undefined> {
  try {
    await outlet.write(signals, stop)
    return undefined
  } catch (error) {
    if (stop.aborted || !(error instanceof LaunchTraceError)) throw error
    return error
  }
}

/** Half of the signals at a time, so that one that will never be accepted takes no other with it. */
async function narrowDown(signals: readonly Signal[], error: LaunchTraceError, deps: DeliverDeps): Promise<void> {
  const { outlet, telemetry } = deps
  if (signals.length > 1) {
    const middle = Math.ceil(signals.length / 2)
    await writeAll(signals.slice(0, middle), deps)
    await writeAll(signals.slice(middle), deps)
    return
  }
  telemetry.count('launchtrace_outlet_dropped_total', { outlet: outlet.name, reason: error.code })
  telemetry.error('A signal was refused and is lost.', { outlet: outlet.name, error: error.message })
}

async function writeAll(signals: readonly Signal[], deps: DeliverDeps): Promise<void> {
  const { outlet, telemetry, stop } = deps
  for (let failures = 0; ; failures += 1) {
    stop.throwIfAborted()
    const error = await tryOnce(signals, deps)
    if (error === undefined) {
      telemetry.count('launchtrace_outlet_forwarded_total', { outlet: outlet.name }, signals.length)
      return
    }
    if (!error.retryable) {
      await narrowDown(signals, error, deps)
      return
    }
    await tryAgainLater(error, failures, deps)
  }
}

/**
 * Resolves when every signal is durable, or refused for good (counted). Tries again for as long as it takes, and rejects
 * only when `stop` aborts before, or with an error that nobody foresaw: a restart replays and loses nothing.
 */
export async function writeUntilDurable(signals: readonly Signal[], deps: DeliverDeps): Promise<void> {
  if (signals.length === 0) return
  const { outlet, telemetry } = deps
  telemetry.count('launchtrace_outlet_received_total', { outlet: outlet.name }, signals.length)
  const started = performance.now()
  const fields = { outlet: outlet.name, signals: signals.length }
  await telemetry.trace('outlet.write', fields, () => writeAll(signals, deps))
  telemetry.observe('launchtrace_outlet_write_seconds', { outlet: outlet.name }, (performance.now() - started) / 1e3)
}
