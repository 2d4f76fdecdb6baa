import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Connection } from 'rabbitmq-client'
import type { Certificates } from './certificates.ts'
import { makeCertificates } from './certificates.ts'
import { composeService } from './compose.ts'
import type { ServerProcess } from './server-process.ts'
import { findFreePorts, findSetting, runCommand, startServer, untilReady } from './server-process.ts'

/** What a user may do, as regular expressions over names of queues and exchanges. Left out: nothing. */
export interface Permissions {
  readonly configure?: string
  readonly write?: string
  readonly read?: string
  /** Default `/`. */
  readonly virtualHost?: string
}

/** A real RabbitMQ. What is durable outlives `stop` and `kill`. */
export interface Rabbitmq {
  /** For the administrator `guest`. */
  readonly amqpUrl: string
  readonly port: number
  /** Its listener with TLS, which asks clients for no certificate but checks one that is given. */
  readonly tls: { readonly port: number; readonly certificates: Certificates } | undefined
  /** The same broker for another user, and another virtual host than `/`. */
  urlFor(name: string, password: string, virtualHost?: string): string
  /** Makes a virtual host that `guest` may use: a world of its own for one test. */
  addVirtualHost(name: string): Promise<void>
  /** Makes a user, or changes the password and the rights of one. */
  addUser(name: string, password: string, permissions: Permissions): Promise<void>
  /** Runs rabbitmqctl and gives what it said. */
  control(...words: readonly string[]): Promise<string>
  /** Shuts it down in order. */
  stop(): Promise<void>
  /** Ends it in the middle of whatever it does. */
  kill(): Promise<void>
  /** Starts it again on the same address and data. */
  start(): Promise<void>
  /** Ends it and deletes its data. */
  remove(): Promise<void>
}

const HINT = 'Run .ci/brokers.sh, which installs rabbitmq-server, or set LAUNCHTRACE_TEST_AMQP_URL.'
/** The programs themselves: what Debian puts on the path changes to the system's user and node. */
const PROGRAMS = ['/usr/lib/rabbitmq/bin', '/opt/rabbitmq/sbin', '/usr/local/sbin']

function findProgram(name: string): string {
  const found = PROGRAMS.map(directory => join(directory, name)).find(path => existsSync(path))
  return found ?? name
}

interface Ports {
  readonly amqp: number
  readonly amqps: number
  readonly distribution: number
  readonly epmd: number
}

function describeListeners(ports: Ports, certificates: Certificates | undefined): string {
  const lines = [
    `listeners.tcp.1 = 127.0.0.1:${ports.amqp}`,
    'disk_free_limit.absolute = 1MB',
    'log.console.level = warning',
  ]
  if (certificates === undefined) return lines.join('\n')
  lines.push(
    `listeners.ssl.1 = 127.0.0.1:${ports.amqps}`,
    `ssl_options.cacertfile = ${certificates.ca}`,
    `ssl_options.certfile = ${certificates.server.cert}`,
    `ssl_options.keyfile = ${certificates.server.key}`,
    'ssl_options.verify = verify_peer',
    'ssl_options.fail_if_no_peer_cert = false',
  )
  return lines.join('\n')
}

