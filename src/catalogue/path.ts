import { UUID_SOURCE } from './hole.ts'
import type { Field } from './line.ts'

/** Longest path kept, in UTF-16 code units. */
const PATH_LIMIT = 200

const UUID = new RegExp(`^${UUID_SOURCE}$`)
const DEVICE = new RegExp(`(?:^|&)device_id=(${UUID_SOURCE})`)
const ORIGIN = /^https?:\/\/[^/?#]*/

/** Prefixes under which deployment tools mount an API on a shared port. */
const MOUNTS = new Set([
  'compute',
  'placement',
  'image',
  'networking',
  'network',
  'volume',
  'block-storage',
  'identity',
  'metadata',
])

/** Which field the id that follows a path segment fills. */
const ID_FIELDS: ReadonlyMap<string, string> = new Map([
  ['servers', 'instance'],
  ['allocations', 'instance'],
  ['ports', 'port'],
  ['volumes', 'volume'],
  ['attachments', 'attachment'],
  ['images', 'image'],
  ['networks', 'network'],
])

/** A request's path taken apart. */
export interface RequestPath {
  /** Without scheme, host, mount prefix and query. */
  readonly segments: readonly string[]
  readonly query: string
}

/** Takes a request target (absolute or not) apart. */
export function splitTarget(target: string): RequestPath {
  const [beforeQuery = '', ...query] = target.replace(ORIGIN, '').split('?')
  const segments = beforeQuery.split('/').filter(segment => segment !== '')
  return {
    segments: MOUNTS.has(segments[0] ?? '') && segments.length > 1 ? segments.slice(1) : segments,
    query: query.join('?'),
  }
}

/** The path and the ids in it, as fields. Query strings are dropped, except for the `device_id` of a list of ports. */
export function pathFields(path: RequestPath): readonly Field[] {
  const fields: Field[] = [['path', `/${path.segments.join('/')}`.slice(0, PATH_LIMIT)]]
  path.segments.forEach((segment, index) => {
    const id = path.segments[index + 1]
    const field = ID_FIELDS.get(segment)
    if (field !== undefined && isUuid(id)) fields.push([field, id.toLowerCase()])
  })
  const device = path.query === '' ? undefined : DEVICE.exec(path.query)?.[1]
  if (device !== undefined) fields.push(['instance', device.toLowerCase()])
  return fields
}

/** Whether `value` is one uuid and nothing else. */
export function isUuid(value: string | undefined): value is string {
  return value !== undefined && UUID.test(value)
}
