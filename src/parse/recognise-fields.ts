import { isUuid } from '../catalogue/path.ts'
import { headLine } from '../catalogue/line.ts'
import type { Field } from '../catalogue/line.ts'
import { hash128 } from '../core/hash.ts'
import type { Signal } from '../core/signal.ts'
import { maskSecrets } from './mask.ts'

/** Longest value of an attribute, in UTF-16 code units. */
export const VALUE_LIMIT = 300

/** Longest text kept of a signal, in UTF-16 code units. */
export const TEXT_LIMIT = 400

/** Longest name or id, in UTF-16 code units: nova's own columns hold 255. */
export const NAME_LIMIT = 255

/** The ids and attributes of a signal. */
export type Collected = Pick<Signal, 'instances' | 'ports' | 'volumes' | 'aliases' | 'attributes'>

/** A signal before its id is known. */
export type Draft = Omit<Signal, 'id'>

interface Collecting {
  readonly instances: Set<string>
  readonly ports: Set<string>
  readonly volumes: Set<string>
  readonly aliases: Set<string>
  readonly attributes: Map<string, string>
}

/**
 * Sorts fields into ids, aliases and attributes by their names: `instance`, `port`, `volume` (plural too) are ids; `mac`,
 * `devname`, `domain`, `attachment` and `alias` are aliases; every other one is an attribute, the first value counts.
 */
export function collectFields(fields: readonly Field[]): Collected {
  const into = {
    instances: new Set<string>(),
    ports: new Set<string>(),
    volumes: new Set<string>(),
    aliases: new Set<string>(),
    attributes: new Map<string, string>(),
  }
  for (const field of fields) placeField(into, field)
  placeTag(into)
  placeAddress(into)
  return {
    instances: [...into.instances],
    ports: [...into.ports],
    volumes: [...into.volumes],
    aliases: [...into.aliases],
    attributes: Object.fromEntries(into.attributes),
  }
}

function placeField(into: Collecting, [name, value]: Field): void {
  if (value === '') return
  if (name === 'instance' || name === 'instances') placeId(into.instances, value)
  else if (name === 'port' || name === 'ports') placeId(into.ports, value)
  else if (name === 'volume' || name === 'volumes') placeId(into.volumes, value)
  else if (name === 'mac') into.aliases.add(`mac:${value.toLowerCase()}`)
  else if (name === 'devname') placeDevice(into, value)
  else if (name === 'domain') into.aliases.add(`domain:${value}`)
  else if (name === 'attachment') into.aliases.add(`attachment:${value.toLowerCase()}`)
  else if (name === 'alias') into.aliases.add(value)
  else if (!into.attributes.has(name)) into.attributes.set(name, bounded(maskSecrets(value), VALUE_LIMIT))
}

function placeId(into: Set<string>, value: string): void {
  if (isUuid(value)) into.add(value.toLowerCase())
}

/** `tap`, `qvo`, `vhu` and the like are followed by the first 11 characters of the port's uuid. */
function placeDevice(into: Collecting, device: string): void {
  const port = /^(?:tap|qvo|qvb|qbr|vhu|vnet|sg)([0-9a-f]{8}-[0-9a-f]{2})$/.exec(device)?.[1]
  if (port === undefined) into.attributes.set('device', bounded(device, NAME_LIMIT))
  else into.aliases.add(`tap:${port}`)
}

/** The tag of an event names a port or a volume, as the event's name says. */
function placeTag(into: Collecting): void {
  const tag = into.attributes.get('tag')
  if (!isUuid(tag)) return
  const event = into.attributes.get('event') ?? ''
  if (event.startsWith('network-')) into.ports.add(tag.toLowerCase())
  else if (event.startsWith('volume-')) into.volumes.add(tag.toLowerCase())
  else return
  into.attributes.delete('tag')
}

function placeAddress(into: Collecting): void {
  const [network, ip] = [into.attributes.get('network'), into.attributes.get('ip')]
  if (isUuid(network) && ip !== undefined) into.aliases.add(`ip:${network.toLowerCase()}/${ip}`)
}

/** The signal that a draft says: its id is a hash of everything but the text. */
export function finishSignal(draft: Draft): Signal {
  const text = bounded(maskSecrets(headLine(draft.text).slice(0, 4 * TEXT_LIMIT)), TEXT_LIMIT)
  const named = withBoundedNames(draft)
  return { id: signalIdOf(named), ...named, text }
}

/** The id of what a draft says: a hash of everything but the text. */
export function signalIdOf(draft: Omit<Draft, 'text'>): string {
  return hash128(canonical(draft))
}

/**
 * Cut, and without halves of characters: a payload may hold them, a cut may make them, and no store takes them, so one
 * would keep all other facts out.
 */
function bounded(value: string, limit: number): string {
  return value.slice(0, limit).toWellFormed()
}

function withBoundedNames(draft: Draft): Draft {
  const name = (value: string): string => bounded(value, NAME_LIMIT)
  return {
    ...draft,
    host: name(draft.host),
    service: name(draft.service),
    request: name(draft.request),
    globalRequest: name(draft.globalRequest),
    project: name(draft.project),
    user: name(draft.user),
    aliases: draft.aliases.map(name),
  }
}

function canonical(draft: Omit<Draft, 'text'>): string {
  return JSON.stringify([
    draft.name,
    draft.at,
    draft.host,
    draft.service,
    draft.source,
    draft.requestMeaning,
    draft.request,
    draft.globalRequest,
    draft.project,
    draft.user,
    draft.instances,
    draft.ports,
    draft.volumes,
    draft.aliases,
    Object.entries(draft.attributes).sort(([a], [b]) => (a < b ? -1 : 1)),
  ])
}
