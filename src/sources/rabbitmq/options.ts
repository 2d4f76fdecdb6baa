import type { Telemetry } from '../../telemetry/telemetry.ts'
import type { BrokerAddress } from './broker-address.ts'

/** How to trust the broker and to be trusted by it, in the words of Node's TLS. All texts are PEM. */
export interface RabbitmqTls {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly rejectUnauthorized?: boolean
}

/** One broker, or one cluster, whose notifications are read. */
export interface RabbitmqOptions {
  /** Tells several brokers apart: the source is `rabbitmq:` and this. */
  readonly name: string
  readonly address: BrokerAddress
  readonly tls?: RabbitmqTls
  /** Our own queue. Default `launchtrace`. */
  readonly queue?: string
  /** Exchanges that OpenStack's services publish to. Default: nova, neutron, cinder, glance, keystone, openstack. */
  readonly exchanges?: readonly string[]
  /** Default: notifications, versioned_notifications. */
  readonly topics?: readonly string[]
  /** Messages that may be on the way to being durable, between 1 and 65,535. Default 1000. */
  readonly prefetch?: number
}

export interface RabbitmqDeps {
  readonly telemetry: Telemetry
}

/** Everything that is decided. */
export interface RabbitmqPlan extends Required<Omit<RabbitmqOptions, 'tls'>> {
  /** Of the source. */
  readonly source: string
  /** Undefined: no TLS. */
  readonly tls: RabbitmqTls | undefined
}

/**
 * What `control_exchange` is in the services that take part in a launch. Cinder sets none and publishes to oslo.messaging's
 * own default, `openstack`, unless told otherwise.
 */
const DEFAULT_EXCHANGES = ['nova', 'neutron', 'cinder', 'glance', 'keystone', 'openstack'] as const

/** `[oslo_messaging_notifications] topics` and nova's `versioned_notifications_topics`, by default. */
const DEFAULT_TOPICS = ['notifications', 'versioned_notifications'] as const

const DEFAULT_QUEUE = 'launchtrace'

const DEFAULT_PREFETCH = 1000

export function planRabbitmq(options: RabbitmqOptions): RabbitmqPlan {
  const { name, address, tls } = options
  return {
    name,
    source: `rabbitmq:${name}`,
    address,
    tls: address.isTls || tls !== undefined ? (tls ?? {}) : undefined,
    queue: options.queue ?? DEFAULT_QUEUE,
    exchanges: options.exchanges ?? DEFAULT_EXCHANGES,
    topics: options.topics ?? DEFAULT_TOPICS,
    prefetch: options.prefetch ?? DEFAULT_PREFETCH,
  }
}
