import { homedir } from 'node:os'
import { join } from 'node:path'
import { catalogue } from '../../src/catalogue/catalogue.ts'
import { createInterest } from '../../src/parse/recognise.ts'
import type { Source } from '../../src/pipeline/stage.ts'
import { createJournaldSource } from '../../src/sources/journald/journald-source.ts'
import { findBrokerAddress } from '../../src/sources/rabbitmq/broker-address.ts'
import { createRabbitmqSource } from '../../src/sources/rabbitmq/source.ts'
import type { Telemetry } from '../../src/telemetry/telemetry.ts'
import { toNodeTls } from '../../src/transport/client-tls.ts'
import type { Config, JournaldConfig, RabbitmqConfig } from '../config/schema.ts'
import type { Role } from '../config/role.ts'
import { UsageError } from '../usage-error.ts'
import { dataDirectoryOf } from './make-store.ts'
import { readClientTls } from './tls-files.ts'

export interface SourcesDeps {
  readonly telemetry: Telemetry
  readonly role: Role
}

/** Where the sources of a process remember how far they are. */
export function stateDirectoryOf(config: Config, role: Role): string {
  if (config.state !== undefined) return config.state
  const data = role === 'agent' ? undefined : dataDirectoryOf(config)
  if (data !== undefined) return join(data, 'state')
  if (process.getuid?.() === 0) return '/var/lib/launchtrace'
  return join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'launchtrace')
}

function makeRabbitmq(config: RabbitmqConfig, telemetry: Telemetry): Source {
  const { name, url, user, password, queue, exchanges, topics, prefetch, tls } = config
  const address = findBrokerAddress(url)
  if (address === undefined)
    throw new UsageError(`sources.rabbitmq: ${JSON.stringify(url)} is no address of a broker; write amqp://HOST:5672/.`)
  const login = {
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password: password.reveal() }),
  }
  const options = { name, address: { ...address, ...login }, queue, exchanges, topics, prefetch }
  const trusted = tls === undefined ? {} : { tls: toNodeTls(readClientTls(tls)) }
  return createRabbitmqSource({ ...options, ...trusted }, { telemetry })
}

interface Common extends SourcesDeps {
  readonly config: Config
  readonly stateDirectory: string
}

function makeJournald(
  { units, directory, namespace, host }: JournaldConfig,
  { config, stateDirectory, telemetry }: Common,
): Source {
  return createJournaldSource(
    {
      units,
      ...(directory === undefined ? {} : { directory }),
      ...(namespace === undefined ? {} : { namespace }),
      host: host ?? config.host,
      timezone: config.timezone,
      stateDirectory,
      maxMessageBytes: config.limits.lineBytes,
    },
    { wanted: createInterest(catalogue), telemetry },
  )
}

/** Every source that a configuration names. */
export function makeSources(config: Config, deps: SourcesDeps): readonly Source[] {
  const { rabbitmq, journald } = config.sources
  const common: Common = { ...deps, config, stateDirectory: stateDirectoryOf(config, deps.role) }
  return [
    ...rabbitmq.map(each => makeRabbitmq(each, deps.telemetry)),
    ...(journald === undefined ? [] : [makeJournald(journald, common)]),
  ]
}
