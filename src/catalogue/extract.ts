import type { Extractable } from './entry.ts'
import { TEXT_LIMIT, UUID_SOURCE } from './hole.ts'
import type { Field } from './line.ts'
import { readLiteral } from './literal.ts'
import { isUuid, pathFields, splitTarget } from './path.ts'

/** How many ids one message may add: a message is bounded, what it may cause must be too. */
const MAX_FIELDS = 200

type Mapping = Readonly<Record<string, unknown>>

function mapping(value: unknown): Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {}
}

function sequence(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, MAX_FIELDS) : []
}

function scalar(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, TEXT_LIMIT) : ''
}

function present(fields: readonly Field[]): readonly Field[] {
  return fields.filter(([, value]) => value !== '').slice(0, MAX_FIELDS)
}

function only(name: string, pattern: RegExp, message: string): readonly Field[] {
  const value = pattern.exec(message)?.[1]
  return value === undefined ? [] : [[name, value.toLowerCase()]]
}

function every(name: string, pattern: RegExp, message: string): readonly Field[] {
  return Array.from(
    message.matchAll(pattern).take(MAX_FIELDS),
    found => [name, (found[1] ?? '').toLowerCase()] as const,
  )
}

function uuidField(name: string, value: unknown): Field {
  const id = scalar(value)
  return [name, isUuid(id) ? id.toLowerCase() : '']
}

/**
 * What is asked for in the body of `POST /servers` (JSON, or the repr of a Python dict in older releases): the name, flavor,
 * image, counts, ports and volumes. Never user data, injected files, metadata or passwords.
 */
