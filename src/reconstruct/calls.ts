import { hash64 } from '../core/hash.ts'
import type { UnixMicros } from '../core/time.ts'
import { parentAt } from './detail-drafts.ts'
import type { Fact } from './fact.ts'
import { isCoarse, statedStart, textOf } from './fact.ts'
import type { SpanInput } from './spans.ts'
import type { SpanDraft } from './span-tree.ts'

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

function callDraft(fact: Fact, { input, parent }: { input: SpanInput; parent: string }): SpanDraft {
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

/** Where a call hangs: below the phase of nova that was running it, `api` and `schedule` before the build, else a build. */
function parentOfCall(at: number, drafts: readonly SpanDraft[], launch: string): string {
  const shared = drafts.find(
    ({ name, parent, from, to }) =>
      parent === 'request' && (name === 'api' || name === 'schedule') && from <= at && at <= to,
  )
  return shared?.path ?? parentAt(at, drafts, launch)
}

/**
 * Spans for every call into placement, glance, neutron, cinder and keystone, and for what the guest asks for. Calls that
 * name no instance stay with the launch that carries what its siblings share.
 */
export function callDrafts(input: SpanInput, drafts: readonly SpanDraft[], launch: string): readonly SpanDraft[] {
  const own = input.picture.facts.filter(
    fact =>
      isCall(fact, input.request) &&
      (input.carriesShared || fact.signal.instances.length + fact.signal.ports.length > 0),
  )
  const calls = withoutEchoes(own).map(fact =>
    callDraft(fact, { input, parent: parentOfCall(statedStart(fact) ?? fact.at, drafts, launch) }),
  )
  return [...calls, ...guestDrafts(input, launch)]
}
