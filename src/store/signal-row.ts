import { linksOf } from '../core/links.ts'
import type { RequestMeaning, Signal, SignalSource } from '../core/signal.ts'
import { micros } from '../core/time.ts'
import { toDateTime64 } from './moment.ts'

/** A signal as a row of the table `signals`; reading gives `at` in microseconds. */
export interface SignalRow<Moment> {
  readonly key: string
  readonly at: Moment
  readonly id: string
  readonly name: string
  readonly host: string
  readonly service: string
  readonly source: SignalSource
  readonly request_meaning: RequestMeaning
  readonly request: string
  readonly global_request: string
  readonly project: string
  readonly user: string
  readonly instances: readonly string[]
  readonly ports: readonly string[]
  readonly volumes: readonly string[]
  readonly aliases: readonly string[]
  readonly attributes: Readonly<Record<string, string>>
  readonly text: string
}

/** A row of the table `links`. */
export interface LinkRow {
  readonly link: string
  readonly key: string
}

/** What a query selects so that `fromSignalRow` can read it. */
export const SIGNAL_COLUMNS = `toUnixTimestamp64Micro(at) AS at, id, name, host, service, source, request_meaning,
  request, global_request, project, user, instances, ports, volumes, aliases, attributes, text`

export function toSignalRow(signal: Signal): SignalRow<string> {
  return {
    key: linksOf(signal)[0] ?? '',
    at: toDateTime64(signal.at),
    id: signal.id,
    name: signal.name,
    host: signal.host,
    service: signal.service,
    source: signal.source,
    request_meaning: signal.requestMeaning,
    request: signal.request,
    global_request: signal.globalRequest,
    project: signal.project,
    user: signal.user,
    instances: signal.instances,
    ports: signal.ports,
    volumes: signal.volumes,
    aliases: signal.aliases,
    attributes: signal.attributes,
    text: signal.text,
  }
}

export function fromSignalRow(row: Omit<SignalRow<number>, 'key'>): Signal {
  return {
    id: row.id,
    name: row.name,
    at: micros(row.at),
    host: row.host,
    service: row.service,
    source: row.source,
    requestMeaning: row.request_meaning,
    request: row.request,
    globalRequest: row.global_request,
    project: row.project,
    user: row.user,
    instances: row.instances,
    ports: row.ports,
    volumes: row.volumes,
    aliases: row.aliases,
    attributes: row.attributes,
    text: row.text,
  }
}

/** The distinct links of some signals, without those that are the key itself: a key needs no detour. */
export function toLinkRows(signals: readonly Signal[]): readonly LinkRow[] {
  const rows = new Map<string, LinkRow>()
  for (const signal of signals) {
    const links = linksOf(signal)
    const key = links[0] ?? ''
    for (const link of links) if (link !== key) rows.set(`${link}\n${key}`, { link, key })
  }
  return [...rows.values()]
}
