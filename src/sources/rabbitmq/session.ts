import type { Connection } from 'rabbitmq-client'
import type { Bindings } from './bindings.ts'
import { bindQueue } from './bindings.ts'
import type { BrokerHost } from './broker-address.ts'
import type { Consumption, ConsumptionDeps } from './consumption.ts'
import { consumeQueue } from './consumption.ts'
import { openConnection } from './open-connection.ts'
import type { RabbitmqPlan } from './options.ts'
import type { QueueState } from './own-queue.ts'
import { prepareQueue } from './own-queue.ts'
import { watchQueue } from './watch-queue.ts'

/** What a session tells while it lasts. */
export interface SessionListener extends Pick<ConsumptionDeps, 'received'> {
  readonly prepared: (state: QueueState) => void
  readonly consuming: () => void
  readonly bound: (bindings: Bindings) => void
  readonly lag: (messages: number) => void
  /** It is over; what is under way is waited for. Not called when it was stopped. */
  readonly lost: (error: unknown) => void
}

export interface SessionDeps {
  readonly plan: RabbitmqPlan
  readonly host: BrokerHost
  readonly stop: AbortSignal
  readonly write: ConsumptionDeps['write']
  readonly fail: ConsumptionDeps['fail']
  readonly listener: SessionListener
}

interface Loss {
  readonly promise: Promise<never>
  readonly lost: (error: unknown) => void
}

function expectLoss(): Loss {
  const { promise, reject } = Promise.withResolvers<never>()
  // Whoever waits for it hears of it; before and after that nobody needs to.
  promise.catch(() => undefined)
  return { promise, lost: reject }
}

/** What is used while the connection stands, set up in order. */
async function consume(connection: Connection, deps: SessionDeps, loss: Loss): Promise<Consumption> {
  const { plan, listener, write, fail } = deps
  listener.prepared(await prepareQueue(connection, plan.queue))
  // Before messages are taken: what the exchanges get from now on is kept, whatever becomes of us.
  listener.bound(await bindQueue(connection, plan))
  return consumeQueue(connection, { plan, write, fail, received: listener.received, lost: loss.lost })
}

/** Lets go of a broker that does not answer while things are set up: then `work` rejects. */
async function untilStopped<Result>(connection: Connection, stop: AbortSignal, work: Promise<Result>): Promise<Result> {
  const letGo = (): void => {
    connection.unsafeDestroy()
  }
  stop.addEventListener('abort', letGo, { once: true })
  return work.finally(() => {
    stop.removeEventListener('abort', letGo)
  })
}

/**
 * One connection from beginning to end: resolves when `stop` aborts or the connection is lost, and when every write that
 * was begun has settled. So messages that a lost connection delivers again are never held twice.
 */
export async function runSession(deps: SessionDeps): Promise<void> {
  const { plan, host, stop, listener } = deps
  const loss = expectLoss()
  const ended = new AbortController()
  let connection: Connection | undefined
  let consumption: Consumption | undefined
  try {
    connection = await openConnection(host, plan, { lost: loss.lost, stop })
    consumption = await untilStopped(connection, stop, consume(connection, deps, loss))
    listener.consuming()
    const signal = AbortSignal.any([stop, ended.signal])
    const watching = watchQueue(connection, { plan, stop: signal, bound: listener.bound, lag: listener.lag })
    await Promise.race([watching, loss.promise])
  } catch (error) {
    if (!stop.aborted) listener.lost(error)
  } finally {
    ended.abort()
    await consumption?.finish()
    connection?.unsafeDestroy()
  }
}
