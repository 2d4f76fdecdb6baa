import type { EachBatchPayload, KafkaMessage } from 'kafkajs'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { AcceptSignals } from './decode-lines.ts'
import { countDecoded, decodeLines } from './decode-lines.ts'
import { createSlots } from './slots.ts'
import type { Slots } from './slots.ts'

/** Works batches of messages off, several partitions at a time. Outlives the consumers that fetch them. */
export interface BatchTaker {
  /** Resolves when the batch is durable and committed; rejects when the partition is lost before that. */
  take(payload: EachBatchPayload): Promise<void>
  /** Forgets how far other partitions are: they belong to somebody else now. */
  keepLagOf(partitions: readonly number[]): void
  /** Messages that lie unread in the partitions of this collector, as of the last batches. */
  lag(): number
  /** Resolves when nothing is under way, batches of lost partitions included. */
  settled(): Promise<void>
}

export interface BatchTakerDeps {
  readonly inlet: string
  readonly accept: AcceptSignals
  readonly telemetry: Telemetry
  /** Slices that `accept` has at a time; those of lost partitions count until they settle. */
  readonly concurrency: number
  readonly heartbeatMs: number
}

/** Messages that are decoded, accepted and committed at a time. */
const SLICE = 5000

function* slicesOf(messages: readonly KafkaMessage[]): Generator<readonly KafkaMessage[], void> {
  for (let at = 0; at < messages.length; at += SLICE) yield messages.slice(at, at + SLICE)
}

/**
 * Waits for `work` and says so to the group: as long as the store is away nobody else could do better, and a collector that
 * falls silent would be dropped from the group again and again. Rejects when the group has moved on without this batch.
 */
async function whileAlive(work: Promise<void>, payload: EachBatchPayload, heartbeatMs: number): Promise<void> {
  const lost = Promise.withResolvers<never>()
  const timer = setInterval(() => {
    payload.heartbeat().catch((error: unknown) => lost.reject(error))
  }, heartbeatMs)
  try {
    await Promise.race([work, lost.promise])
  } finally {
    clearInterval(timer)
  }
}

async function commit({ batch, ...payload }: EachBatchPayload, last: KafkaMessage): Promise<void> {
  const { topic, partition } = batch
  const offset = String(BigInt(last.offset) + 1n)
  payload.resolveOffset(last.offset)
  await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] })
}

class Taker implements BatchTaker {
  readonly #deps: BatchTakerDeps
  readonly #slots: Slots
  readonly #lags = new Map<number, number>()

  constructor(deps: BatchTakerDeps) {
    this.#deps = deps
    this.#slots = createSlots(deps.concurrency)
  }

  async take(payload: EachBatchPayload): Promise<void> {
    // A batch that waited for others may be somebody else's by now.
    await payload.heartbeat()
    for (const slice of slicesOf(payload.batch.messages)) {
      const last = slice.at(-1)
      if (last === undefined || !payload.isRunning()) return
      await this.#takeSlice(payload, slice)
      await commit(payload, last)
      this.#note(payload.batch, last)
    }
  }

  keepLagOf(partitions: readonly number[]): void {
    for (const partition of this.#lags.keys()) if (!partitions.includes(partition)) this.#lags.delete(partition)
  }

  lag(): number {
    return this.#lags.values().reduce((sum, lag) => sum + lag, 0)
  }

  settled(): Promise<void> {
    return this.#slots.free()
  }

  async #takeSlice(payload: EachBatchPayload, messages: readonly KafkaMessage[]): Promise<void> {
    const lines = messages.map(({ value }) => value?.toString('utf8') ?? '')
    let isLost = false
    const work = this.#acceptInSlot(lines, () => !isLost)
    try {
      await whileAlive(work, payload, this.#deps.heartbeatMs)
    } catch (error) {
      isLost = true
      throw error
    }
  }

  async #acceptInSlot(lines: readonly string[], isWanted: () => boolean): Promise<void> {
    const { accept, telemetry, inlet } = this.#deps
    const release = await this.#slots.take()
    let [count, isDurable] = [0, false]
    try {
      if (!isWanted()) return
      const decoded = decodeLines(lines)
      countDecoded(telemetry, inlet, decoded)
      count = decoded.signals.length
      if (count > 0) await accept(decoded.signals)
      isDurable = true
    } finally {
      this.#settle(count, isDurable && isWanted())
      release()
    }
  }

  /** Counts the fate of signals: those that the group has moved on without come again. */
  #settle(count: number, isForwarded: boolean): void {
    const { telemetry, inlet } = this.#deps
    if (count === 0) return
    if (isForwarded) telemetry.count('launchtrace_inlet_forwarded_total', { inlet }, count)
    else telemetry.count('launchtrace_inlet_dropped_total', { inlet, reason: 'delivered_again' }, count)
  }

  #note({ partition, highWatermark }: EachBatchPayload['batch'], last: KafkaMessage): void {
    this.#lags.set(partition, Number(BigInt(highWatermark) - BigInt(last.offset) - 1n))
    this.#deps.telemetry.set('launchtrace_source_lag', { source: this.#deps.inlet, unit: 'messages' }, this.lag())
  }
}

export function createBatchTaker(deps: BatchTakerDeps): BatchTaker {
  return new Taker(deps)
}
