import { Connection } from 'rabbitmq-client'
import type { RecordedNotification } from './recorded-notifications.ts'

/** Publishes as the services of a cloud do, and waits for the broker to confirm. */
export interface NotificationPublisher {
  /** Makes topic exchanges, as a service does before it publishes. */
  declare(...exchanges: readonly string[]): Promise<void>
  publish(...notifications: readonly PublishedNotification[]): Promise<void>
  /** For what a test needs besides. */
  readonly connection: Connection
  close(): Promise<void>
}

export type PublishedNotification = Pick<RecordedNotification, 'exchange' | 'routingKey'> & {
  readonly body: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
}

/** As kombu marks a body of oslo.messaging's. */
const PROPERTIES = { contentType: 'application/json', contentEncoding: 'utf-8', durable: true } as const

export function connectPublisher(amqpUrl: string): NotificationPublisher {
  const connection = new Connection({ url: amqpUrl, retryLow: 100, retryHigh: 500 })
  connection.on('error', () => undefined)
  const publisher = connection.createPublisher({ confirm: true, maxAttempts: 100 })
  return {
    connection,
    declare: async (...exchanges) => {
      for (const exchange of exchanges) await connection.exchangeDeclare({ exchange, type: 'topic', durable: true })
    },
    publish: async (...notifications) => {
      await Promise.all(
        notifications.map(({ body, ...envelope }) => publisher.send({ ...PROPERTIES, ...envelope }, Buffer.from(body))),
      )
    },
    close: async () => {
      await publisher.close()
      await connection.close()
    },
  }
}
