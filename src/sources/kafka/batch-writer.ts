import type { EachBatchPayload, KafkaMessage } from 'kafkajs'
import { encodeDelivery, MAX_BODY_LENGTH } from '../deliveries.ts'

export interface BatchWriterDeps {
  /** Resolves when the deliveries are durable. */
  readonly write: (deliveries: readonly string[]) => Promise<void>
  readonly heartbeatMs: number
  /** Hears of every message, and whether its body is handed on. */
  readonly received: (isReadable: boolean) => void
  /** Hears how many messages lie unread in all partitions, as of their last batches. */
  readonly lag: (messages: number) => void
}

/** Makes batches of messages durable and commits them. Outlives the consumers that fetch them. */
export interface BatchWriter {
  /** Resolves when the batch is durable and committed; rejects when the partition is somebody else's before that. */
  take(payload: EachBatchPayload): Promise<void>
  /** Resolves when no write is under way. */
  settled(): Promise<void>
  /** Forgets how far the partitions are: others may read them now. */
  forgetLag(): void
}

/** Messages that are written and committed at a time. */
const SLICE = 1000

function* slicesOf(messages: readonly KafkaMessage[]): Generator<readonly KafkaMessage[], void> {
  for (let at = 0; at < messages.length; at += SLICE) yield messages.slice(at, at + SLICE)
}

/**
 * Waits for `work` and says so to the group: while the store is away nobody else could do better. Rejects when the group
 * has moved on without this batch.
 */
async function whileAlive<Result>(
  work: Promise<Result>,
  payload: EachBatchPayload,
  heartbeatMs: number,
): Promise<Result> {
  const lost = Promise.withResolvers<never>()
  const timer = setInterval(() => {
    payload.heartbeat().catch((error: unknown) => lost.reject(error))
  }, heartbeatMs)
  try {
    return await Promise.race([work, lost.promise])
  } finally {
    clearInterval(timer)
  }
}

async function commit(payload: EachBatchPayload, last: KafkaMessage): Promise<void> {
  const { topic, partition } = payload.batch
  const offset = String(BigInt(last.offset) + 1n)
  payload.resolveOffset(last.offset)
  await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] })
}

class SerialBatchWriter implements BatchWriter {
  readonly #deps: BatchWriterDeps
  readonly #lags = new Map<string, number>()
  /** Settles when the last write has. One slice is written at a time, so a batch of a lost partition is held at most once. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(deps: BatchWriterDeps) {
    this.#deps = deps
  }

  async take(payload: EachBatchPayload): Promise<void> {
    for (const slice of slicesOf(payload.batch.messages)) {
      const last = slice.at(-1)
      if (last === undefined || !payload.isRunning() || payload.isStale()) return
      if (!(await this.#takeSlice(slice, payload))) return
      await commit(payload, last)
      this.#note(payload.batch, last)
    }
  }

  async settled(): Promise<void> {
    await this.#turn.catch(() => undefined)
  }

  forgetLag(): void {
    this.#lags.clear()
  }

  /** False when the consumer stops before it is the slice's turn: then it stays in the topic. */
  async #takeSlice(slice: readonly KafkaMessage[], payload: EachBatchPayload): Promise<boolean> {
    let isLost = false
    const work = this.settled().then(async () => {
      if (isLost || !payload.isRunning()) return false
      await this.#write(slice, payload.batch.topic)
      return true
    })
    this.#turn = work
    try {
      return await whileAlive(work, payload, this.#deps.heartbeatMs)
    } catch (error) {
      isLost = true
      throw error
    }
  }

  async #write(slice: readonly KafkaMessage[], topic: string): Promise<void> {
    const deliveries: string[] = []
    for (const { value } of slice) {
      const isReadable = value !== null && value.length <= MAX_BODY_LENGTH
      this.#deps.received(isReadable)
      if (isReadable) deliveries.push(encodeDelivery({ exchange: '', routingKey: topic }, value.toString('utf8')))
    }
    if (deliveries.length > 0) await this.#deps.write(deliveries)
  }

  #note({ topic, partition, highWatermark }: EachBatchPayload['batch'], last: KafkaMessage): void {
    this.#lags.set(`${topic} ${partition}`, Number(BigInt(highWatermark) - BigInt(last.offset) - 1n))
    this.#deps.lag(this.#lags.values().reduce((sum, lag) => sum + lag, 0))
  }
}

export function createBatchWriter(deps: BatchWriterDeps): BatchWriter {
  return new SerialBatchWriter(deps)
}
