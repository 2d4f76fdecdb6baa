import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, EachBatchPayload, logCreator } from 'kafkajs'
import type { SourceStatus } from '../pipeline/stage.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { AcceptSignals } from './decode-lines.ts'
import { createBatchTaker } from './kafka-batch.ts'
import type { BatchTaker } from './kafka-batch.ts'
import type { KafkaConnection } from './kafka-client.ts'
import { createKafkaClient, DEFAULT_TOPIC, explainKafka } from './kafka-client.ts'

export interface KafkaInletOptions extends KafkaConnection {
  /** Default `launchtrace.signals`. */
  readonly topic?: string
  /** Collectors of one group share the partitions among themselves. Default `launchtrace`. */
  readonly group?: string
  /** How long a collector may be silent until the others take over its partitions. Milliseconds. Default 30 seconds. */
  readonly sessionMs?: number
}

/** Where a collector's signals come from. */
export interface Inlet {
  readonly name: string
  /**
   * Takes signals until `stop` aborts, and resolves when what was handed to `accept` has settled and is remembered. The
   * outside world never ends it: a broker that is away is waited for, and shown in `status`.
   */
  run(accept: AcceptSignals, stop: AbortSignal): Promise<void>
  status(): SourceStatus
}

/** Partitions that are worked on at a time; more wait for their turn. */
const CONCURRENCY = 4
/**
 * Compressed bytes of one answer of a broker, and of one partition in it. Signals are a tenth of their size compressed, so
 * a broker's answer unpacks to some 40 MB: that is held at a time for every broker, and batches of CONCURRENCY partitions
 * that an earlier assignment still waits for.
 */
const FETCH_BYTES = 4_194_304
const PARTITION_BYTES = 1_048_576

const SESSION_MS = 30_000
/** Heartbeats in one session: a few may be late. */
const HEARTBEATS = 10
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 15_000

/**
 * The library restarts itself after some failures and not after others; here every failure ends the consumer, and a new one
 * is made. What it tells at ERROR is in the failure already, except when unread messages are gone.
 */
class KafkaInlet implements Inlet {
  readonly name = 'kafka'
  readonly #options: KafkaInletOptions
  readonly #topic: string
  readonly #sessionMs: number
  readonly #telemetry: Telemetry
  #status: SourceStatus = { state: 'starting', detail: 'Connects.' }
  #taker: BatchTaker | undefined

  constructor(options: KafkaInletOptions, telemetry: Telemetry) {
    this.#options = options
    this.#topic = options.topic ?? DEFAULT_TOPIC
    this.#sessionMs = options.sessionMs ?? SESSION_MS
    this.#telemetry = telemetry
  }

  status(): SourceStatus {
    return { ...this.#status, lag: this.#taker?.lag() ?? 0, lagUnit: 'messages' }
  }

  async run(accept: AcceptSignals, stop: AbortSignal): Promise<void> {
    const taker = createBatchTaker({
      inlet: this.name,
      accept,
      telemetry: this.#telemetry,
      concurrency: CONCURRENCY,
      heartbeatMs: this.#sessionMs / HEARTBEATS,
    })
    this.#taker = taker
    for (let failures = 0; !stop.aborted; failures += 1) {
      const failed = await this.#consume(taker, stop)
      if (failed === undefined) break
      if (failed.hadJoined) failures = 0
      await this.#wait(failed.error, failures, stop)
    }
    await taker.settled()
    this.#status = { state: 'stopped', detail: 'Stopped.' }
  }

  /** One life of a consumer; undefined when it ended because it was to stop. */
  async #consume(
    taker: BatchTaker,
    stop: AbortSignal,
  ): Promise<{ readonly error: unknown; readonly hadJoined: boolean } | undefined> {
    const consumer = this.#createConsumer()
    const ended = Promise.withResolvers<unknown>()
    let hadJoined = false
    consumer.on(consumer.events.CRASH, ({ payload }) => ended.resolve(payload.error))
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      hadJoined = true
      taker.keepLagOf(payload.memberAssignment[this.#topic] ?? [])
      this.#status = { state: 'running', detail: `Reads ${this.#describe(payload.memberAssignment)}.` }
    })
    const abort = (): void => ended.resolve(undefined)
    stop.addEventListener('abort', abort, { once: true })
    try {
      await this.#start(consumer, taker)
      const error = await ended.promise
      return stop.aborted ? undefined : { error, hadJoined }
    } catch (error) {
      return stop.aborted ? undefined : { error, hadJoined }
    } finally {
      stop.removeEventListener('abort', abort)
      await consumer.disconnect().catch(() => undefined)
    }
  }

  async #start(consumer: Consumer, taker: BatchTaker): Promise<void> {
    await consumer.connect()
    await consumer.subscribe({ topics: [this.#topic], fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: CONCURRENCY,
      eachBatch: (payload: EachBatchPayload) => taker.take(payload),
    })
  }

  #createConsumer(): Consumer {
    return createKafkaClient(this.#options, this.#log).consumer({
      groupId: this.#options.group ?? 'launchtrace',
      allowAutoTopicCreation: false,
      sessionTimeout: this.#sessionMs,
      heartbeatInterval: this.#sessionMs / HEARTBEATS,
      maxBytes: FETCH_BYTES,
      maxBytesPerPartition: PARTITION_BYTES,
      maxWaitTimeInMs: 500,
      metadataMaxAge: 60_000,
      retry: { initialRetryTime: 200, maxRetryTime: 2000, retries: 5, restartOnFailure: () => Promise.resolve(false) },
    })
  }

  readonly #log: logCreator = () => entry => {
    if (!entry.log.message.startsWith('Offset out of range')) return
    this.#telemetry.error('Messages that were not read yet are gone from the topic; keep them longer.', {
      inlet: this.name,
      topic: this.#topic,
      partition: Number(entry.log['partition']),
    })
  }

  #describe(assignment: Readonly<Record<string, readonly number[]>>): string {
    const partitions = assignment[this.#topic] ?? []
    return partitions.length === 0
      ? `no partition of ${this.#topic}: others of the group read them all`
      : `${this.#topic}, partitions ${partitions.join(', ')}`
  }

  async #wait(error: unknown, failures: number, stop: AbortSignal): Promise<void> {
    const waitMs = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS)
    const detail = explainKafka(error, { brokers: this.#options.brokers, topic: this.#topic })
    this.#status = { state: 'waiting', detail }
    this.#telemetry.warn('Signals cannot be read from Kafka; it is tried again.', {
      inlet: this.name,
      error: detail,
      next_try_ms: waitMs,
    })
    await sleep(waitMs, undefined, { signal: stop }).catch(() => undefined)
  }
}

/**
 * Takes signals from a Kafka topic as one of a group of collectors. What was handed to `accept` is committed when `accept`
 * resolves, so that a collector that dies, or loses a partition, leaves everything that is not durable to the next one.
 */
export function createKafkaInlet(options: KafkaInletOptions, telemetry: Telemetry): Inlet {
  return new KafkaInlet(options, telemetry)
}
