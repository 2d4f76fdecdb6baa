import { Connection } from 'rabbitmq-client'
import type { BrokerHost } from './broker-address.ts'
import type { RabbitmqPlan } from './options.ts'

/** Without a sign of life for twice as long the connection is given up. Seconds. */
const HEARTBEAT_SECONDS = 15
const CONNECT_MS = 10_000
/** The library would try again by itself, and say why only once: longer than any connection attempt lasts. */
const NEVER_MS = 0x7fff_ffff

function connectTo({ host, port }: BrokerHost, { address, tls, source }: RabbitmqPlan): Connection {
  return new Connection({
    hostname: host,
    port,
    username: address.username,
    password: address.password,
    vhost: address.virtualHost,
    ...(tls === undefined ? {} : { tls }),
    connectionName: `launchtrace ${source}`,
    heartbeat: HEARTBEAT_SECONDS,
    connectionTimeout: CONNECT_MS,
    retryLow: NEVER_MS,
    retryHigh: NEVER_MS,
  })
}

/**
 * Connects once. `lost` hears of every failure, before and after; rejects with the first one. Whoever calls destroys the
 * connection in the end.
 */
export async function openConnection(
  host: BrokerHost,
  plan: RabbitmqPlan,
  watch: { readonly lost: (error: unknown) => void; readonly stop: AbortSignal },
): Promise<Connection> {
  const connection = connectTo(host, plan)
  const opened = Promise.withResolvers<Connection>()
  connection.on('connection', () => opened.resolve(connection))
  connection.on('error', (error: unknown) => {
    watch.lost(error)
    opened.reject(error)
  })
  const abort = (): void => {
    opened.reject(watch.stop.reason)
  }
  watch.stop.addEventListener('abort', abort, { once: true })
  try {
    return await opened.promise
  } catch (error) {
    connection.unsafeDestroy()
    throw error
  } finally {
    watch.stop.removeEventListener('abort', abort)
  }
}
