import { access } from './access.ts'
import { cinder } from './cinder.ts'
import type { AccessSignal, Family, LogSignal, NotificationSignal } from './entry.ts'
import { GENERIC_LOGGERS, LIBRARY_LOGGERS, SERVICE_LOGGERS } from './generic.ts'
import { glance } from './glance.ts'
import { hypervisor } from './hypervisor.ts'
import { keystone } from './keystone.ts'
import { library } from './library.ts'
import { metadata } from './metadata.ts'
import { networkFabric } from './network-fabric.ts'
import { neutronDhcpAgent } from './neutron-dhcp-agent.ts'
import { neutronOvsAgent } from './neutron-ovs-agent.ts'
import { neutronServer } from './neutron-server.ts'
import { notifications } from './notifications.ts'
import { novaApi } from './nova-api.ts'
import { novaCompute } from './nova-compute.ts'
import { novaConductor } from './nova-conductor.ts'
import { novaScheduler } from './nova-scheduler.ts'
import { placement } from './placement.ts'

/** Everything the services say that belongs to a launch. */
export interface Catalogue {
  readonly logs: readonly LogSignal[]
  readonly access: readonly AccessSignal[]
  readonly notifications: readonly NotificationSignal[]
}

/** The catalogue of OpenStack Pike to today. */
export const catalogue: Catalogue = {
  logs: [
    ...novaApi,
    ...novaConductor,
    ...novaScheduler,
    ...novaCompute,
    ...placement,
    ...neutronServer,
    ...neutronOvsAgent,
    ...neutronDhcpAgent,
    ...metadata,
    ...cinder,
    ...glance,
    ...keystone,
    ...networkFabric,
    ...hypervisor,
    ...library,
  ],
  access,
  notifications,
}

/** Loggers that write access lines: eventlet's servers, and the request logs of nova and placement under WSGI. */
export const ACCESS_LOGGERS: ReadonlySet<string> = new Set([
  'nova.osapi_compute.wsgi.server',
  'nova.metadata.wsgi.server',
  'nova.api.openstack.requestlog',
  'nova.wsgi.server',
  'neutron.wsgi',
  'cinder.eventlet.wsgi.server',
  'glance.eventlet.wsgi.server',
  'eventlet.wsgi.server',
  'placement.requestlog',
  'nova.api.openstack.placement.requestlog',
])

/** Logger of a notification that `driver = log` writes; the event type follows. */
export const NOTIFICATION_LOGGER = 'oslo.messaging.notification.'

/** A record as far as its header tells. */
export interface Header {
  readonly family: Family
  readonly logger: string
  /** Upper case; empty where the format has none. */
  readonly level: string
}

/** Whether a record with this header may become a signal; the others need not be read further. */
export type IsWanted = (header: Header) => boolean

/** Collects what any entry is catalogued for. */
export function createIsWanted({ logs }: Catalogue): IsWanted {
  const loggers = new Set(logs.flatMap(entry => entry.loggers.map(logger => `${entry.family ?? 'oslo'} ${logger}`)))
  const families = new Set<Family>(['uwsgi', 'apache'])
  for (const entry of logs) if (entry.loggers.length === 0) families.add(entry.family ?? 'oslo')
  return header => {
    if (families.has(header.family) || loggers.has(`${header.family} ${header.logger}`)) return true
    return header.family === 'oslo' && isWantedOslo(header)
  }
}

function isWantedOslo({ logger, level }: Header): boolean {
  if (ACCESS_LOGGERS.has(logger) || logger.startsWith(NOTIFICATION_LOGGER)) return true
  if (level === 'DEBUG' || level === 'TRACE') return false
  if (level === 'INFO') return GENERIC_LOGGERS.some(root => logger.startsWith(root))
  return SERVICE_LOGGERS.test(logger) || LIBRARY_LOGGERS.test(logger)
}

/** The steps of the launch flow that a signal shows; none for a name that is not catalogued. */
export function stepsOf(name: string): readonly string[] {
  return STEPS.get(name) ?? []
}

const STEPS: ReadonlyMap<string, readonly string[]> = new Map(
  [...catalogue.logs, ...catalogue.access, ...catalogue.notifications].map(({ id, steps }) => [id, steps]),
)
