import type { AccessSignal, Api } from './entry.ts'
import { isUuid } from './path.ts'
import type { RequestPath } from './path.ts'

/** A request as an access line names it, its path taken apart. */
export interface Request {
  readonly method: string
  readonly path: RequestPath
  /** The program that answered; empty when unknown. It keeps one service's paths from being taken for another's. */
  readonly service: string
}

/** Finds the entry of a request; undefined when the call says nothing about a launch. */
export type FindRoute = (request: Request) => AccessSignal | undefined

interface Route {
  readonly signal: AccessSignal
  readonly pattern: readonly string[]
}

const VERSIONS: Readonly<Record<Api, RegExp>> = {
  nova: /^v2(?:\.\d+)?$/,
  placement: /^$/,
  neutron: /^v2\.0$/,
  glance: /^v2$/,
  cinder: /^v[123]$/,
  keystone: /^v3$/,
  metadata: /^$/,
}

const METADATA_VERSION = /^(?:openstack|latest|\d{4}-\d\d-\d\d|1\.0)$/
const PROJECT = /^(?:[0-9a-f]{32}|[0-9a-f-]{36})$/

/** Looks requests up by method and first resource, then compares the few patterns left. */
export function createFindRoute(signals: readonly AccessSignal[]): FindRoute {
  const routes = indexRoutes(signals)
  return ({ method, path, service }) => {
    const { version, resource } = resourceOf(path.segments)
    const first = version === '' && METADATA_VERSION.test(resource[0] ?? '') ? '*' : (resource[0] ?? '')
    const candidates = routes.get(`${method} ${first}`) ?? []
    return candidates.find(({ signal, pattern }) => {
      return (
        VERSIONS[signal.api].test(version) &&
        answers(service, signal.api) &&
        fits(pattern, resource) &&
        asks(signal.query, path.query)
      )
    })?.signal
  }
}

function indexRoutes(signals: readonly AccessSignal[]): ReadonlyMap<string, readonly Route[]> {
  const routes = signals.flatMap(signal => signal.paths.map(path => ({ signal, pattern: path.split('/') })))
  const byKey = new Map<string, Route[]>()
  for (const route of routes) {
    for (const method of route.signal.methods) {
      const key = `${method} ${route.pattern[0] ?? ''}`
      byKey.set(key, [...(byKey.get(key) ?? []), route])
    }
  }
  return byKey
}

function resourceOf(segments: readonly string[]): { version: string; resource: readonly string[] } {
  const version = /^v\d/.test(segments[0] ?? '') ? (segments[0] ?? '') : ''
  const afterVersion = version === '' ? segments : segments.slice(1)
  const hasProject = version !== '' && afterVersion.length > 1 && PROJECT.test(afterVersion[0] ?? '')
  const resource = hasProject ? afterVersion.slice(1) : afterVersion
  return { version, resource: resource.map(segment => segment.replace(/\.json$/, '')) }
}

function fits(pattern: readonly string[], resource: readonly string[]): boolean {
  const open = pattern.at(-1) === '**'
  const fixed = open ? pattern.slice(0, -1) : pattern
  if (open ? resource.length < fixed.length : resource.length !== fixed.length) return false
  return fixed.every((wanted, index) => {
    const segment = resource[index] ?? ''
    if (wanted !== '*') return wanted === segment
    return isUuid(segment) || (index === 0 && METADATA_VERSION.test(segment))
  })
}

function asks(wanted: string | undefined, query: string): boolean {
  if (wanted === undefined) return true
  return wanted === '?' ? query !== '' : query.includes(`${wanted}=`)
}

/** nova-api and neutron's agents serve the guests' metadata beside their own calls. */
function answers(service: string, api: Api): boolean {
  const owner = /^(nova|placement|neutron|ovn|glance|cinder|keystone)\b/.exec(service)?.[1]
  if (owner === undefined || owner === api) return true
  return api === 'metadata' && (owner === 'nova' || owner === 'neutron' || owner === 'ovn')
}
