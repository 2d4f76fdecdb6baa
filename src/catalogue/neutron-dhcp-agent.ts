import { logSignals } from './entry.ts'
import { dhcpPort } from './extract.ts'
import { hidden, name, uuid, uuids } from './hole.ts'
import { line } from './line.ts'

/** What neutron-dhcp-agent says about a launch. */
export const neutronDhcpAgent = logSignals([
  {
    id: 'neutron.dhcp.reload',
    services: ['neutron-dhcp-agent'],
    loggers: ['neutron.agent.dhcp.agent'],
    messages: [
      line`Trigger reload_allocations for port ${uuid('port')} on network ${uuid('network')}`,
      line`Trigger reload_allocations for port ${uuid('port')}`,
      line`Trigger reload_allocations for port ${hidden()}`,
    ],
    level: 'INFO',
    releases: 'mitaka…master',
    upstream: 'neutron/agent/dhcp/agent.py DhcpAgent.reload_allocations',
    requestMeaning: 'service',
    steps: ['A28', 'A29'],
    means: 'The DHCP agent begins to serve the port.',
    extract: dhcpPort,
    examples: [
      {
        message:
          'Trigger reload_allocations for port 8f6cc85e-bb9a-439f-8da0-091f380dee2e on network 05b1c057-3b14-490e-ae05-01d19d0ea468',
        fields: { ports: '8f6cc85e-bb9a-439f-8da0-091f380dee2e', network: '05b1c057-3b14-490e-ae05-01d19d0ea468' },
        fromTemplate: true,
      },
      {
        message: 'Trigger reload_allocations for port 8f6cc85e-bb9a-439f-8da0-091f380dee2e',
        fields: { ports: '8f6cc85e-bb9a-439f-8da0-091f380dee2e' },
        fromTemplate: true,
      },
      {
        message:
          "Trigger reload_allocations for port admin_state_up=True, allowed_address_pairs=[], binding:host_id=, binding:profile=, binding:vif_details=, binding:vif_type=unbound, binding:vnic_type=normal, created_at=2026-11-20T06:03:54Z, description=, device_id=111e8fb9-892a-408f-80e4-ced1822660d2, device_owner=, extra_dhcp_opts=[], fixed_ips=[<neutron.agent.linux.dhcp.DictModel object at 0x7f2f92a8b1c0>], id=68d42f63-742e-42de-b9d8-22211e411356, mac_address=fa:16:3e:72:7b:c5, name=, network=admin_state_up=True, availability_zone_hints=[], availability_zones=['nova'], created_at=2026-11-20T06:01:36Z, description=, id=dc0d6eae-757e-4f6a-8bd2-79e630450ff9, ipv4_address_scope=None, ipv6_address_scope=None,",
        fields: {
          instances: '111e8fb9-892a-408f-80e4-ced1822660d2',
          ports: '68d42f63-742e-42de-b9d8-22211e411356',
          aliases: 'mac:fa:16:3e:72:7b:c5',
        },
      },
    ],
    notThis: ['Synchronizing state'],
  },
  {
    id: 'neutron.dhcp.ready',
    services: ['neutron-dhcp-agent'],
    loggers: ['neutron.agent.dhcp.agent'],
    messages: [line`DHCP configuration for ports ${uuids('ports')} is completed`],
    level: 'INFO',
    releases: 'queens…master',
    upstream: 'neutron/agent/dhcp/agent.py DhcpAgent._dhcp_ready_ports_loop',
    requestMeaning: 'service',
    steps: ['A31', 'A32'],
    means: 'DHCP serves these ports.',
    examples: [
      {
        message:
          "DHCP configuration for ports {'66cb29da-1e0b-40d2-8a43-ac1305eead59', 'a97e95cb-00a5-4d92-be5e-1bd5cf827e7e', '419fd26f-3329-4e6a-8d92-25a77d852a39', '2698783e-6446-4727-9b80-bd2917c919c8', '64d9ddc1-ecbc-4fd0-8c30-567a29cce8dd', '588040d8-63ea-4ee7-a7ff-8e72acff089a', '77178350-c509-457a-aef5-818b8a21e419', '3413d162-4a35-474a-a25b-10f7d3e04120', 'd99f450e-022a-4b3f-a70c-ed42bcd16f22', '17c66759-5e1c-407d-bec4-49f262dcf11c'} is completed",
        fields: {
          ports:
            '66cb29da-1e0b-40d2-8a43-ac1305eead59 a97e95cb-00a5-4d92-be5e-1bd5cf827e7e 419fd26f-3329-4e6a-8d92-25a77d852a39 2698783e-6446-4727-9b80-bd2917c919c8 64d9ddc1-ecbc-4fd0-8c30-567a29cce8dd 588040d8-63ea-4ee7-a7ff-8e72acff089a 77178350-c509-457a-aef5-818b8a21e419 3413d162-4a35-474a-a25b-10f7d3e04120 d99f450e-022a-4b3f-a70c-ed42bcd16f22 17c66759-5e1c-407d-bec4-49f262dcf11c',
        },
      },
    ],
    notThis: ['Synchronizing state'],
  },
  {
    id: 'neutron.dhcp.net.start',
    services: ['neutron-dhcp-agent'],
    loggers: ['neutron.agent.dhcp.agent'],
    messages: [line`Starting network ${uuid('network')} dhcp configuration`],
    level: 'INFO',
    releases: 'mitaka…master',
    upstream: 'neutron/agent/dhcp/agent.py DhcpAgent.safe_configure_dhcp_for_network',
    requestMeaning: 'service',
    steps: ['A29'],
    means: 'DHCP of a network is being set up on this host, for its first port.',
    examples: [
      {
        message: 'Starting network 9463921c-db67-487d-8993-1ac5be6fad66 dhcp configuration',
        fields: { network: '9463921c-db67-487d-8993-1ac5be6fad66' },
      },
    ],
    notThis: ['Synchronizing state'],
  },
  {
    id: 'neutron.dhcp.net.end',
    services: ['neutron-dhcp-agent'],
    loggers: ['neutron.agent.dhcp.agent'],
    messages: [line`Finished network ${uuid('network')} dhcp configuration`],
    level: 'INFO',
    releases: 'mitaka…master',
    upstream: 'neutron/agent/dhcp/agent.py DhcpAgent.safe_configure_dhcp_for_network',
    requestMeaning: 'service',
    steps: ['A31'],
    means: 'DHCP of a network is set up on this host.',
    examples: [
      {
        message: 'Finished network 9463921c-db67-487d-8993-1ac5be6fad66 dhcp configuration',
        fields: { network: '9463921c-db67-487d-8993-1ac5be6fad66' },
      },
    ],
    notThis: ['Synchronizing state'],
  },
  {
    id: 'neutron.dhcp.fail',
    services: ['neutron-dhcp-agent'],
    loggers: ['neutron.agent.dhcp.agent'],
    messages: [line`Unable to ${name('action')} dhcp for ${uuid('network')}.`],
    level: 'ERROR',
    releases: 'mitaka…master',
    upstream: 'neutron/agent/dhcp/agent.py DhcpAgent._call_driver',
    requestMeaning: 'service',
    steps: [],
    means: 'DHCP of a network could not be configured.',
    examples: [
      {
        message:
          'Unable to enable dhcp for 9463921c-db67-487d-8993-1ac5be6fad66.: oslo_messaging.rpc.client.RemoteError: Remote error: SubnetInUse Unable to complete operation on subnet df3b959b-552f-47e8-81fb-f699a193df26: This subnet is being modified by another concurrent operation.',
        fields: {
          action: 'enable',
          network: '9463921c-db67-487d-8993-1ac5be6fad66',
          exception: 'oslo_messaging.rpc.client.RemoteError',
          exception_text:
            'Remote error: SubnetInUse Unable to complete operation on subnet df3b959b-552f-47e8-81fb-f699a193df26: This subnet is being modified by another concurrent operation.',
        },
      },
    ],
    notThis: ['Synchronizing state'],
  },
  {
    id: 'neutron.dhcp.timeout',
    services: ['neutron-dhcp-agent'],
    loggers: ['neutron.agent.dhcp.agent'],
    messages: [line`Timeout notifying server of ports ready. Retrying...`],
    level: 'ERROR',
    releases: 'ocata…master',
    upstream: 'neutron/agent/dhcp/agent.py DhcpAgent._dhcp_ready_ports_loop.dhcp_ready_ports_loop',
    requestMeaning: 'service',
    steps: [],
    means: 'The DHCP agent cannot tell neutron-server that ports are ready.',
    examples: [{ message: 'Timeout notifying server of ports ready. Retrying...', fields: {}, fromTemplate: true }],
    notThis: ['Synchronizing state'],
  },
])
