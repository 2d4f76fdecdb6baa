import { hash64 } from '../core/hash.ts'
import type { UnixMicros } from '../core/time.ts'
import type { ApiCall } from './api-calls.ts'
import { findApiCalls, routeOf } from './api-calls.ts'
import { parentAt } from './detail-drafts.ts'
import { statedStart, textOf } from './fact.ts'
import type { SpanInput } from './spans.ts'
import type { SpanDraft } from './span-tree.ts'
import { ROOT } from './span-tree.ts'

interface CallPlace {
  readonly input: SpanInput
  readonly parent: string
  readonly isShared: boolean
}

function callDraft(call: ApiCall, { input, parent, isShared }: CallPlace): SpanDraft {
  const { signal } = call.facts[0]
  return {
    trace: input.trace,
    path: `${parent}/call/${signal.id}`,
    parent,
    name: routeOf(call),
    service: call.service,
    host: call.service === signal.service ? signal.host : '',
    from: call.from,
    to: call.to,
    startOrigin: call.startOrigin,
    endOrigin: 'measured',
    status: Number(call.status) >= 400 ? 'error' : 'ok',
    attributes: {
      'launchtrace.kind': 'call',
      ...(isShared ? { 'launchtrace.shared': 'true' } : {}),
      'http.request.method': call.method,
      'url.path': call.path,
      ...(call.status === '' ? {} : { 'http.response.status_code': call.status }),
      'openstack.request.id': signal.request,
    },
    facts: call.facts,
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

function namesOwn({ facts }: ApiCall): boolean {
  return facts.some(({ signal }) => signal.instances.length + signal.ports.length + signal.volumes.length > 0)
}

interface Tree {
  readonly input: SpanInput
  readonly drafts: readonly SpanDraft[]
  readonly launch: string
}

/** Where a call hangs; undefined when it is told with a sibling, because nothing says whose it is. */
function placeOf(call: ApiCall, { input, drafts, launch }: Tree): CallPlace | undefined {
  const isOwn = input.isOnly || namesOwn(call)
  if (!isOwn && !input.carriesShared) return undefined
  const shared = sharedPhaseAt(call.from, drafts)
  if (!isOwn) return { input, parent: shared ?? ROOT, isShared: true }
  return { input, parent: shared ?? parentAt(call.from, drafts, launch), isShared: false }
}

/**
 * Spans for every call into placement, glance, neutron, cinder and keystone, and for what the guest asks for. A call that
 * names no instance, port or volume belongs to all launches of its request and is told once.
 */
export function callDrafts(input: SpanInput, drafts: readonly SpanDraft[], launch: string): readonly SpanDraft[] {
  const calls = findApiCalls(input.picture.facts, input.request).flatMap(call => {
    const place = placeOf(call, { input, drafts, launch })
    return place === undefined ? [] : [callDraft(call, place)]
  })
  return [...calls, ...guestDrafts(input, launch)]
}
