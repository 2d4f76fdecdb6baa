import { findServiceName } from '../../parse/service-name.ts'
import { readPlace } from '../place.ts'
import type { OtlpLog } from './logs-request.ts'
import { isObject, textOf } from './plain-value.ts'

/** What a record says of the log that it comes from, as it says it. */
export interface LogOrigin {
  /** Tells logs apart: records of one log are read one after the other, as lines of one file. */
  readonly key: string
  readonly host: string
  readonly path: string
  readonly service: string
  readonly container: string
}

/** What is known of a log before its lines are read. */
export interface LogPlace {
  /** Empty when nothing says so; then the lines may. */
  readonly host: string
  readonly service: string
  /** Taken where neither attribute nor line say a service. */
  readonly fallbackService: string
  /** The libvirt domain that a QEMU log is named after. */
  readonly domain: string
}

const HOST = ['host.name', 'k8s.node.name', 'host', 'hostname'] as const
const PATH = ['log.file.path', 'log.file.path_resolved', 'file.path', 'filepath', 'filename', 'file'] as const
const CONTAINER = ['k8s.container.name', 'container.name', 'container_name'] as const

/** A record's own word counts more than its resource's, and that more than what a shipper put beside the message. */
function lookUp({ attributes, resource, body }: OtlpLog, names: readonly string[]): string {
  const beside = isObject(body) ? textOf(body, ...names) : ''
  return textOf(attributes, ...names) || textOf(resource, ...names) || beside
}

/** Reads the attributes that name the log of a record. */
export function originOf(log: OtlpLog): LogOrigin {
  const host = lookUp(log, HOST)
  const path = lookUp(log, PATH) || lookUp(log, ['log.file.name'])
  const service = lookUp(log, ['service.name'])
  const container = lookUp(log, CONTAINER)
  return { key: JSON.stringify([host, path, service, container]), host, path, service, container }
}

/**
 * Tells host and service of a log. What an attribute says of the host counts more than a guess from the path, as shippers
 * run where the log is; the service is `service.name` when that is one of OpenStack's, else the path's, else the container's.
 */
export function placeOf({ host, path, service, container }: LogOrigin): LogPlace {
  const folders = path.split('/').filter(folder => folder !== '')
  const name = folders.pop() ?? ''
  const place = readPlace(folders, [name])
  const named = service.startsWith('unknown_service') ? '' : service
  return {
    host: host || place.host,
    service: findServiceName(named) || place.service || findServiceName(container),
    fallbackService: place.stem || named || container,
    domain: place.domain,
  }
}
