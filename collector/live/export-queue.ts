import { setTimeout as sleep } from 'node:timers/promises'
import { LaunchTraceError } from '../../src/core/errors.ts'
import { hash128 } from '../../src/core/hash.ts'
import type { Launch } from '../../src/core/launch.ts'
import { plusSeconds } from '../../src/core/time.ts'
import type { TraceExporter } from '../../src/export/otlp-traces.ts'
import type { LaunchName, LiveStore } from '../../src/store/live-store.ts'
import type { Telemetry } from '../../src/telemetry/telemetry.ts'

export interface ExportQueueDeps {
  readonly store: LiveStore
  readonly exporter: TraceExporter
  readonly telemetry: Telemetry
  /** As the rebuilder's: collectors of one store share the launches among themselves. */
  readonly collector: string
  /** How long a finished launch must not have changed before it is sent: facts of other hosts may come late. */
  readonly settleMs: number
  /** A clock that only goes forward, in milliseconds. */
  readonly nowMs?: () => number
}

/** Launches that wait, by name only: a few megabytes. Those beyond it are found in the store later. */
const MOST_WAITING = 50_000
const AT_ONCE = 50
const PACE_MS = 250
/** How often the store is asked for launches that were missed: by a crash, or beyond `MOST_WAITING`. */
const LOOK_MS = 60_000
/** Launches older than this are not sent by themselves when exporting is switched on. Seconds. */
const LOOK_BACK_SECONDS = 86_400
/** How long another collector has for a launch that is its own. */
const OTHERS_TURN_MS = 10_000
/** A collector that said nothing for longer does not share. Seconds. */
const ALIVE_SECONDS = 15
const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 30_000

interface Waiting {
  readonly launch: LaunchName
  readonly dueAtMs: number
}

function keyOf({ traceId, instanceId = '' }: LaunchName): string {
  return `${traceId} ${instanceId}`
}

/**
 * Sends finished launches once each. What was sent is noted in the store after the back end took it: a crash between the two
 * sends a launch again, with the same ids.
 */
export class ExportQueue {
  readonly #deps: ExportQueueDeps
  readonly #nowMs: () => number
  readonly #waiting = new Map<string, Waiting>()
  #alive: readonly string[]
  #lookAtMs = 0

  constructor(deps: ExportQueueDeps) {
    this.#deps = deps
    this.#nowMs = deps.nowMs ?? ((): number => performance.now())
    this.#alive = [deps.collector]
  }

  /** Takes note of launches that were stored anew. */
  saw(launches: readonly Launch[]): void {
    const dueAtMs = this.#nowMs() + this.#deps.settleMs
    for (const { traceId, instanceId, outcome } of launches) {
      const key = keyOf({ traceId, instanceId })
      if (outcome === 'in_progress') this.#waiting.delete(key)
      else this.#wait({ traceId, instanceId }, dueAtMs)
    }
  }

  /** Works until `stop` aborts. A back end that is away is tried again for as long as it takes. */
  async run(stop: AbortSignal): Promise<void> {
    let failures = 0
    while (!stop.aborted) {
      let waitMs = PACE_MS
      try {
        await this.#lookForMissed()
        await this.#sendDue(stop)
        failures = 0
      } catch (error) {
        waitMs = this.#failed(error, failures)
        failures += 1
      }
      this.#deps.telemetry.set('launchtrace_export_waiting', {}, this.#waiting.size)
      await sleep(waitMs, undefined, { signal: stop }).catch(() => undefined)
    }
  }

  #wait(launch: LaunchName, dueAtMs: number): void {
    const key = keyOf(launch)
    if (this.#waiting.size < MOST_WAITING || this.#waiting.has(key)) this.#waiting.set(key, { launch, dueAtMs })
  }

  async #lookForMissed(): Promise<void> {
    const now = this.#nowMs()
    if (now < this.#lookAtMs) return
    const { store, collector, settleMs } = this.#deps
    const at = await store.now()
    const progress = await store.readProgress()
    const alive = progress.filter(({ seenAt }) => plusSeconds(seenAt, ALIVE_SECONDS) > at)
    this.#alive = [...new Set([collector, ...alive.map(each => each.collector)])]
    for await (const launches of store.unexported(plusSeconds(at, -LOOK_BACK_SECONDS))) {
      for (const launch of launches) if (!this.#waiting.has(keyOf(launch))) this.#wait(launch, now + settleMs)
    }
    this.#lookAtMs = now + LOOK_MS
  }

  async #sendDue(stop: AbortSignal): Promise<void> {
    const now = this.#nowMs()
    const due = [...this.#waiting.values()].filter(({ dueAtMs }) => dueAtMs <= now).slice(0, AT_ONCE)
    if (due.length === 0) return
    const launches = due.map(({ launch }) => launch)
    const left = new Set((await this.#deps.store.withoutExported(launches)).map(keyOf))
    for (const launch of launches) {
      if (stop.aborted) return
      if (!left.has(keyOf(launch))) this.#waiting.delete(keyOf(launch))
      else if (this.#isMine(launch)) await this.#send(launch)
      else this.#wait(launch, now + OTHERS_TURN_MS)
    }
  }

  /** Of the collectors that live, the one that hashes highest with the launch: all of them agree without a word. */
  #isMine({ traceId }: LaunchName): boolean {
    const weight = (collector: string): string => hash128(`${collector} ${traceId}`)
    const mine = weight(this.#deps.collector)
    return this.#alive.every(collector => weight(collector) <= mine)
  }

  async #send(name: LaunchName): Promise<void> {
    const { store, exporter, telemetry } = this.#deps
    const found = await store.findLaunches(name.instanceId ?? name.traceId)
    const launch = found.find(each => each.traceId === name.traceId && each.instanceId === name.instanceId)
    // A launch whose request was corrected since is another one now.
    if (launch !== undefined && launch.outcome !== 'in_progress') {
      const send = (): Promise<void> => exporter.send(launch)
      await telemetry.trace('export.send', { spans: launch.spans.length }, send).catch((error: unknown) => {
        if (!(error instanceof LaunchTraceError) || error.retryable) throw error
        telemetry.error('The back end refused a launch; it stays in the store.', { error: error.message })
      })
      await store.noteExported([name])
    }
    this.#waiting.delete(keyOf(name))
  }

  #failed(error: unknown, failures: number): number {
    const waitMs = Math.min(FIRST_RETRY_MS * 2 ** failures, LONGEST_RETRY_MS)
    this.#deps.telemetry.warn('Finished launches could not be sent; they are tried again.', {
      error: error instanceof Error ? error.message : String(error),
      waiting: this.#waiting.size,
      next_try_ms: waitMs,
    })
    return waitMs
  }
}
