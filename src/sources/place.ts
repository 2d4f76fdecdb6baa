import { findServiceName } from '../parse/service-name.ts'

/** What a file's path says about the process that wrote it; empty texts where it says nothing. */
export interface Place {
  readonly host: string
  readonly service: string
  /** The file's name without compression and rotation: a name to fall back on. */
  readonly stem: string
  /** The libvirt domain that a QEMU log is named after. */
  readonly domain: string
}

/** Folders that are part of a layout: of a Linux host, of a deployment tool, of a bundle. Never a host. */
const LAYOUT = new Set(
  `var log logs lib containers container pods docker kolla nova neutron cinder glance keystone placement openvswitch ovn
   ovs libvirt qemu libvirt-qemu rabbitmq ceph haproxy dnsmasq httpd apache2 apache openstack horizon heat swift mariadb
   mysql memcached redis etcd journal journald remote archive archives old audit data tmp home root opt srv mnt usr etc
   run sos_commands sos_logs sos_strings service services stdouts uwsgi wsgi devstack screen stack nodes hosts host node
   upstream messages daemon logging fluentd fluent-bit extra rotated backup private instances`.split(/\s+/),
)

const PROJECTS = new Set(['nova', 'neutron', 'cinder', 'glance', 'keystone', 'placement', 'heat', 'ironic', 'octavia'])

/** File names of distributions that leave the project to the folder: `glance/api.log`, `neutron/dhcp-agent.log`. */
const PART =
  /^(?:api|registry|scheduler|volume|backup|compute|conductor|server|metadata|(?:dhcp|l3|openvswitch|metadata)-agent)$/

/** Dates, counters, container ids, and the pods of Kubernetes (`namespace_pod_uid`). */
const GENERATED = /^(?:\d[\d._-]*(?:T[\d:Z]+)?|[0-9a-f]{12,64}|[^_]+_[^_]+_[0-9a-f-]{32,36})$/

/** Logs that were fetched from an inventory of addresses. A date with dots has no octet for a year. */
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$/

const SOSREPORT = /^sosreport-(.+?)(?:-\d{4,})*-\d{4}-\d{2}-\d{2}-[a-z0-9]+$/
const HOST = /^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/

/** Splits `name.log.1.gz` into `name` and whatever follows. */
const ROTATED = /^(.*?)(?:\.log|\.txt|\.out|\.err|\.json)?((?:[.-](?:\d[\d._:T-]*|gz|zst|bz2|old|bak))*)$/i

/** A file's name without what compression and rotation add. */
function stemOf(name: string): string {
  const found = ROTATED.exec(name)
  return found?.[1] === undefined || found[1] === '' ? name : found[1]
}

function hostOfFolder(folder: string): string {
  const report = SOSREPORT.exec(folder)
  if (report !== null) return report[1] ?? ''
  if (IPV4.test(folder)) return folder
  if (LAYOUT.has(folder.toLowerCase()) || GENERATED.test(folder) || !HOST.test(folder)) return ''
  // A folder per service is part of the layout; a host may be called after a service, but then it has a number.
  return findServiceName(folder) !== '' && !/\d$/.test(folder) ? '' : folder
}

/** A folder that was named on the command line is taken for a host only when it is called like one of many. */
function looksNumbered(folder: string): boolean {
  return (
    /^[a-z][a-z-]*[a-z-]\d{1,4}(?:\.[a-z0-9.-]+)?$/i.test(folder) &&
    !/^(?:case|bundle|round|run|test|part)\b/i.test(folder)
  )
}

function hostBelow(folders: readonly string[]): string {
  return folders.map(hostOfFolder).findLast(host => host !== '') ?? ''
}

function hostAbove(above: readonly string[]): string {
  const named = above.findLast(folder => hostOfFolder(folder) !== '')
  return named !== undefined && (looksNumbered(named) || SOSREPORT.test(named)) ? hostOfFolder(named) : ''
}

/** `/var/log/containers` of Kubernetes: `pod_namespace_container-<id>.log`. */
const CONTAINER_FILE = /^[^_]+_[^_]+_(.+)-[0-9a-f]{64}$/

