/** Other names for the services of the catalogue: units, packages, uWSGI and Apache files, devstack's short names. */
const ALIASES = new Map(
  Object.entries({
    'nova-api': ['n-api', 'nova-osapi', 'nova-api-os-compute', 'nova-api-wsgi', 'nova-api-apache', 'osapi-compute'],
    'nova-api-metadata': ['n-api-meta', 'nova-metadata', 'nova-metadata-api', 'nova-metadata-wsgi', 'nova-api-meta'],
    'nova-conductor': ['n-cond', 'n-super-cond', 'n-cond-cell1', 'nova-super-conductor', 'nova-cell-conductor'],
    'nova-scheduler': ['n-sch'],
    'nova-compute': ['n-cpu', 'nova-compute-ironic', 'nova-compute-libvirt'],
    'placement-api': ['placement', 'nova-placement', 'nova-placement-api', 'placement-wsgi'],
    'neutron-server': ['q-svc', 'neutron-api', 'neutron-rpc-server', 'neutron-periodic-workers', 'neutron-rpc'],
    'neutron-openvswitch-agent': ['q-agt', 'neutron-agent', 'openvswitch-agent', 'neutron-ovs-agent', 'ovs-agent'],
    'neutron-dhcp-agent': ['q-dhcp', 'dhcp-agent', 'neutron-dhcp'],
    'neutron-l3-agent': ['q-l3', 'l3-agent', 'neutron-l3', 'neutron-vpn-agent'],
    'neutron-metadata-agent': ['q-meta', 'metadata-agent'],
    'neutron-ovn-metadata-agent': ['q-ovn-metadata-agent', 'ovn-metadata-agent', 'neutron-ovn-agent', 'ovn-agent'],
    'glance-api': ['g-api', 'glance-wsgi-api', 'glance'],
    'cinder-api': ['c-api', 'cinder-wsgi', 'cinder-api-wsgi'],
    'cinder-scheduler': ['c-sch'],
    'cinder-volume': ['c-vol'],
    'cinder-backup': ['c-bak'],
    keystone: ['key', 'keystone-api', 'keystone-public', 'keystone-admin', 'keystone-wsgi', 'keystone-main'],
    'ovs-vswitchd': ['vswitchd', 'openvswitch-vswitchd'],
    'ovsdb-server': ['openvswitch-db', 'ovsdb-server-nb', 'ovsdb-server-sb'],
    libvirtd: ['virtqemud', 'libvirt'],
    'libvirt-qemu': ['qemu'],
    dnsmasq: ['dnsmasq-dhcp', 'dnsmasq-tftp', 'dnsmasq-script'],
    rabbitmq: ['rabbit', 'rabbitmq-server'],
    httpd: ['apache2', 'apache'],
  }).flatMap(([service, names]) => [service, ...names].map(name => [name, service] as const)),
)

/** Services that are known by no other name. */
const FAMILIES = [
  /^(?:nova|neutron|cinder|glance|heat|ironic|octavia|barbican|designate|manila|magnum|aodh|ceilometer)-[a-z0-9-]+$/,
  /^(?:haproxy|ovn-controller|ovn-northd|ovn-ovsdb-server-[ns]b|ovn-[ns]b-db|systemd-[a-z]+|ovs-vsctl|sudo|su)$/,
]

/** What files and units add to the name of a service. */
const TAILS =
  /(?:[-.](?:uwsgi|wsgi|apache|errors?|access|ssl|log|stdout|stderr|json|service|public|admin|main|default|\d+))+$/

const HEADS = /^(?:openstack-|devstack@|screen-|snap\.[a-z-]+\.)/

/** Names that carry more than the service: the network of a metadata proxy, the id of a Ceph daemon, a domain. */
const PATTERNS: readonly (readonly [pattern: RegExp, service: string])[] = [
  [/^haproxy/, 'haproxy'],
  [/(?:^|-)instance-[0-9a-f]{8}$/, 'libvirt-qemu'],
  [/^rabbit@/, 'rabbitmq'],
  [/(?:^|\.)dhcp-dns/, 'dnsmasq'],
  [/^keystone-/, 'keystone'],
  [/^(?:ops-log-rgw|ceph-(?:client\.)?rgw)/, 'ceph-rgw'],
  [/^ceph-mon/, 'ceph-mon'],
  [/^ceph-osd/, 'ceph-osd'],
  [/^ceph-mgr/, 'ceph-mgr'],
  [/^ceph-mds/, 'ceph-mds'],
  [/^ceph-client/, 'ceph-client'],
  [/^ceph(?:[.-]|$)/, 'ceph'],
]

/**
 * The catalogue's name of a service that calls itself `name`: a file name without folder, a unit, a syslog tag, a
 * container. Empty when the name is none of a service known here.
 */
export function findServiceName(name: string): string {
  const bare = name
    .toLowerCase()
    .replace(/\.log\b.*$/, '')
    .replaceAll('_', '-')
    .replace(HEADS, '')
  const short = bare.replace(TAILS, '')
  const known = ALIASES.get(bare) ?? ALIASES.get(short) ?? PATTERNS.find(([pattern]) => pattern.test(bare))?.[1]
  return known ?? (FAMILIES.some(family => family.test(short)) ? (beginningOf(short) ?? short) : '')
}

/** The service that a longer name begins with: sites add a host, a cell, a backend (`nova-compute-rack2`). */
function beginningOf(name: string): string | undefined {
  const words = name.split('-')
  for (let count = words.length - 1; count >= 2; count--) {
    const known = ALIASES.get(words.slice(0, count).join('-'))
    if (known !== undefined) return known
  }
  return undefined
}
