import { describe, expect, it } from 'vitest'
import { readPlace, rotationOf } from '../../../src/sources/place.ts'

function place(path: string, given = ''): string {
  const { host, service } = readPlace(given.split('/').filter(Boolean), path.split('/'))
  return `${host} ${service}`
}

describe('readPlace', () => {
  it.each([
    ['compute-1/nova-compute.log', 'compute-1 nova-compute'],
    ['logs/compute-1/nova-compute.log.gz', 'compute-1 nova-compute'],
    ['zed-ovn/logs/controller-1/keystone.log', 'controller-1 keystone'],
    ['round_1/aio/nova-placement-api.log', 'aio placement-api'],
    ['var/log/kolla/nova/nova-compute.log', ' nova-compute'],
    ['ctl01/var/log/kolla/keystone/keystone-apache-public-access.log', 'ctl01 keystone'],
    ['ctl01/var/log/kolla/openvswitch/ovn-controller.log.1', 'ctl01 ovn-controller'],
    ['overcloud-novacompute-0/var/log/containers/nova/nova-compute.log.2.gz', 'overcloud-novacompute-0 nova-compute'],
    [
      'overcloud-controller-0/var/log/containers/httpd/keystone/keystone_wsgi_access.log',
      'overcloud-controller-0 keystone',
    ],
    ['sosreport-cmp3-2026-11-20-abcdefg/var/log/nova/nova-compute.log', 'cmp3 nova-compute'],
    [
      'sosreport-cmp3.example.com-123456-2026-11-20-abcdefg/var/log/nova/nova-compute.log',
      'cmp3.example.com nova-compute',
    ],
    ['nova-compute.log', ' nova-compute'],
    ['bundle/cmp3/glance/api.log', 'cmp3 glance-api'],
    ['cmp3/neutron/dhcp-agent.log-20261120.gz', 'cmp3 neutron-dhcp-agent'],
    ['cmp3/nova-compute/nova-compute.log', 'cmp3 nova-compute'],
    ['nova-compute-7/nova-compute.log', 'nova-compute-7 nova-compute'],
    ['compute-1/dnsmasq/133ec343-6fd3-41c6-b2eb-1dd3d69a16e7.dhcp_dns_log.log', 'compute-1 dnsmasq'],
    ['compute-1/libvirt-qemu/instance-00000239.log', 'compute-1 libvirt-qemu'],
    ['cmp3/var/log/libvirt/qemu/instance-00000239.log.1', 'cmp3 libvirt-qemu'],
    ['controller-1/ceph-osd.0.log', 'controller-1 ceph-osd'],
    ['controller-1/rabbit@controller-1.log', 'controller-1 rabbitmq'],
    ['cmp3/syslog.1', 'cmp3 '],
    ['cmp3/2026-11-20/messages', 'cmp3 '],
    ['compute1/logs/screen-n-cpu.txt.gz', 'compute1 nova-compute'],
    [
      'node7/var/log/pods/openstack_nova-compute-default-x7k2p_0f4a1c1e-5b4e-4a44-9b0a-7a3f2f6a6d0e/nova-compute/0.log',
      'node7 nova-compute',
    ],
    [
      `node7/var/log/containers/nova-compute-default-x7k2p_openstack_nova-compute-${'0'.repeat(64)}.log`,
      'node7 nova-compute',
    ],
    [`node7/var/lib/docker/containers/${'a'.repeat(64)}/${'a'.repeat(64)}-json.log`, 'node7 '],
  ])('%s is of %j', (path, expected) => {
    expect(place(path)).toBe(expected)
  })

  it.each([
    ['compute-1_nova-compute.log', 'compute-1 nova-compute'],
    ['logs/nova-compute-compute-1.log.2.gz', 'compute-1 nova-compute'],
    ['controller-1.example.org_keystone.log', 'controller-1.example.org keystone'],
    ['nova-api-metadata-rack2-node5.log', 'rack2-node5 nova-api-metadata'],
    ['ctl01.neutron-dhcp-agent.log', 'ctl01 neutron-dhcp-agent'],
    ['compute-1_libvirt-qemu_instance-0000000a.log', 'compute-1 libvirt-qemu'],
    ['nova-conductor-cell1.log', ' nova-conductor'],
    ['nova-compute-1.log', ' nova-compute'],
    ['neutron-l3-agent.log', ' neutron-l3-agent'],
    ['haproxy-metadata-proxy-c2dc94d9-1f3f-42ff-b640-13d8d1c20ce1.log', ' haproxy'],
    ['compute-2/ceph-mon.controller-1.log', 'compute-2 ceph-mon'],
  ])('%s, in no folder of a host, is of %j', (path, expected) => {
    expect(place(path)).toBe(expected)
  })

  it.each([
    ['/srv/case-123/compute-1', 'compute-1 nova-compute'],
    ['/srv/compute-1/var/log/nova', 'compute-1 nova-compute'],
    ['/srv/sosreport-cmp3-2026-11-20-abcdefg', 'cmp3 nova-compute'],
    ['/home/me/Downloads', ' nova-compute'],
    ['/home/me/mylogs', ' nova-compute'],
    ['/var/log/nova', ' nova-compute'],
  ])('%s, named itself, is of %j', (given, expected) => {
    expect(place('nova-compute.log', given)).toBe(expected)
  })

  it('takes the host in a name for nearer than a numbered folder that was named itself', () => {
    expect(place('compute-1_nova-compute.log', '/srv/incident-42')).toBe('compute-1 nova-compute')
  })

  it('names the domain of a QEMU log', () => {
    expect(readPlace([], ['qemu', 'instance-0000000a.log.1']).domain).toBe('instance-0000000a')
  })
})

describe('rotationOf', () => {
  it.each([
    [
      ['app.log', 'app.log.1', 'app.log.10', 'app.log.2.gz'],
      ['app.log.10', 'app.log.2.gz', 'app.log.1', 'app.log'],
    ],
    [
      ['app.log', 'app.log-20261120.gz', 'app.log-20261119.gz'],
      ['app.log-20261119.gz', 'app.log-20261120.gz', 'app.log'],
    ],
  ])('puts %j into order', (names, expected) => {
    expect(names.toSorted((a, b) => rotationOf(a).order - rotationOf(b).order)).toEqual(expected)
    expect(new Set(names.map(name => rotationOf(name).group))).toEqual(new Set(['app']))
  })
})
