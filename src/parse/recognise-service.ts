/** Which program speaks under a logger, the longest root first. */
const SERVICES: readonly (readonly [root: string, service: string])[] = [
  ['nova.api.metadata', 'nova-api-metadata'],
  ['nova.metadata', 'nova-api-metadata'],
  ['nova.api.openstack.placement', 'placement-api'],
  ['nova.compute.api', 'nova-api'],
  ['nova.api', 'nova-api'],
  ['nova.osapi_compute', 'nova-api'],
  ['nova.conductor', 'nova-conductor'],
  ['nova.scheduler.client', 'nova-compute'],
  ['nova.scheduler.utils', 'nova-conductor'],
  ['nova.scheduler', 'nova-scheduler'],
  ['nova.filters', 'nova-scheduler'],
  ['nova', 'nova-compute'],
  ['os_vif', 'nova-compute'],
  ['vif_plug', 'nova-compute'],
  ['os_brick', 'nova-compute'],
  ['placement', 'placement-api'],
  ['neutron.plugins.ml2.drivers.openvswitch.agent', 'neutron-openvswitch-agent'],
  ['neutron.agent.dhcp', 'neutron-dhcp-agent'],
  ['neutron.agent.l3', 'neutron-l3-agent'],
  ['neutron.agent.ovn', 'neutron-ovn-metadata-agent'],
  ['neutron.agent.metadata', 'neutron-metadata-agent'],
  ['neutron', 'neutron-server'],
  ['networking_ovn', 'neutron-server'],
  ['cinder.api', 'cinder-api'],
  ['cinder.scheduler', 'cinder-scheduler'],
  ['cinder', 'cinder-volume'],
  ['glance', 'glance-api'],
  ['keystone.', 'keystone'],
]

/** The program that most likely writes under `logger`; empty for libraries that every program uses. */
export function serviceOfLogger(logger: string): string {
  return SERVICES.find(([root]) => logger.startsWith(root))?.[1] ?? ''
}
