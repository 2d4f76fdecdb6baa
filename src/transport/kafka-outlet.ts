import type { Producer } from 'kafkajs'
import { CompressionTypes, Partitioners } from 'kafkajs'
import { linksOf } from '../core/links.ts'
import type { Signal } from '../core/signal.ts'
import { OutletUnavailableError, SignalsRefusedError } from '../pipeline/outlet-errors.ts'
import type { Outlet } from '../pipeline/stage.ts'
import type { EncodedSignal } from './encoded-batches.ts'
import { encodedBatches, refuseTooLong } from './encoded-batches.ts'
import type { KafkaConnection } from './kafka-client.ts'
import { createKafkaClient, DEFAULT_TOPIC, explainKafka, kafkaErrorType } from './kafka-client.ts'
import { untilAborted } from './until-aborted.ts'

export interface KafkaOutletOptions extends KafkaConnection {
  /** MUST exist. Default `launchtrace.signals`. */
  readonly topic?: string
}

/** Below the megabyte that brokers take in one batch unless told otherwise (`message.max.bytes`), measured before compression. */
const BATCH_LIMITS = { bytes: 900_000, signals: 5000 }

interface Message {
  readonly key: string
  readonly value: string
}

/** Signals of one launch lie in one partition where their best link says so; nothing depends on it. */
function toMessage({ signal, line }: EncodedSignal): Message {
  return { key: linksOf(signal)[0] ?? signal.id, value: line }
}

/**
 * Connects when first used, and anew after every failure. Not the library's idempotent producer: that stops for good when a
 * broker has forgotten it, and a signal that is there twice is one fact anyway.
 */
class KafkaOutlet implements Outlet {
  readonly name = 'kafka'
  readonly #options: KafkaOutletOptions
  readonly #topic: string
  #producer: Promise<Producer> | undefined

  constructor(options: KafkaOutletOptions) {
    this.#options = options
    this.#topic = options.topic ?? DEFAULT_TOPIC
  }

  async write(signals: readonly Signal[], stop: AbortSignal): Promise<void> {
    for (const batch of encodedBatches(signals, BATCH_LIMITS)) {
      stop.throwIfAborted()
      refuseTooLong(this.name, batch)
      await untilAborted(this.#send(batch.map(toMessage)), stop)
    }
  }

  async close(): Promise<void> {
    await this.#disconnect()
  }

  async #send(messages: Message[]): Promise<void> {
    try {
      const producer = await this.#connect()
      // All replicas that are in sync have it, or the promise rejects.
      await producer.send({ topic: this.#topic, acks: -1, compression: CompressionTypes.GZIP, messages })
    } catch (cause) {
      if (kafkaErrorType(cause) === 'MESSAGE_TOO_LARGE') throw this.#tooLarge(cause)
      void this.#disconnect()
      const what = explainKafka(cause, { brokers: this.#options.brokers, topic: this.#topic })
      throw new OutletUnavailableError(this.name, { what, cause })
    }
  }

  #tooLarge(cause: unknown): SignalsRefusedError {
    const what = `the topic ${this.#topic} takes no message of that size; raise its max.message.bytes.`
    return new SignalsRefusedError(this.name, { what, cause })
  }

  #connect(): Promise<Producer> {
    this.#producer ??= this.#open()
    return this.#producer
  }

  async #open(): Promise<Producer> {
    const createPartitioner = Partitioners.DefaultPartitioner
    const producer = createKafkaClient(this.#options).producer({ createPartitioner, allowAutoTopicCreation: false })
    await producer.connect()
    return producer
  }

  async #disconnect(): Promise<void> {
    const producer = this.#producer
    this.#producer = undefined
    // A connection that was never there, or is broken, has nothing to say.
    await producer?.then(connected => connected.disconnect()).catch(() => undefined)
  }
}

/**
 * Writes signals to a Kafka topic, one message a signal, keyed by the signal's best link. A signal is durable when all
 * replicas in sync have it. Holds one batch of at most 900 kB for each write that is under way.
 */
export function createKafkaOutlet(options: KafkaOutletOptions): Outlet {
  return new KafkaOutlet(options)
}
