import type { Signal } from '../core/signal.ts'
import type { SignalIndex } from './signal-index.ts'

export function isNova(signal: Signal): boolean {
  return signal.service.startsWith('nova-')
}

export function isOf(signal: Signal, request: string): boolean {
  return request !== '' && (signal.request === request || signal.globalRequest === request)
}

/**
 * What may join a launch. A client may send any id as its global one, also that of somebody else's launch, and may name
 * any instance in its own calls; so an id alone opens nothing.
 */
export interface Gate {
  /** Ids under which other services may know the request: nova's own, and the one that its client sent. */
  readonly ids: ReadonlySet<string>
  /** For signals found by the request's ids. */
  acceptsByRequest(signal: Signal): boolean
  /** For signals that name the instance. */
  acceptsNamed(signal: Signal): boolean
  /** A call that neither the launch's project nor one of the cloud's own services made. */
  isStranger(signal: Signal): boolean
}

interface Subject {
  readonly index: SignalIndex
  readonly request: string
  /** Empty when it is unknown. */
  readonly instance: string
}

function globalIds({ index, request }: Subject): ReadonlySet<string> {
  if (request === '') return new Set()
  const own = (index.get(`request:${request}`) ?? []).filter(signal => isNova(signal) && signal.request === request)
  return new Set([request, ...own.map(({ globalRequest }) => globalRequest).filter(id => id !== '')])
}

/** Whether no other create was sent with this id: then a call that names it and nothing else is this launch's. */
function isExclusive({ index, request }: Subject, id: string): boolean {
  const users = index.get(`request:${id}`) ?? []
  return users.every(user => user.request === request || !user.name.startsWith('access.nova.create'))
}

/** Signals that only the cloud's own service users give: placement serves nobody else, and neutron calls nova back. */
const BY_SERVICES = /^(access\.placement\.|nova\.api\.external_event$)/

/** Projects whose calls may belong to the launch; undefined when too little is known to tell. */
function allowedProjects({ index, request, instance }: Subject): ReadonlySet<string> | undefined {
  const named = index.get(`instance:${instance}`) ?? []
  const services = named.filter(({ name, project }) => BY_SERVICES.test(name) && project !== '')
  const own = (index.get(`request:${request}`) ?? []).filter(
    signal => isNova(signal) && signal.request === request && signal.project !== '',
  )
  if (services.length === 0 || own.length === 0) return undefined
  return new Set([...services, ...own].map(({ project }) => project))
}

/** What may join the launch of `request` and `instance`. */
export function createGate(subject: Subject): Gate {
  const { request, instance } = subject
  const ids = globalIds(subject)
  const exclusive = new Set([...ids].filter(id => isExclusive(subject, id)))
  const projects = allowedProjects(subject)
  const isStranger = (signal: Signal): boolean =>
    projects !== undefined &&
    signal.requestMeaning === 'launch' &&
    !isNova(signal) &&
    signal.project !== '' &&
    !projects.has(signal.project)
  return {
    ids,
    isStranger,
    acceptsByRequest: signal => {
      // Nova carries the local id through all its services: another local id there is another request.
      if (isNova(signal)) return signal.request === request
      const isNamed = instance !== '' && signal.instances.includes(instance)
      return !isStranger(signal) && (isNamed || exclusive.has(signal.globalRequest) || exclusive.has(signal.request))
    },
    acceptsNamed: signal => {
      if (isNova(signal) || signal.requestMeaning !== 'launch') return true
      const isOfRequest = signal.globalRequest === '' || ids.has(signal.globalRequest) || signal.request === request
      return isOfRequest && !isStranger(signal)
    },
  }
}
