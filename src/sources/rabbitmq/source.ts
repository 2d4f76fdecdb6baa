import { setTimeout as sleep } from 'node:timers/promises'
import type { Intake, Source, SourceStatus } from '../../pipeline/stage.ts'
import type { Bindings } from './bindings.ts'
import { explainRabbitmq, rabbitmqErrorCode } from './explain.ts'
import type { RabbitmqDeps, RabbitmqOptions, RabbitmqPlan } from './options.ts'
import { planRabbitmq } from './options.ts'
import type { SessionListener } from './session.ts'
import { runSession } from './session.ts'

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 15_000

/** Twice as long after every failure in a row, and never quite the same for two processes. */
function waitAfter(failures: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS) * (0.75 + Math.random() / 2)
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ')
}

class RabbitmqSource implements Source {
  readonly name: string
  readonly #plan: RabbitmqPlan
  readonly #deps: RabbitmqDeps
  #status: SourceStatus = { state: 'starting', detail: 'Not started.' }
  #lag: number | undefined
  #bindings: Bindings = { bound: [], missing: [], refused: [] }
  #place = ''
  #attempts = 0
  /** Failures since messages could last be taken. */
  #failures = 0
  #hasSaidQueueIsKept = false

  constructor(plan: RabbitmqPlan, deps: RabbitmqDeps) {
    this.name = plan.source
    this.#plan = plan
    this.#deps = deps
  }

  async run(intake: Intake, stop: AbortSignal): Promise<void> {
    const unforeseen = new AbortController()
    const ending = AbortSignal.any([stop, unforeseen.signal])
    const write = (deliveries: readonly string[]): Promise<void> =>
      intake.write({ service: this.name, records: [], deliveries })
    while (!ending.aborted) {
      const session = { write, fail: (reason: unknown) => unforeseen.abort(reason), stop: ending }
      await runSession({ ...session, plan: this.#plan, host: this.#nextHost(), listener: this.#listener() })
      await sleep(waitAfter(this.#failures), undefined, { signal: ending }).catch(() => undefined)
    }
    this.#status = { state: 'stopped', detail: 'Stopped; what was not acknowledged stays in the queue.' }
    // A write that is rejected while nobody asked to stop: going on would take the same messages again and again.
    if (!stop.aborted) unforeseen.signal.throwIfAborted()
  }

  status(): SourceStatus {
    return this.#lag === undefined ? this.#status : { ...this.#status, lag: this.#lag, lagUnit: 'messages' }
  }

  #nextHost(): { readonly host: string; readonly port: number } {
    const { hosts } = this.#plan.address
    const next = hosts[this.#attempts++ % hosts.length] ?? { host: 'localhost', port: 5672 }
    this.#place = `${next.host}:${next.port}`
    return next
  }

  #listener(): SessionListener {
    const { telemetry } = this.#deps
    return {
      received: isReadable => {
        telemetry.count('launchtrace_source_messages_total', { source: this.name })
        if (!isReadable)
          telemetry.count('launchtrace_source_messages_dropped_total', { source: this.name, reason: 'unreadable' })
      },
      prepared: state => {
        if (state === 'as it is') this.#sayQueueIsKept()
      },
      consuming: () => {
        this.#failures = 0
        this.#showReading()
        telemetry.info('Reading notifications from RabbitMQ.', { source: this.name, broker: this.#place })
      },
      bound: bindings => {
        this.#sayBindings(bindings)
      },
      lag: messages => {
        this.#lag = messages
        telemetry.set('launchtrace_source_lag', { source: this.name, unit: 'messages' }, messages)
      },
      lost: error => {
        this.#sayLost(error)
      },
    }
  }

  #showReading(): void {
    const { bound, missing, refused } = this.#bindings
    const parts = [`Reads the queue ${this.#plan.queue} of ${this.#place}, bound to ${listOf(bound)}`]
    if (missing.length > 0) parts.push(`not there yet: ${listOf(missing)}`)
    if (refused.length > 0) parts.push(`no right to read: ${listOf(refused)}`)
    this.#status = { state: 'running', detail: `${parts.join('; ')}.` }
  }

  #sayBindings(bindings: Bindings): void {
    const { telemetry } = this.#deps
    const isNews = JSON.stringify(bindings) !== JSON.stringify(this.#bindings)
    this.#bindings = bindings
    if (this.#status.state === 'running') this.#showReading()
    if (!isNews) return
    const { bound, missing, refused } = bindings
    telemetry.info('The queue for notifications is bound.', {
      source: this.name,
      queue: this.#plan.queue,
      exchanges: listOf(bound),
      not_there_yet: listOf(missing),
    })
    if (refused.length > 0)
      telemetry.warn('Exchanges may not be read; give the user the right to read them.', {
        source: this.name,
        user: this.#plan.address.username,
        exchanges: listOf(refused),
      })
  }

  #sayQueueIsKept(): void {
    if (this.#hasSaidQueueIsKept) return
    this.#hasSaidQueueIsKept = true
    this.#deps.telemetry.warn('The queue was made by somebody else, and is used as it is; see to its limits there.', {
      source: this.name,
      queue: this.#plan.queue,
    })
  }

  #sayLost(error: unknown): void {
    const { telemetry } = this.#deps
    const why = explainRabbitmq(error, this.#plan)
    this.#failures += 1
    this.#lag = undefined
    this.#status = { state: 'waiting', detail: `${this.#place}: ${why}` }
    telemetry.count('launchtrace_source_errors_total', {
      source: this.name,
      reason: rabbitmqErrorCode(error).toLowerCase() || 'other',
    })
    telemetry.warn('RabbitMQ cannot be read; it is tried again.', {
      source: this.name,
      broker: this.#place,
      error: why,
      tried: this.#failures,
    })
  }
}

/**
 * Reads the notifications of one RabbitMQ through a queue of our own. Several brokers, for example one a cell, are several
 * sources. Other queues and the exchanges are never changed.
 */
export function createRabbitmqSource(options: RabbitmqOptions, deps: RabbitmqDeps): Source {
  return new RabbitmqSource(planRabbitmq(options), deps)
}
