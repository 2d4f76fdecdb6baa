import { setTimeout as sleep } from 'node:timers/promises'
import type { Kafka } from 'kafkajs'
import type { Intake, Source, SourceStatus } from '../pipeline/stage.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { BatchWriter } from './kafka/batch-writer.ts'
import { createBatchWriter } from './kafka/batch-writer.ts'
import { HEARTBEATS_PER_SESSION, NoTopicsError, runConsumer } from './kafka/consumer-life.ts'
import { DEFAULT_NOTIFICATION_TOPICS } from './kafka/notification-topics.ts'

/** One Kafka cluster whose notifications are read. */
export interface KafkaNotificationsOptions {
  /** Tells several clusters apart: the source is `kafka:` and this. */
  readonly name: string
  /** Default: every priority of `notifications` and `versioned_notifications`. */
  readonly topics?: readonly string[]
  /** Consumers of one group share the messages. Default `launchtrace-notifications`. */
  readonly group?: string
  /** How long we may be silent until others of the group take over. Milliseconds. Default 30 seconds. */
  readonly sessionMs?: number
}

export interface KafkaNotificationsDeps {
  readonly telemetry: Telemetry
  /** With everything that the connection needs. */
  readonly kafka: Kafka
  /** What a failure of the client means, in one sentence for people; never a secret. */
  readonly explain: (error: unknown) => string
}

const DEFAULT_GROUP = 'launchtrace-notifications'
const SESSION_MS = 30_000
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 15_000

/** Twice as long after every failure in a row, and never quite the same for two processes. */
function waitAfter(failures: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS) * (0.75 + Math.random() / 2)
}

class KafkaNotifications implements Source {
  readonly name: string
  readonly #options: Required<KafkaNotificationsOptions>
  readonly #deps: KafkaNotificationsDeps
  #status: SourceStatus = { state: 'starting', detail: 'Connects.' }
  #lag: number | undefined
  /** Failures since messages could last be read. */
  #failures = 0

  constructor(options: KafkaNotificationsOptions, deps: KafkaNotificationsDeps) {
    const defaults = { topics: DEFAULT_NOTIFICATION_TOPICS, group: DEFAULT_GROUP, sessionMs: SESSION_MS }
    this.name = `kafka:${options.name}`
    this.#options = { ...defaults, ...options }
    this.#deps = deps
  }

  async run(intake: Intake, stop: AbortSignal): Promise<void> {
    const unforeseen = new AbortController()
    const ending = AbortSignal.any([stop, unforeseen.signal])
    const writer = this.#createWriter(intake, reason => unforeseen.abort(reason))
    while (!ending.aborted) {
      await this.#consume(writer, ending)
      await sleep(this.#failures === 0 ? 0 : waitAfter(this.#failures), undefined, { signal: ending }).catch(
        () => undefined,
      )
    }
    await writer.settled()
    this.#status = { state: 'stopped', detail: 'Stopped; what was not committed is read again after the next start.' }
    // A write that is rejected while nobody asked to stop: going on would read the same messages again and again.
    if (!stop.aborted) unforeseen.signal.throwIfAborted()
  }

  status(): SourceStatus {
    return this.#lag === undefined ? this.#status : { ...this.#status, lag: this.#lag, lagUnit: 'messages' }
  }

  #createWriter(intake: Intake, fail: (reason: unknown) => void): BatchWriter {
    const { telemetry } = this.#deps
    return createBatchWriter({
      heartbeatMs: this.#options.sessionMs / HEARTBEATS_PER_SESSION,
      write: async deliveries => {
        await intake.write({ service: this.name, records: [], deliveries }).catch((error: unknown) => {
          fail(error)
          throw error
        })
      },
      received: isReadable => {
        telemetry.count('launchtrace_source_messages_total', { source: this.name })
        if (!isReadable)
          telemetry.count('launchtrace_source_messages_dropped_total', { source: this.name, reason: 'unreadable' })
      },
      lag: messages => {
        this.#lag = messages
        telemetry.set('launchtrace_source_lag', { source: this.name, unit: 'messages' }, messages)
      },
    })
  }

  async #consume(writer: BatchWriter, stop: AbortSignal): Promise<void> {
    const { topics, group, sessionMs } = this.#options
    const { kafka } = this.#deps
    const joined = (assigned: readonly string[]): void => {
      this.#failures = 0
      writer.forgetLag()
      this.#status = { state: 'running', detail: this.#describe(assigned) }
    }
    try {
      await runConsumer({ kafka, writer, topics, group, sessionMs, stop, joined })
    } catch (error) {
      if (!stop.aborted) this.#sayFailed(error)
    }
  }

  #describe(assigned: readonly string[]): string {
    return assigned.length === 0
      ? `Reads nothing: others of the group ${this.#options.group} read it all.`
      : `Reads ${[...assigned].sort().join(', ')} as the group ${this.#options.group}.`
  }

  #explain(error: unknown): string {
    return error instanceof NoTopicsError
      ? 'none of the topics exists, or this user may see none; services make them when they first notify.'
      : this.#deps.explain(error)
  }

  #sayFailed(error: unknown): void {
    const { telemetry } = this.#deps
    const why = this.#explain(error)
    this.#failures += 1
    this.#lag = undefined
    this.#status = { state: 'waiting', detail: `Waits: ${why}` }
    const reason = error instanceof NoTopicsError ? 'no_topics' : 'unreachable'
    telemetry.count('launchtrace_source_errors_total', { source: this.name, reason })
    telemetry.warn('Notifications cannot be read from Kafka; it is tried again.', {
      source: this.name,
      error: why,
      tried: this.#failures,
    })
  }
}

/**
 * Reads the notifications that oslo.messaging's Kafka driver publishes, as a group of our own, from the beginning at the first
 * start. Offsets are committed when what lies before them is durable.
 */
export function createKafkaNotifications(options: KafkaNotificationsOptions, deps: KafkaNotificationsDeps): Source {
  return new KafkaNotifications(options, deps)
}
