import type { Channel, Connection } from 'rabbitmq-client'
import { rabbitmqErrorCode } from './explain.ts'

/**
 * The queue may hold 1 GiB; beyond it the oldest messages go. Unused for 7 days it goes away itself. So a forgotten queue
 * cannot fill the broker. Its type is what the virtual host makes by default: classic unless told otherwise.
 */
const QUEUE_LIMITS = { 'x-max-length-bytes': 1_073_741_824, 'x-expires': 604_800_000 } as const

/** Opens a channel of which `lost` hears when it is closed by somebody else. */
export async function openChannel(connection: Connection, lost: (error: unknown) => void): Promise<Channel> {
  const channel = await connection.acquire({ emitErrorsFromChannel: true })
  channel.on('error', lost)
  return channel
}

/** Runs one piece of work on a channel of its own: what the broker refuses closes the channel, and disturbs no other. */
export async function onOwnChannel<Result>(
  connection: Connection,
  work: (channel: Channel) => Promise<Result>,
): Promise<Result> {
  const channel = await openChannel(connection, () => undefined)
  try {
    return await work(channel)
  } finally {
    await channel.close()
  }
}

/** `as it is`: a queue of the name is there, made with other limits, or we may not make one. */
export type QueueState = 'ours' | 'as it is'

/**
 * Sees to it that the queue is there. Never changes one that is. Rejects with the broker's error when there is none and it
 * cannot be made.
 */
export async function prepareQueue(connection: Connection, queue: string): Promise<QueueState> {
  try {
    await onOwnChannel(connection, channel => channel.queueDeclare({ queue, durable: true, arguments: QUEUE_LIMITS }))
    return 'ours'
  } catch (error) {
    const code = rabbitmqErrorCode(error)
    if (code !== 'PRECONDITION_FAILED' && code !== 'ACCESS_REFUSED') throw error
    // An operator may have made it, of another type or with other limits, and given us no right to make one.
    await onOwnChannel(connection, channel => channel.queueDeclare({ queue, passive: true })).catch(() => {
      throw error
    })
    return 'as it is'
  }
}
