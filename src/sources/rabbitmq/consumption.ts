import { setTimeout as sleep } from 'node:timers/promises'
import type { AsyncMessage, Channel, Connection } from 'rabbitmq-client'
import { encodeDelivery } from '../deliveries.ts'
import type { DeliveryGroupsDeps } from './delivery-groups.ts'
import { createDeliveryGroups } from './delivery-groups.ts'
import { readBody } from './message-body.ts'
import type { RabbitmqPlan } from './options.ts'
import { openChannel } from './own-queue.ts'

export interface ConsumptionDeps extends Pick<DeliveryGroupsDeps, 'write' | 'fail'> {
  readonly plan: RabbitmqPlan
  /** Hears when the broker closes the channel or takes the queue away. */
  readonly lost: (error: unknown) => void
  /** Hears of every message, and whether its body can be handed on. */
  readonly received: (isReadable: boolean) => void
}

/** Messages that come until it is finished. */
export interface Consumption {
  /**
   * Asks for no more messages, and resolves when those under way are durable and acknowledged. What was not begun stays in
   * the queue.
   */
  finish(): Promise<void>
}

function acknowledgeOn(channel: Channel, deliveryTag: number): void {
  // On a channel that is gone the broker delivers again what it held.
  if (channel.active) channel.basicAck({ deliveryTag, multiple: true })
}

/** How long a broker may take to say good-bye. */
const FAREWELL_MS = 3000

async function farewell(work: Promise<unknown>): Promise<void> {
  await Promise.race([work, sleep(FAREWELL_MS, undefined, { ref: false })]).catch(() => undefined)
}

/**
 * Consumes our queue. At most `prefetch` messages are unacknowledged: that bounds what is held, to a body of at most 16 MiB
 * each until it is handed over, and kilobytes in practice.
 */
export async function consumeQueue(connection: Connection, deps: ConsumptionDeps): Promise<Consumption> {
  const { plan, lost, received, write, fail } = deps
  const channel = await openChannel(connection, lost)
  const groups = createDeliveryGroups({ write, fail, acknowledge: tag => acknowledgeOn(channel, tag) })
  const take = (message: AsyncMessage): void => {
    if (!channel.active) return
    const body = readBody({ body: message.body, headers: message.headers })
    received(body !== undefined)
    groups.add(message.deliveryTag, body === undefined ? undefined : encodeDelivery(message, body))
  }
  channel.on('basic.cancel', (_tag: string, error: unknown) => lost(error))
  await channel.basicQos({ prefetchCount: plan.prefetch })
  const { consumerTag } = await channel.basicConsume({ queue: plan.queue }, take)
  return {
    finish: async () => {
      await farewell(channel.basicCancel(consumerTag))
      await groups.finish()
      await farewell(channel.close())
    },
  }
}
