import type { Connection } from 'rabbitmq-client'
import { rabbitmqErrorCode } from './explain.ts'
import type { RabbitmqPlan } from './options.ts'
import { onOwnChannel } from './own-queue.ts'

/** What our queue gets, and why not from the others. */
export interface Bindings {
  readonly bound: readonly string[]
  /** Exchanges that do not exist: nobody has published to them since the broker was set up. */
  readonly missing: readonly string[]
  /** Exchanges that we may not read. */
  readonly refused: readonly string[]
}

type Fate = keyof Bindings

/** One priority follows the topic in a routing key: `notifications.info`. */
async function bindTo(exchange: string, connection: Connection, { queue, topics }: RabbitmqPlan): Promise<Fate> {
  try {
    await onOwnChannel(connection, async channel => {
      for (const topic of topics) await channel.queueBind({ queue, exchange, routingKey: `${topic}.*` })
    })
    return 'bound'
  } catch (error) {
    switch (rabbitmqErrorCode(error)) {
      case 'NOT_FOUND':
        return 'missing'
      case 'ACCESS_REFUSED':
        return 'refused'
      default:
        throw error
    }
  }
}

/**
 * Binds our queue to every exchange of the plan that is there; binding again changes nothing. Exchanges are neither made nor
 * changed. Rejects when the connection or the queue is lost.
 */
export async function bindQueue(connection: Connection, plan: RabbitmqPlan): Promise<Bindings> {
  const found: Record<Fate, string[]> = { bound: [], missing: [], refused: [] }
  for (const exchange of plan.exchanges) found[await bindTo(exchange, connection, plan)].push(exchange)
  return found
}
