/** Where a RabbitMQ is and who asks. */
export interface BrokerAddress {
  readonly isTls: boolean
  /** Nodes of one cluster, tried one after the other. At least one. */
  readonly hosts: readonly BrokerHost[]
  readonly virtualHost: string
  readonly username: string
  readonly password: string
}

export interface BrokerHost {
  readonly host: string
  readonly port: number
}

const URL_FORM = /^(amqps?|rabbit|kombu):\/\/([^/]*)(?:\/(.*?))?(?:\?.*)?$/s
const HOST_FORM = /^(\[[0-9a-fA-F:.]+\]|[^:[\]\s]+)(?::(\d{1,5}))?$/
const PORTS = { plain: 5672, tls: 5671 } as const

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function findHost(text: string, defaultPort: number): BrokerHost | undefined {
  const found = HOST_FORM.exec(text)
  if (found === null) return undefined
  const port = Number(found[2] ?? defaultPort)
  return port > 65_535 ? undefined : { host: (found[1] ?? '').replaceAll(/[[\]]/g, ''), port }
}

/** Passwords may hold the signs that end one. */
function splitUser(place: string): readonly [user: string, host: string] {
  const end = place.lastIndexOf('@')
  return end < 0 ? ['', place] : [place.slice(0, end), place.slice(end + 1)]
}

/**
 * Reads `amqp://user:password@host:port/vhost`, `amqps://…`, and what OpenStack's `transport_url` says: `rabbit://` and
 * several hosts after commas, of which the first one's user counts (oslo.messaging: transport.py). Undefined when it is
 * neither. Without a user it is `guest`, without a virtual host `/`.
 */
export function findBrokerAddress(url: string): BrokerAddress | undefined {
  const [, scheme, places = '', path = ''] = URL_FORM.exec(url) ?? []
  const isTls = scheme === 'amqps'
  const split = places.split(',').map(splitUser)
  const hosts = split.map(([, host]) => findHost(host, isTls ? PORTS.tls : PORTS.plain))
  const known = hosts.filter(host => host !== undefined)
  if (scheme === undefined || known.length < hosts.length) return undefined
  const [username = '', ...password] = (split[0]?.[0] ?? '').split(':')
  return {
    isTls,
    hosts: known,
    virtualHost: decode(path) || '/',
    username: decode(username) || 'guest',
    password: username === '' ? 'guest' : decode(password.join(':')),
  }
}