export function serverBody({ message }: Extractable): readonly Field[] {
  const start = message.search(/\{u?["']server["']/)
  const server = mapping(mapping(readLiteral(message, start < 0 ? message.length : start))['server'])
  return present([
    ['display_name', scalar(server['name'])],
    ['flavor', scalar(server['flavorRef'])],
    ['image', scalar(server['imageRef'])],
    ['min_count', scalar(server['min_count'])],
    ['max_count', scalar(server['max_count'])],
    ...sequence(server['networks']).map(network => uuidField('port', mapping(network)['port'])),
    ...sequence(server['block_device_mapping_v2']).map(bodyVolume),
    ...sequence(server['block_device_mapping']).map(device => uuidField('volume', mapping(device)['volume_id'])),
  ])
}

function bodyVolume(device: unknown): Field {
  const fields = mapping(device)
  return uuidField('volume', fields['source_type'] === 'volume' ? fields['uuid'] : fields['volume_id'])
}

const VIF_PORT = new RegExp(`[(,]id=(${UUID_SOURCE})[,)]`)
const VIF_NETWORK = new RegExp(`network=Network\\((${UUID_SOURCE})\\)`)

/** Port, MAC and device name in the repr of an os-vif object (os-vif: os_vif/objects/vif.py). */
export function vifIds({ message }: Extractable): readonly Field[] {
  return [
    ...only('mac', /[(,]address=([0-9a-fA-F:]{17})[,)]/, message),
    ...only('port', VIF_PORT, message),
    ...only('network', VIF_NETWORK, message),
    ...only('devname', /[(,]vif_name='([^']{1,32})'/, message),
  ]
}

/** Ports, MACs, device names and addresses of nova's network info model (nova: nova/network/model.py). */
export function networkInfoIds({ message }: Extractable): readonly Field[] {
  const start = message.indexOf('[')
  const vifs = sequence(readLiteral(message, start < 0 ? message.length : start))
  return present(vifs.flatMap(vif => vifFields(mapping(vif))))
}

function vifFields(vif: Mapping): readonly Field[] {
  const network = mapping(vif['network'])
  const addresses = sequence(network['subnets']).flatMap(subnet => sequence(mapping(subnet)['ips']))
  return [
    uuidField('port', vif['id']),
    ['mac', scalar(vif['address'])],
    ['devname', scalar(vif['devname'])],
    ...addresses.map(address => addressAlias(network['id'], mapping(address)['address'])),
  ]
}

function addressAlias(network: unknown, address: unknown): Field {
  const [id, value] = [scalar(network), scalar(address)]
  return ['alias', isUuid(id) && value !== '' ? `ip:${id.toLowerCase()}/${value}` : '']
}

const DISK = new RegExp(`(${UUID_SOURCE})_disk`)

/** The instance whose disk a path or an RBD image names. */
export function diskInstance({ message }: Extractable): readonly Field[] {
  return only('instance', DISK, message)
}

const PLUGGED_PORTS = new RegExp(`network-vif-plugged-(${UUID_SOURCE})`, 'g')

/** Ports of the events that nova waits for. */
export function eventPorts({ message }: Extractable): readonly Field[] {
  return every('port', PLUGGED_PORTS, message)
}

const DOMAIN_UUID = new RegExp(`<uuid>(${UUID_SOURCE})</uuid>`)

/** Domain name and instance of a libvirt domain document. */
export function domainName({ message }: Extractable): readonly Field[] {
  return [...only('domain', /<name>([\w.-]{1,64})<\/name>/, message), ...only('instance', DOMAIN_UUID, message)]
}

const VOLUME_IDS = new RegExp(`volume_id['"]?[=:] ?u?['"]?(${UUID_SOURCE})`, 'g')

/** Volumes of a list of block device mappings. */
export function volumeIds({ message }: Extractable): readonly Field[] {
  return every('volume', VOLUME_IDS, message)
}

/** Events that neutron sends to nova, or nova's answer to them (neutron: neutron/notifiers/nova.py). */
export function novaEvents({ message }: Extractable): readonly Field[] {
  const start = message.indexOf('{')
  const read = readLiteral(message, start > 0 && message[start - 1] === '[' ? start - 1 : Math.max(start, 0))
  const events = Array.isArray(read) ? sequence(read) : [read]
  return present(events.flatMap(event => novaEvent(mapping(event))))
}

function novaEvent(event: Mapping): readonly Field[] {
  const name = scalar(event['name'])
  return [
    uuidField('instance', event['server_uuid']),
    uuidField(name.startsWith('network-') ? 'port' : 'tag', event['tag']),
    ['event', name],
    ['event_status', scalar(event['status'])],
    ['code', scalar(event['code'])],
  ]
}

/** The instance, MAC and addresses of a port as the L2 agent gets it. */
export function portDetails({ message }: Extractable): readonly Field[] {
  const start = message.indexOf('{')
  const details = mapping(readLiteral(message, start < 0 ? message.length : start))
  return present([
    ['device_owner', scalar(details['device_owner'])],
    uuidField('instance', String(details['device_owner']).startsWith('network:') ? '' : details['device_id']),
    uuidField('network', details['network_id']),
    ['mac', scalar(details['mac_address'])],
    ...sequence(details['fixed_ips']).map(fixed => addressAlias(details['network_id'], mapping(fixed)['ip_address'])),
  ])
}

const DHCP_PORT = new RegExp(`[ ,{]u?'?id'?[=:] ?u?'?(${UUID_SOURCE})'?, u?'?mac_address`)
const DHCP_INSTANCE = new RegExp(`[ ,{]u?'?device_id'?[=:] ?u?'?(${UUID_SOURCE})`)
const DHCP_NETWORK = new RegExp(`[ ,{]u?'?network_id'?[=:] ?u?'?(${UUID_SOURCE})`)

/** The port that a DHCP agent reloads: a dict up to Queens, `key=value` pairs later, an id where neither is printed. */
export function dhcpPort({ message }: Extractable): readonly Field[] {
  if (/ port [0-9a-f]{8}-/.test(message)) return []
  return [
    ...only('port', DHCP_PORT, message),
    ...only('instance', DHCP_INSTANCE, message),
    ...only('network', DHCP_NETWORK, message),
    ...only('mac', /mac_address'?[=:] ?u?'?([0-9a-fA-F:]{17})/, message),
  ]
}

const INSTANCE_HEADER = new RegExp(`X-Instance-I[dD]['"]?: ?['"]?(${UUID_SOURCE})`)
const NETWORK_HEADER = new RegExp(`X-(?:Ovn|Neutron)-Network-I[dD]['"]?: ?['"]?(${UUID_SOURCE})`)

/** Who a metadata request is for, from the headers that the proxies add. */
export function metadataHeaders({ message }: Extractable): readonly Field[] {
  return [
    ...only('instance', INSTANCE_HEADER, message),
    ...only('network', NETWORK_HEADER, message),
    ...only('ip', /X-Forwarded-For['"]?: ?['"]?([0-9a-fA-F.:]{2,45})/, message),
  ]
}

const PROXY_NETWORK = new RegExp(`proxy-(${UUID_SOURCE})`)

/** Network, path and duration of a request through the metadata proxy (haproxy's httplog: timers in milliseconds). */
export function haproxyRequest({ message, service, logger }: Extractable): readonly Field[] {
  const took = /\s-?\d+\/-?\d+\/-?\d+\/-?\d+\/\+?(\d{1,9})\s/.exec(message)?.[1]
  const request = /"([A-Z]{3,7}) (\S{1,200})/.exec(message)
  return present([
    ...only('network', PROXY_NETWORK, `${service} ${logger}`),
    ['method', request?.[1] ?? ''],
    ['path', request?.[2]?.split('?')[0] ?? ''],
    ['took_seconds', took === undefined ? '' : String(Number(took) / 1000)],
  ])
}

const SPEC_IMAGE = new RegExp(`'image_id': u?'(${UUID_SOURCE})'`)

/** The image that a new volume is made from. */
export function volumeSpec({ message }: Extractable): readonly Field[] {
  return only('image', SPEC_IMAGE, message)
}

const PROGRAMS =
  /(?:^|[\s"/])(qemu-img|rbd|mkisofs|genisoimage|xorriso|iscsiadm|multipath|mount|umount|mkfs|blkid|ceph|lvs|lvcreate|ssh|scp|rsync|cp|dd|ip|ovs-vsctl)\b/

const COMMAND_INSTANCE = new RegExp(
  `(?:/instances/(?=${UUID_SOURCE}[/_ ])|[ /](?=${UUID_SOURCE}_disk))(${UUID_SOURCE})`,
)

/** Which program ran, and for which instance; arguments may hold secrets and are dropped. */
export function command({ message }: Extractable): readonly Field[] {
  const [commandLine = ''] = message.split('" returned: ', 1)
  return [
    ...only('program', PROGRAMS, commandLine),
    ...only('operation', /qemu-img (\w{1,20})/, commandLine),
    ...only('instance', COMMAND_INSTANCE, commandLine),
    ...only('base_image', /\/_base\/([0-9a-f]{40})/, commandLine),
  ]
}

const QEMU_UUID = new RegExp(`-uuid (${UUID_SOURCE})`)

/** Domain and instance in the command line that libvirt writes before it starts QEMU. */
export function qemuCommand(record: Extractable): readonly Field[] {
  return [
    ...only('domain', /guest=([\w.-]{1,64})/, record.message),
    ...only('instance', QEMU_UUID, record.message),
    ...qemuDomain(record),
  ]
}

/** The domain whose log it is, which the line parser takes for the logger. */
export function qemuDomain({ logger }: Extractable): readonly Field[] {
  return present([['domain', logger]])
}

/** Path and ids of the URL that a message states. */
export function urlIds({ message }: Extractable): readonly Field[] {
  const target = /(?:https?:\/\/|"[A-Z]{3,7} (?=\/))[^\s"]{1,2000}/.exec(message)?.[0]
  return target === undefined ? [] : pathFields(splitTarget(target.replace(/^"[A-Z]+ /, '')))
}

/** libvirt's function, which the line parser takes for the logger. */
export function libvirtFunction({ logger }: Extractable): readonly Field[] {
  return present([['function', logger]])
}
