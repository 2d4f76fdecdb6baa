import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, Kafka } from 'kafkajs'
import type { BatchWriter } from './batch-writer.ts'
import { findTopics } from './notification-topics.ts'

export interface ConsumerLifeDeps {
  readonly kafka: Kafka
  readonly writer: BatchWriter
  /** Those that are wanted, whether they exist or not. */
  readonly topics: readonly string[]
  readonly group: string
  /** How long we may be silent until others of the group take over. */
  readonly sessionMs: number
  readonly stop: AbortSignal
  /** Hears which topics are read, each time the group has shared them out. */
  readonly joined: (topics: readonly string[]) => void
}

/** None of the topics exists, or none may be seen. */
export class NoTopicsError extends Error {
  override readonly name = 'NoTopicsError'
}

/** Heartbeats in one session: a few may be late. */
export const HEARTBEATS_PER_SESSION = 10
/** A service that starts for the first time makes its topic. */
const LOOK_FOR_TOPICS_MS = 10_000
/** How long the brokers may take to say good-bye. */
const FAREWELL_MS = 5000
/** Compressed bytes of one broker's answer, and of one partition in it: that is held at a time for every broker. */
const FETCH_BYTES = 4_194_304
const PARTITION_BYTES = 1_048_576

/** Every failure ends the consumer, and a new one is made: the library restarts after some failures and not after others. */
function createConsumer({ kafka, group, sessionMs }: ConsumerLifeDeps): Consumer {
  return kafka.consumer({
    groupId: group,
    allowAutoTopicCreation: false,
    sessionTimeout: sessionMs,
    heartbeatInterval: sessionMs / HEARTBEATS_PER_SESSION,
    maxBytes: FETCH_BYTES,
    maxBytesPerPartition: PARTITION_BYTES,
    maxWaitTimeInMs: 500,
    metadataMaxAge: 60_000,
    retry: { initialRetryTime: 200, maxRetryTime: 2000, retries: 5, restartOnFailure: () => Promise.resolve(false) },
  })
}

/** Resolves when other topics than `reading` exist, or `stop` aborts. */
async function untilTopicsChange(reading: readonly string[], { kafka, topics, stop }: ConsumerLifeDeps): Promise<void> {
  for (;;) {
    const hasWaited = await sleep(LOOK_FOR_TOPICS_MS, true, { signal: stop }).catch(() => false)
    if (!hasWaited) return
    // The consumer itself notices brokers that are away.
    const found = await findTopics(kafka, topics).catch(() => reading)
    if (found.join() !== reading.join()) return
  }
}

async function start(consumer: Consumer, topics: readonly string[], writer: BatchWriter): Promise<void> {
  await consumer.connect()
  await consumer.subscribe({ topics: [...topics], fromBeginning: true })
  await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: payload => writer.take(payload) })
}

async function end(consumer: Consumer, writer: BatchWriter): Promise<void> {
  const disconnected = consumer.disconnect().catch(() => undefined)
  await writer.settled()
  await Promise.race([disconnected, sleep(FAREWELL_MS, undefined, { ref: false })])
}

/**
 * One consumer from beginning to end. Resolves when `stop` aborts or other topics exist than before, rejects when it cannot
 * go on; in either case when what it began is durable, and committed if the brokers could be reached.
 */
export async function runConsumer(deps: ConsumerLifeDeps): Promise<void> {
  const { writer, stop, joined } = deps
  const topics = await findTopics(deps.kafka, deps.topics)
  if (topics.length === 0) throw new NoTopicsError()
  const consumer = createConsumer(deps)
  const crashed = Promise.withResolvers<never>()
  crashed.promise.catch(() => undefined)
  const ended = new AbortController()
  consumer.on(consumer.events.CRASH, ({ payload }) => crashed.reject(payload.error))
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => joined(Object.keys(payload.memberAssignment)))
  try {
    await start(consumer, topics, writer)
    const signal = AbortSignal.any([stop, ended.signal])
    await Promise.race([untilTopicsChange(topics, { ...deps, stop: signal }), crashed.promise])
  } finally {
    ended.abort()
    await end(consumer, writer)
  }
}
