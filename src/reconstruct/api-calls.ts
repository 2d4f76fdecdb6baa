import type { EdgeOrigin } from '../core/launch.ts'
import type { UnixMicros } from '../core/time.ts'
import type { Fact } from './fact.ts'
import { isCoarse, statedStart, textOf } from './fact.ts'

/** One call into another service's API. */
export interface ApiCall {
  /** Who served it. */
  readonly service: string
  readonly method: string
  readonly path: string
  readonly status: string
  readonly from: UnixMicros
  readonly to: UnixMicros
  readonly startOrigin: EdgeOrigin
  /** What shows it. */
  readonly facts: readonly [Fact, ...Fact[]]
}

/** Requests of clients that watch or end a launch are not work of it. */
const WATCHING = /^access\.nova\.(show|detail|actions_api|delete|action|create)/
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?<=\/)[0-9a-f]{32}(?=\/|$)/g

function isOfLaunch({ signal }: Fact, request: string): boolean {
  // A client's poll makes nova-api ask neutron about the instance, under the request id of the poll.
  return signal.globalRequest === '' || signal.globalRequest === request || signal.request === request
}

function fromAccessLine(fact: Fact): ApiCall {
  const start = statedStart(fact)
  return {
    service: fact.signal.service,
    method: textOf(fact.signal, 'method'),
    path: textOf(fact.signal, 'path'),
    status: textOf(fact.signal, 'status'),
    from: start ?? fact.at,
    to: fact.at,
    startOrigin: start === undefined ? 'inferred' : 'derived',
    facts: [fact],
  }
}

/** Cinder writes a line when it takes a request and one when it answers (cinder: cinder/api/openstack/wsgi.py). */
function fromCinder(facts: readonly Fact[]): readonly ApiCall[] {
  const taken = new Map<string, Fact>()
  const calls: ApiCall[] = []
  for (const fact of facts) {
    const { name, request } = fact.signal
    if (name === 'cinder.api.request') taken.set(request, fact)
    const start = taken.get(request)
    if (name !== 'cinder.api.response' || start === undefined) continue
    calls.push({
      service: start.signal.service,
      method: textOf(start.signal, 'method'),
      path: textOf(start.signal, 'path'),
      status: textOf(fact.signal, 'status'),
      from: start.at,
      to: fact.at,
      startOrigin: 'measured',
      facts: [start, fact],
    })
    taken.delete(request)
  }
  return calls
}

/**
 * Keystone logs no id of its callers and its answers are cached, so its calls are seen at the caller, when the answer was
 * there (keystoneauth1: session.py). Other services say themselves what they were asked.
 */
function fromCaller(fact: Fact): readonly ApiCall[] {
  const { signal, at } = fact
  const path = textOf(signal, 'path')
  if (signal.name !== 'keystoneauth.used_request_id' || !path.startsWith('/v3/auth/')) return []
  const method = textOf(signal, 'method')
  return [{ service: 'keystone', method, path, status: '', from: at, to: at, startOrigin: 'inferred', facts: [fact] }]
}

/** `PUT /v2.0/ports/{id}`: one name for all calls of a route. */
export function routeOf({ method, path }: ApiCall): string {
  return `${method} ${path.replace(UUID, '{id}')}`
}

/** How far a line of uWSGI may lie from the service's own line of the same call. Microseconds. */
const ECHO_MICROS = 2e6

function isEcho(call: ApiCall, other: ApiCall): boolean {
  const [{ signal }] = call.facts
  const [{ signal: original }] = other.facts
  const isSame = call.method === other.method && call.path === other.path && signal.service === original.service
  return isSame && Math.abs(call.to - other.to) <= ECHO_MICROS
}

/** uWSGI writes a second line about a call that the service logs itself: the service's own is kept. */
function withoutEchoes(calls: readonly ApiCall[]): readonly ApiCall[] {
  const fine = calls.filter(({ facts: [fact] }) => !isCoarse(fact.signal))
  return calls.filter(call => !isCoarse(call.facts[0].signal) || !fine.some(other => isEcho(call, other)))
}

/** Calls into placement, glance, neutron, cinder and keystone among the facts of a launch, in order of their end. */
export function findApiCalls(facts: readonly Fact[], request: string): readonly ApiCall[] {
  const own = facts.filter(fact => isOfLaunch(fact, request))
  const lines = own.filter(({ signal }) => signal.name.startsWith('access.') && !WATCHING.test(signal.name))
  return withoutEchoes([...lines.map(fromAccessLine), ...fromCinder(own), ...own.flatMap(fromCaller)]).toSorted(
    (a, b) => a.to - b.to,
  )
}
