import { logSignals } from './entry.ts'
import { portDetails } from './extract.ts'
import { hidden, integer, seconds, uuid, uuids } from './hole.ts'
import { line } from './line.ts'

/** What neutron-ovs-agent says about a launch. */
export const neutronOvsAgent = logSignals([
  {
    id: 'neutron.ovsagent.port',
    services: ['neutron-openvswitch-agent'],
    loggers: ['neutron.plugins.ml2.drivers.openvswitch.agent.ovs_neutron_agent'],
    messages: [line`Port ${uuid('port')} updated. Details: ${hidden()}`],
    level: 'INFO',
    releases: 'mitaka…master',
    upstream:
      'neutron/plugins/ml2/drivers/openvswitch/agent/ovs_neutron_agent.py OVSNeutronAgent.treat_devices_added_or_updated',
    requestMeaning: 'service',
    steps: ['A34'],
    means: 'The L2 agent begins to wire the port.',
    extract: portDetails,
    examples: [
      {
        message:
          "Port 12856dc0-3919-49a7-a491-79dca7a08d67 updated. Details: {'device': '12856dc0-3919-49a7-a491-79dca7a08d67', 'device_id': '9b7c5873-8238-4152-9fa6-7571b23f3ab8', 'network_id': 'dc0d6eae-757e-4f6a-8bd2-79e630450ff9', 'port_id': '12856dc0-3919-49a7-a491-79dca7a08d67', 'mac_address': 'fa:16:3e:b1:d5:fb', 'admin_state_up': True, 'status': 'DOWN', 'network_type': 'vxlan', 'segmentation_id': 142, 'physical_network': None, 'fixed_ips': [{'subnet_id': '22266c88-afec-42e6-9de8-598e428ba672', 'ip_address': '192.168.1.60'}], 'device_owner': 'compute:nova', 'allowed_address_pairs': [], 'port_security_enabled': True, 'qos_policy_id': None, 'qos_network_policy_id': None, 'profile': {}, 'vif_type': 'ovs'",
        fields: {
          instances: '9b7c5873-8238-4152-9fa6-7571b23f3ab8',
          ports: '12856dc0-3919-49a7-a491-79dca7a08d67',
          aliases: 'mac:fa:16:3e:b1:d5:fb ip:dc0d6eae-757e-4f6a-8bd2-79e630450ff9/192.168.1.60',
          device_owner: 'compute:nova',
          network: 'dc0d6eae-757e-4f6a-8bd2-79e630450ff9',
        },
      },
    ],
    notThis: ['Port removal failed for set()'],
  },
  {
    id: 'neutron.ovsagent.vlan',
    services: ['neutron-openvswitch-agent'],
    loggers: ['neutron.plugins.ml2.drivers.openvswitch.agent.ovs_neutron_agent'],
    messages: [line`Assigning ${integer('vlan')} as local vlan for net-id=${uuid('network')}`],
    level: 'INFO',
    releases: 'mitaka…master',
    upstream: 'neutron/plugins/ml2/drivers/openvswitch/agent/ovs_neutron_agent.py OVSNeutronAgent._add_local_vlan',
    requestMeaning: 'service',
    steps: ['A34'],
    means: 'The first port of a network on this host got a local VLAN.',
    examples: [
      {
        message: 'Assigning 9 as local vlan for net-id=ab342f43-8d40-4b5b-987f-f91edd886171, seg-id=69',
        fields: { vlan: '9', network: 'ab342f43-8d40-4b5b-987f-f91edd886171' },
      },
    ],
    notThis: ['Cleaning stale br-int flows'],
  },
  {
    id: 'neutron.agent.sg.prepare',
    services: ['neutron-openvswitch-agent'],
    loggers: ['neutron.agent.securitygroups_rpc'],
    messages: [line`Preparing filters for devices ${uuids('ports')}`],
    level: 'INFO',
    releases: 'mitaka…master',
    upstream: 'neutron/agent/securitygroups_rpc.py SecurityGroupAgentRpc.prepare_devices_filter',
    requestMeaning: 'service',
    steps: ['A34'],
    means: 'The security group rules of ports are being prepared.',
    examples: [
      {
        message:
          "Preparing filters for devices {'b527d8d8-9988-4656-9323-d55828bba228', 'bab98b04-be1b-4d1e-b6d3-7db93d6f596c', '1c304b6b-e760-4d6a-b684-6b6ffacd72df', 'df8743b7-980f-4428-be00-f9cf64e42008', '3bbce03e-5903-4ee7-a593-79d342b3b36a', '96b69299-ec3a-4c13-95c6-e9f39199896d', 'ceb57d6b-9f5a-45f8-b1a5-62ef84a832ba', '7d54ea2d-6a53-4c14-8eda-c77c21f5672c', '07e472af-548f-473c-93bc-e5df0db8a9c4', '48debde0-dc62-4748-9bcf-d5c9ab59e339', '59547b2c-d15b-40e7-94a1-8bf3375a94d5', '2e3a9fec-6ce1-465a-981a-1e0646a361ea', 'dc777e70-918a-4257-9742-8c1fb62c77d4', '78d4b191-a005-440f-a75a-2a66677cb38a'}",
        fields: {
          ports:
            'b527d8d8-9988-4656-9323-d55828bba228 bab98b04-be1b-4d1e-b6d3-7db93d6f596c 1c304b6b-e760-4d6a-b684-6b6ffacd72df df8743b7-980f-4428-be00-f9cf64e42008 3bbce03e-5903-4ee7-a593-79d342b3b36a 96b69299-ec3a-4c13-95c6-e9f39199896d ceb57d6b-9f5a-45f8-b1a5-62ef84a832ba 7d54ea2d-6a53-4c14-8eda-c77c21f5672c 07e472af-548f-473c-93bc-e5df0db8a9c4 48debde0-dc62-4748-9bcf-d5c9ab59e339 59547b2c-d15b-40e7-94a1-8bf3375a94d5 2e3a9fec-6ce1-465a-981a-1e0646a361ea dc777e70-918a-4257-9742-8c1fb62c77d4 78d4b191-a005-440f-a75a-2a66677cb38a',
        },
      },
    ],
    notThis: ['Preparing device filters for 1 new devices'],
  },
  {
    id: 'neutron.ovsagent.done',
    services: ['neutron-openvswitch-agent'],
    loggers: ['neutron.plugins.ml2.drivers.openvswitch.agent.ovs_neutron_agent'],
    messages: [line`Configuration for devices up ${uuids('ports')} and devices down ${hidden()} completed.`],
    level: 'INFO',
    releases: 'mitaka…master',
    upstream: 'neutron/plugins/ml2/drivers/openvswitch/agent/ovs_neutron_agent.py OVSNeutronAgent._bind_devices',
    requestMeaning: 'service',
    steps: ['A36'],
    means: 'The L2 agent has wired these ports.',
    examples: [
      {
        message:
          "Configuration for devices up ['b527d8d8-9988-4656-9323-d55828bba228', 'bab98b04-be1b-4d1e-b6d3-7db93d6f596c', '1c304b6b-e760-4d6a-b684-6b6ffacd72df', 'df8743b7-980f-4428-be00-f9cf64e42008', '3bbce03e-5903-4ee7-a593-79d342b3b36a', '96b69299-ec3a-4c13-95c6-e9f39199896d', 'ceb57d6b-9f5a-45f8-b1a5-62ef84a832ba', '7d54ea2d-6a53-4c14-8eda-c77c21f5672c', '07e472af-548f-473c-93bc-e5df0db8a9c4', '48debde0-dc62-4748-9bcf-d5c9ab59e339', '59547b2c-d15b-40e7-94a1-8bf3375a94d5', '2e3a9fec-6ce1-465a-981a-1e0646a361ea', 'dc777e70-918a-4257-9742-8c1fb62c77d4', '78d4b191-a005-440f-a75a-2a66677cb38a'] and devices down [] completed.",
        fields: {
          ports:
            'b527d8d8-9988-4656-9323-d55828bba228 bab98b04-be1b-4d1e-b6d3-7db93d6f596c 1c304b6b-e760-4d6a-b684-6b6ffacd72df df8743b7-980f-4428-be00-f9cf64e42008 3bbce03e-5903-4ee7-a593-79d342b3b36a 96b69299-ec3a-4c13-95c6-e9f39199896d ceb57d6b-9f5a-45f8-b1a5-62ef84a832ba 7d54ea2d-6a53-4c14-8eda-c77c21f5672c 07e472af-548f-473c-93bc-e5df0db8a9c4 48debde0-dc62-4748-9bcf-d5c9ab59e339 59547b2c-d15b-40e7-94a1-8bf3375a94d5 2e3a9fec-6ce1-465a-981a-1e0646a361ea dc777e70-918a-4257-9742-8c1fb62c77d4 78d4b191-a005-440f-a75a-2a66677cb38a',
        },
      },
    ],
    notThis: ['Cleaning stale br-int flows'],
  },
  {
    id: 'neutron.ovsagent.loop',
    services: ['neutron-openvswitch-agent'],
    loggers: ['neutron.plugins.ml2.drivers.openvswitch.agent.ovs_neutron_agent'],
    messages: [
      line`Agent rpc_loop - iteration:${integer('iteration')} completed. Processed ports statistics: ${hidden()}. Elapsed:${seconds()}`,
    ],
    level: 'INFO/DEBUG',
    releases: 'mitaka…master',
    upstream: 'neutron/plugins/ml2/drivers/openvswitch/agent/ovs_neutron_agent.py OVSNeutronAgent.loop_count_and_wait',
    requestMeaning: 'service',
    steps: ['A34'],
    means: 'One turn of the agent ended; a long one explains a long wait.',
    examples: [
      {
        message:
          "Agent rpc_loop - iteration:1 completed. Processed ports statistics: {'regular': {'added': 0, 'updated': 1, 'removed': 0}}. Elapsed:0.198",
        fields: { iteration: '1', took_seconds: '0.198' },
      },
    ],
    notThis: ['Agent rpc_loop - iteration:0 started'],
  },
  {
    id: 'neutron.ovsagent.unbound',
    services: ['neutron-openvswitch-agent'],
    loggers: ['neutron.plugins.ml2.drivers.openvswitch.agent.ovs_neutron_agent'],
    messages: [line`Device ${uuid('port')} not defined on plugin or binding failed`],
    level: 'WARNING',
    releases: 'mitaka…master',
    upstream:
      'neutron/plugins/ml2/drivers/openvswitch/agent/ovs_neutron_agent.py OVSNeutronAgent.treat_devices_added_or_updated',
    requestMeaning: 'service',
    steps: ['A34'],
    means: 'The agent sees a device whose port is not bound.',
    examples: [
      {
        message: 'Device 8f6cc85e-bb9a-439f-8da0-091f380dee2e not defined on plugin or binding failed',
        fields: { ports: '8f6cc85e-bb9a-439f-8da0-091f380dee2e' },
        fromTemplate: true,
      },
    ],
    notThis: ['Cleaning stale br-int flows'],
  },
])