function findService(stem: string, folders: readonly string[]): string {
  const nearest = folders.at(-1) ?? ''
  if (/^(?:libvirt-)?qemu$/.test(nearest)) return 'libvirt-qemu'
  const project = folders.findLast(folder => PROJECTS.has(folder))
  if (project !== undefined && PART.test(stem)) return findServiceName(`${project}-${stem}`)
  const contained = CONTAINER_FILE.exec(stem)?.[1] ?? stem
  return findServiceName(contained) || (GENERATED.test(stem) ? findServiceName(nearest) : '') || folderService(nearest)
}

/** Folders whose files all come from one service, whatever they are called. */
function folderService(folder: string): string {
  return folder === 'dnsmasq' || folder === 'haproxy' ? folder : ''
}

/** Names that many of one kind share in a bundle that has no folders for hosts. */
const NUMBERED_HOST = /^[a-z][a-z0-9-]*\d(?:\.[a-z0-9-]+)*$/i
const FULL_NAME = /^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+){2,}$/i
/** Numbered as well, and no hosts. */
const NUMBERED_OTHERWISE = /^(?:cell|worker|replica|pod|part|region|zone|az|backend)-?\d+$|[0-9a-f]{8}/i

function isHostInName(text: string): boolean {
  if (!NUMBERED_HOST.test(text) && !FULL_NAME.test(text)) return false
  return !NUMBERED_OTHERWISE.test(text) && hostOfFolder(text) !== '' && findServiceName(text) === ''
}

/** As nova names domains unless told otherwise. */
const DOMAIN = /instance-[0-9a-f]{8}$/

interface Named {
  readonly host: string
  readonly service: string
  /** Whether the service is written as the catalogue does, with nothing left out and nothing added. */
  readonly isExact: boolean
}

/** The longest service wins (`nova-api-metadata-rack2-node5` is no `nova-api`), then the plainest, then the longest host. */
function better(one: Named, other: Named): Named {
  const gain =
    other.service.length - one.service.length ||
    Number(other.isExact) - Number(one.isExact) ||
    other.host.length - one.host.length
  return gain > 0 ? other : one
}

/** A file that is named after its host and its service: `compute-1_nova-compute.log`, `nova-compute-compute-1.log`. */
function splitName(stem: string): Named | undefined {
  const found: Named[] = []
  for (const { index } of stem.matchAll(/[-_.@]/g)) {
    const [left, right] = [stem.slice(0, index), stem.slice(index + 1)]
    for (const [host, name] of [[left, right] as const, [right, left] as const]) {
      const service = isHostInName(host) ? findServiceName(name) : ''
      if (service !== '') found.push({ host, service, isExact: service === name })
    }
  }
  const [first, ...others] = found
  return first && others.reduce(better, first)
}

/**
 * Reads host, service and domain out of a path.
 * @param given - folders of the path as named on the command line
 * @param below - folders below it and the file's name
 */
export function readPlace(given: readonly string[], below: readonly string[]): Place {
  const folders = below.slice(0, -1)
  const stem = stemOf(below.at(-1) ?? '')
  const inside = hostBelow(folders)
  const named = inside === '' ? splitName(stem) : undefined
  const service = named?.service ?? findService(stem, [...given, ...folders])
  const domain = service === 'libvirt-qemu' ? (DOMAIN.exec(stem)?.[0] ?? stem) : ''
  return { host: inside || (named?.host ?? hostAbove(given)), service, stem, domain }
}

/** Orders the files that rotation made of one log, oldest first, and tells them apart from other logs. */
export function rotationOf(name: string): { readonly group: string; readonly order: number } {
  const stem = stemOf(name)
  const rest = name.slice(stem.length).replace(/\.(?:gz|zst|bz2)$/i, '')
  const digits = /(\d[\d._:T-]*)$/.exec(rest)?.[1]?.replace(/\D/g, '') ?? ''
  if (digits === '') return { group: stem, order: Number.MAX_SAFE_INTEGER }
  // Short numbers count backwards (app.log.2 is older than app.log.1), dates forwards.
  return { group: stem, order: digits.length < 6 ? -Number(digits) : Number(digits.slice(0, 14)) }
}

/** What a file is counted under: its service, or its own name where nothing says one. */
export function serviceOf({ place }: { readonly place: Place }): string {
  return place.service === '' ? place.stem : place.service
}
