import type { NotificationSignal } from '../catalogue/entry.ts'
import type { RequestMeaning, Signal } from '../core/signal.ts'
import { formatMicros } from '../core/time.ts'
import { cinderFields } from './notification-cinder.ts'
import { neutronFields } from './notification-neutron.ts'
import { novaLegacyFields, novaVersionedFields } from './notification-nova.ts'
import { glanceFields, keystoneFields, profilerFields } from './notification-other.ts'
import type { Field } from '../catalogue/line.ts'
import type { JsonObject, Notification } from './notification.ts'
import { collectFields, finishSignal } from './recognise-fields.ts'

/** The signal that a notification states; undefined when it says nothing about a launch. */
export type RecogniseNotification = (notification: Notification) => Signal | undefined

/** Prepares the entries for lookup by form and event type. */
export function createRecogniseNotification(entries: readonly NotificationSignal[]): RecogniseNotification {
  const exact = new Map<string, NotificationSignal>()
  const roots: (readonly [root: string, entry: NotificationSignal])[] = []
  for (const entry of entries) {
    for (const type of entry.eventTypes) {
      if (type.endsWith('.*')) roots.push([`${entry.form} ${type.slice(0, -1)}`, entry])
      else exact.set(`${entry.form} ${type}`, entry)
    }
  }
  const remote = entries.find(entry => entry.id === 'notif.nova.l.wrap_exception')
  return notification => {
    const key = `${isVersioned(notification.payload) ? 'versioned' : 'unversioned'} ${notification.eventType}`
    const known = exact.get(key) ?? roots.find(([root]) => key.startsWith(root))?.[1]
    const entry = known ?? (isRemoteError(notification) ? remote : undefined)
    return entry === undefined ? undefined : toSignal(notification, entry)
  }
}

function isVersioned(payload: JsonObject): boolean {
  return 'nova_object.name' in payload
}

/** nova's wrap_exception names the event after the function, and sends nothing but exception and arguments. */
function isRemoteError({ eventType, payload, priority }: Notification): boolean {
  return priority === 'ERROR' && /^\w+$/.test(eventType) && 'exception' in payload && 'args' in payload
}

function toSignal(notification: Notification, entry: NotificationSignal): Signal {
  const fields = payloadFields(notification, entry)
  const { project, user } = whoOf(notification, fields)
  return finishSignal({
    name: entry.id,
    at: notification.at,
    host: hostOf(notification.publisherId),
    service: serviceOf(notification, entry),
    source: 'notification',
    requestMeaning: meaningOf(notification, entry),
    request: notification.request || valueOf(fields, 'request'),
    globalRequest: notification.globalRequest || valueOf(fields, 'global_request'),
    project,
    user,
    ...collectFields([['message_id', notification.messageId], ...fields.filter(([name]) => !OWN_FIELDS.has(name))]),
    text: `${notification.eventType} ${notification.publisherId}`,
  })
}

/** Fields of a payload that the signal has a place of its own for. */
const OWN_FIELDS = new Set(['project', 'user', 'request', 'global_request'])

function payloadFields(notification: Notification, entry: NotificationSignal): readonly Field[] {
  const fields = readPayload(notification, entry)
  return [['event', notification.eventType], ...askedFields(notification, entry), ...fields]
}

/** Nova hands one context from its API to the last compute node, so its own ones say when the launch was asked for. */
function askedFields({ askedAt }: Notification, { id }: NotificationSignal): readonly Field[] {
  return askedAt === undefined || !id.startsWith('notif.nova.') ? [] : [['asked_at', formatMicros(askedAt)]]
}

function readPayload({ payload, priority }: Notification, { id, form }: NotificationSignal): readonly Field[] {
  if (form === 'versioned') return novaVersionedFields(payload)
  if (id.startsWith('notif.nova.')) return novaLegacyFields(payload)
  if (id.startsWith('notif.neutron.')) return neutronFields(payload)
  if (id.startsWith('notif.cinder.')) return cinderFields(payload)
  if (id.startsWith('notif.glance.')) return [...glanceFields(payload), ['priority', priority]]
  return id.startsWith('notif.keystone.') ? keystoneFields(payload) : profilerFields(payload)
}

function valueOf(fields: readonly Field[], name: string): string {
  return fields.find(([field]) => field === name)?.[1] ?? ''
}

/** The payload's owner of the instance counts more than the caller, who may be an administrator or a service. */
function whoOf(notification: Notification, fields: readonly Field[]): Pick<Signal, 'project' | 'user'> {
  return {
    project: valueOf(fields, 'project') || notification.project,
    user: valueOf(fields, 'user') || notification.user,
  }
}

/** A periodic task has an id, shared by unrelated work, and no user. */
function meaningOf(notification: Notification, entry: NotificationSignal): RequestMeaning {
  const anonymous = notification.user === '' && notification.project === '' && notification.globalRequest === ''
  return anonymous && entry.requestMeaning !== 'none' ? 'service' : entry.requestMeaning
}

/**
 * `nova-compute:host`, `compute.host`, `volume.host@backend#pool`. Whose clock the timestamp is: also for instance.update,
 * which a conductor sends in the compute's name. glance's default `image.localhost` names no host.
 */
function hostOf(publisherId: string): string {
  const start = publisherId.includes(':') ? publisherId.indexOf(':') : publisherId.indexOf('.')
  const host = start < 0 ? '' : publisherId.slice(start + 1).replace(/[@#].*$/, '')
  return host === 'localhost' ? '' : host
}

const BINARIES: ReadonlyMap<string, string> = new Map([
  ['compute', 'nova-compute'],
  ['conductor', 'nova-conductor'],
  ['compute_task', 'nova-conductor'],
  ['api', 'nova-api'],
  ['scheduler', 'nova-scheduler'],
])

function serviceOf({ publisherId }: Notification, { id, service }: NotificationSignal): string {
  const publisher = /^[\w-]+/.exec(publisherId)?.[0] ?? ''
  const binary = publisher.startsWith('nova-') ? publisher : BINARIES.get(publisher)
  if (!id.startsWith('notif.nova.') || binary === undefined) return service
  // Saves of nova-compute run in the conductor, which sends them under the compute's name (nova: nova/objects/instance.py).
  return id.endsWith('.update') && binary === 'nova-compute' ? 'nova-conductor' : binary
}