/** A node of the test's own: nothing of the system's RabbitMQ is read or written. */
function describeNode(directory: string, ports: Ports): Readonly<Record<string, string>> {
  const at = (name: string): string => join(directory, name)
  return {
    HOME: directory,
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(ports.epmd),
    RABBITMQ_CONF_ENV_FILE: at('no-environment'),
    RABBITMQ_CONFIG_FILE: at('rabbitmq.conf'),
    RABBITMQ_DIST_PORT: String(ports.distribution),
    RABBITMQ_ENABLED_PLUGINS_FILE: at('no-plugins'),
    RABBITMQ_LOG_BASE: at('log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_MNESIA_BASE: at('data'),
    RABBITMQ_NODENAME: `launchtrace-${ports.amqp}@localhost`,
    RABBITMQ_NODE_PORT: String(ports.amqp),
    RABBITMQ_PID_FILE: at('pid'),
    // Two schedulers are plenty, and a whole processor is not spun for the next message.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none',
    // The script then becomes the node, instead of waiting for it.
    RUNNING_UNDER_SYSTEMD: 'true',
  }
}

async function answers(url: string): Promise<boolean> {
  const connection = new Connection({ url, retryLow: 60_000 })
  connection.on('error', () => undefined)
  try {
    await connection.onConnect(3000, true)
    await connection.close()
    return true
  } finally {
    connection.unsafeDestroy()
  }
}

type Control = Rabbitmq['control']

async function addUser(
  control: Control,
  user: readonly [name: string, password: string],
  can: Permissions,
): Promise<void> {
  const users = await control('--quiet', '--no-table-headers', 'list_users')
  const isKnown = users.split('\n').some(line => line.split('\t')[0] === user[0])
  await control('--quiet', isKnown ? 'change_password' : 'add_user', ...user)
  const { configure = '', write = '', read = '', virtualHost = '/' } = can
  await control('--quiet', 'set_permissions', '-p', virtualHost, user[0], configure, write, read)
}

async function addVirtualHost(control: Control, name: string): Promise<void> {
  await control('--quiet', 'add_vhost', name)
  await control('--quiet', 'set_permissions', '-p', name, 'guest', '.*', '.*', '.*')
}

function urlAt(place: string): Rabbitmq['urlFor'] {
  return (name, password, virtualHost = '/') => `amqp://${name}:${password}@${place}/${encodeURIComponent(virtualHost)}`
}

/** Uses the broker of `deploy/test-compose.yaml`, at the given address. */
function useRunning(amqpUrl: string): Rabbitmq {
  const service = composeService('rabbitmq')
  const control: Control = (...words) => service.run('rabbitmqctl', ...words)
  const { hostname, port } = new URL(amqpUrl)
  return {
    ...service,
    amqpUrl,
    port: Number(port || '5672'),
    tls: undefined,
    urlFor: urlAt(`${hostname}:${port || '5672'}`),
    addVirtualHost: name => addVirtualHost(control, name),
    addUser: (name, password, permissions) => addUser(control, [name, password], permissions),
    control,
    remove: () => Promise.resolve(),
  }
}

interface Place {
  readonly directory: string
  readonly ports: Ports
  readonly certificates: Certificates | undefined
}

async function preparePlace(withTls: boolean): Promise<Place> {
  const directory = mkdtempSync(join(tmpdir(), 'launchtrace-rabbitmq-'))
  const [amqp = 0, amqps = 0, distribution = 0, epmd = 0] = await findFreePorts(4)
  const ports = { amqp, amqps, distribution, epmd }
  const certificates = withTls ? await makeCertificates(join(directory, 'tls')) : undefined
  mkdirSync(join(directory, 'log'))
  writeFileSync(join(directory, 'no-environment'), '')
  writeFileSync(join(directory, 'no-plugins'), '[].')
  writeFileSync(join(directory, 'rabbitmq.conf'), describeListeners(ports, certificates))
  writeFileSync(join(directory, '.erlang.cookie'), randomBytes(16).toString('hex'), { mode: 0o400 })
  return { directory, ports, certificates }
}

async function startOwn(withTls: boolean): Promise<Rabbitmq> {
  const { directory, ports, certificates } = await preparePlace(withTls)
  const env = describeNode(directory, ports)
  const urlFor = urlAt(`127.0.0.1:${ports.amqp}`)
  const amqpUrl = urlFor('guest', 'guest')
  // Started by us, so that it ends with the test: a node would leave one behind.
  const epmd = await startServer({ command: 'epmd', words: ['-port', String(ports.epmd)], env }, HINT)
  let server: ServerProcess | undefined
  const control: Control = (...words) => runCommand({ command: findProgram('rabbitmqctl'), words, env }, HINT)
  const start = async (): Promise<void> => {
    server = await startServer({ command: findProgram('rabbitmq-server'), words: [], env }, HINT)
    await untilReady(server, () => answers(amqpUrl))
  }
  await start()
  return {
    amqpUrl,
    port: ports.amqp,
    tls: certificates === undefined ? undefined : { port: ports.amqps, certificates },
    urlFor,
    addVirtualHost: name => addVirtualHost(control, name),
    addUser: (name, password, permissions) => addUser(control, [name, password], permissions),
    control,
    start,
    stop: async () => server?.stop(),
    kill: async () => server?.kill(),
    remove: async () => {
      await server?.kill()
      await epmd.kill()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/**
 * Starts a broker of the test's own, or uses the one of `deploy/test-compose.yaml` when LAUNCHTRACE_TEST_AMQP_URL says
 * where it is; one with TLS is always the test's own. Others may use that one too: queues, exchanges and users need names
 * of their own. Rejects with what to install.
 */
export async function startRabbitmq({ tls = false } = {}): Promise<Rabbitmq> {
  const running = findSetting('LAUNCHTRACE_TEST_AMQP_URL')
  return running === undefined || tls ? startOwn(tls) : useRunning(running)
}
