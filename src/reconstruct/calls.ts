import { hash64 } from '../core/hash.ts'
import type { UnixMicros } from '../core/time.ts'
import { parentAt } from './detail-drafts.ts'
import type { Fact } from './fact.ts'
import { isCoarse, statedStart, textOf } from './fact.ts'
import type { SpanInput } from './spans.ts'
import type { SpanDraft } from './span-tree.ts'
import { ROOT } from './span-tree.ts'

/** Requests of clients that watch or end a launch are not work of it. */
const WATCHING = /^access\.nova\.(show|detail|actions_api|delete|action|create)/
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?<=\/)[0-9a-f]{32}(?=\/|$)/g

function isCall({ signal }: Fact, request: string): boolean {
  if (!signal.name.startsWith('access.') || WATCHING.test(signal.name)) return false
  // A client's poll makes nova-api ask neutron about the instance, under the request id of the poll.
  return signal.globalRequest === '' || signal.globalRequest === request || signal.request === request
}

/** How far a line of uWSGI may lie from the service's own line of the same call. Microseconds. */
const ECHO_MICROS = 2e6

/** uWSGI writes a second line about a call that the service logs itself: the service's own is kept. */
function withoutEchoes(calls: readonly Fact[]): readonly Fact[] {
  const same = (a: Fact, b: Fact): boolean =>
    callName(a) === callName(b) && a.signal.service === b.signal.service && Math.abs(a.at - b.at) <= ECHO_MICROS
  const fine = calls.filter(({ signal }) => !isCoarse(signal))
  return calls.filter(call => !isCoarse(call.signal) || !fine.some(other => same(call, other)))
}

/** `PUT /v2.0/ports/{id}`: one name for all calls of a route. */
function callName(fact: Fact): string {
  return `${textOf(fact.signal, 'method')} ${textOf(fact.signal, 'path').replace(UUID, '{id}')}`
}

interface CallPlace {
  readonly input: SpanInput
  readonly parent: string
  readonly isShared: boolean
}

function callDraft(fact: Fact, { input, parent, isShared }: CallPlace): SpanDraft {
  const { signal } = fact
  const start = statedStart(fact)
  const status = textOf(signal, 'status')
  return {
    trace: input.trace,
    path: `${parent}/call/${signal.id}`,
    parent,
    name: callName(fact),
    service: signal.service,
    host: signal.host,
    from: start ?? fact.at,
    to: fact.at,
    startOrigin: start === undefined ? 'inferred' : 'derived',
    endOrigin: 'measured',
    status: Number(status) >= 400 ? 'error' : 'ok',
    attributes: {
      'launchtrace.kind': 'call',
      ...(isShared ? { 'launchtrace.shared': 'true' } : {}),
      'http.request.method': textOf(signal, 'method'),
      'url.path': textOf(signal, 'path'),
      'http.response.status_code': status,
      'openstack.request.id': signal.request,
    },
    facts: [fact],
  }
}

function guestDrafts(input: SpanInput, launch: string): readonly SpanDraft[] {
  return input.picture.guest
    .filter(({ signal }) => /^(access\.metadata|haproxy\.metadata|ovn\.dhcp|dnsmasq\.dhcp)/.test(signal.name))
    .map(fact => {
      const { signal } = fact
      const start = statedStart(fact) ?? fact.at
      const isDhcp = signal.name.endsWith('.dhcp')
      return {
        trace: input.trace,
        path: `${launch}/guest/${hash64(signal.id)}`,
        parent: launch,
        name: isDhcp ? 'guest_dhcp' : 'guest_meta',
        service: signal.service,
        host: signal.host,
        from: start,
        to: Math.max(start, fact.at) as UnixMicros,
        startOrigin: start === fact.at ? ('measured' as const) : ('derived' as const),
        endOrigin: 'measured' as const,
        status: 'unset' as const,
        attributes: { 'launchtrace.kind': 'guest', 'url.path': textOf(signal, 'path') },
        facts: [fact],
      }
    })
}

/** `api` or `schedule`, when one of them was running: their calls are shared by all launches of the request. */
function sharedPhaseAt(at: number, drafts: readonly SpanDraft[]): string | undefined {
  return drafts.find(
    ({ parent, attributes, from, to }) =>
      parent === ROOT && attributes['launchtrace.kind'] === 'phase' && from <= at && at <= to,
  )?.path
}

function namesOwn({ signal }: Fact): boolean {
  return signal.instances.length + signal.ports.length + signal.volumes.length > 0
}

/** Where a call hangs; undefined when it is told with a sibling, because nothing says whose it is. */
function placeOf(
  fact: Fact,
  drafts: readonly SpanDraft[],
  { input, launch }: Place,
): { parent: string; isShared: boolean } | undefined {
  const at = statedStart(fact) ?? fact.at
  const isOwn = input.isOnly || namesOwn(fact)
  if (!isOwn && !input.carriesShared) return undefined
  const shared = sharedPhaseAt(at, drafts)
  if (!isOwn) return { parent: shared ?? ROOT, isShared: true }
  return { parent: shared ?? parentAt(at, drafts, launch), isShared: false }
}

interface Place {
  readonly input: SpanInput
  readonly launch: string
}

/**
 * Spans for every call into placement, glance, neutron, cinder and keystone, and for what the guest asks for. A call that
 * names no instance, port or volume belongs to all launches of its request and is told once.
 */
export function callDrafts(input: SpanInput, drafts: readonly SpanDraft[], launch: string): readonly SpanDraft[] {
  const own = input.picture.facts.filter(fact => isCall(fact, input.request))
  const calls = withoutEchoes(own).flatMap(fact => {
    const place = placeOf(fact, drafts, { input, launch })
    return place === undefined ? [] : [callDraft(fact, { input, ...place })]
  })
  return [...calls, ...guestDrafts(input, launch)]
}
