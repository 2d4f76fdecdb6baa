import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from 'rabbitmq-client'
import type { Bindings } from './bindings.ts'
import { bindQueue } from './bindings.ts'
import type { RabbitmqPlan } from './options.ts'
import { onOwnChannel } from './own-queue.ts'

export interface WatchDeps {
  readonly plan: RabbitmqPlan
  readonly stop: AbortSignal
  /** Hears what the queue is bound to, each time that was tried. */
  readonly bound: (bindings: Bindings) => void
  /** Hears how many messages wait in the queue. */
  readonly lag: (messages: number) => void
}

const LOOK_EVERY_MS = 5000
/**
 * While an exchange is missing, and twice as long every time, for the broker logs each attempt. Soon at first: after a
 * restart of the broker the services make those again that are not durable.
 */
const FIRST_BIND_AGAIN_MS = 1000
/** Also when all are bound: an exchange that is deleted and made again has lost its bindings. */
const BIND_AGAIN_MS = 60_000

async function readLag(connection: Connection, queue: string): Promise<number> {
  const { messageCount } = await onOwnChannel(connection, channel => channel.queueDeclare({ queue, passive: true }))
  return messageCount
}

/** Keeps the queue bound and looks at what waits in it, until `stop` aborts. Rejects when either fails. */
export async function watchQueue(connection: Connection, { plan, stop, bound, lag }: WatchDeps): Promise<void> {
  let againMs = FIRST_BIND_AGAIN_MS
  let bindAt = performance.now() + againMs
  while (!stop.aborted) {
    lag(await readLag(connection, plan.queue))
    const waitMs = Math.min(LOOK_EVERY_MS, Math.max(0, bindAt - performance.now()))
    const hasWaited = await sleep(waitMs, true, { signal: stop }).catch(() => false)
    if (!hasWaited || performance.now() < bindAt) continue
    const bindings = await bindQueue(connection, plan)
    bound(bindings)
    const isWhole = bindings.bound.length === plan.exchanges.length
    againMs = isWhole ? BIND_AGAIN_MS : Math.min(againMs * 2, BIND_AGAIN_MS)
    bindAt = performance.now() + againMs
  }
}
