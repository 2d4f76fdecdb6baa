import { logSignals } from '../entry.ts'
import { integer, name, uuid, word } from '../hole.ts'
import { line } from '../line.ts'

/** What neutron-server says while a bound port is wired, until it is active. */
export const provisioningSignals = logSignals([
  {
    id: 'neutron.provision.wait',
    services: ['neutron-server'],
    loggers: ['neutron.db.provisioning_blocks'],
    messages: [
      line`Transition to ACTIVE for port object ${uuid('port')} will not be triggered until provisioned by entity ${name('entity')}`,
    ],
    level: 'DEBUG',
    releases: 'ocata…master',
    upstream: 'neutron/db/provisioning_blocks.py add_provisioning_component',
    requestMeaning: 'launch',
    steps: ['A27'],
    means: 'The port becomes active only after this entity is ready.',
    examples: [
      {
        message:
          'Transition to ACTIVE for port object 8f6cc85e-bb9a-439f-8da0-091f380dee2e will not be triggered until provisioned by entity L2.',
        fields: { ports: '8f6cc85e-bb9a-439f-8da0-091f380dee2e', entity: 'L2' },
      },
    ],
    notThis: ['Could not find standard attr ID for object 8f6cc85e-bb9a-439f-8da0-091f380dee2e.'],
  },
  {
    id: 'neutron.provision.part',
    services: ['neutron-server'],
    loggers: ['neutron.db.provisioning_blocks'],
    messages: [line`Provisioning for port ${uuid('port')} completed by entity ${name('entity')}`],
    level: 'DEBUG',
    releases: 'ocata…master',
    upstream: 'neutron/db/provisioning_blocks.py provisioning_complete',
    requestMeaning: 'service',
    steps: ['A32', 'A36'],
    means: 'One entity is ready: DHCP or the L2 agent.',
    examples: [
      {
        message: 'Provisioning for port 8f6cc85e-bb9a-439f-8da0-091f380dee2e completed by entity L2.',
        fields: { ports: '8f6cc85e-bb9a-439f-8da0-091f380dee2e', entity: 'L2' },
      },
    ],
    notThis: ['Provisioning for router 05b1c057-3b14-490e-ae05-01d19d0ea468 completed by entity L3'],
  },
  {
    id: 'neutron.provision.done',
    services: ['neutron-server'],
    loggers: ['neutron.db.provisioning_blocks'],
    messages: [line`Provisioning complete for port ${uuid('port')} triggered by entity ${name('entity')}`],
    level: 'DEBUG',
    releases: 'ocata…master',
    upstream: 'neutron/db/provisioning_blocks.py provisioning_complete',
    requestMeaning: 'service',
    steps: ['A36', 'A37'],
    means: 'The last entity is ready: the port becomes active.',
    examples: [
      {
        message: 'Provisioning complete for port 8f6cc85e-bb9a-439f-8da0-091f380dee2e triggered by entity L2.',
        fields: { ports: '8f6cc85e-bb9a-439f-8da0-091f380dee2e', entity: 'L2' },
      },
    ],
    notThis: ['Could not find standard attr ID for object 8f6cc85e-bb9a-439f-8da0-091f380dee2e.'],
  },
  {
    id: 'neutron.provision.attempt',
    services: ['neutron-server'],
    loggers: ['neutron.plugins.ml2.plugin'],
    messages: [line`Attempt ${integer('count')} to provision port ${uuid('port')}`],
    level: 'INFO',
    releases: 'wallaby…master',
    upstream: 'neutron/plugins/ml2/plugin.py Ml2Plugin._port_provisioned',
    requestMeaning: 'service',
    steps: ['A37'],
    means: 'The port is about to become active.',
    examples: [
      {
        message: 'Attempt 1 to provision port 918e67fe-7c46-4992-9566-9b49b1fe7e39',
        fields: { ports: '918e67fe-7c46-4992-9566-9b49b1fe7e39', count: '1' },
      },
    ],
    notThis: ['Deleting port 8f6cc85e-bb9a-439f-8da0-091f380dee2e'],
  },
  {
    id: 'neutron.agent.details',
    services: ['neutron-server'],
    loggers: ['neutron.plugins.ml2.rpc'],
    messages: [
      line`Device ${uuid('port')} details requested by agent ${word('agent')} with host ${word('agent_host')}`,
      line`Device ${word('device')} details requested by agent ${word('agent')} with host ${word('agent_host')}`,
    ],
    level: 'DEBUG',
    releases: 'mitaka…master',
    upstream: 'neutron/plugins/ml2/rpc.py RpcCallbacks.get_device_details',
    requestMeaning: 'service',
    steps: ['A27', 'A34'],
    means: 'The L2 agent saw the device and asks for the port.',
    examples: [
      {
        message:
          'Device 8f6cc85e-bb9a-439f-8da0-091f380dee2e details requested by agent ovs-agent-compute-1 with host compute-1',
        fields: {
          ports: '8f6cc85e-bb9a-439f-8da0-091f380dee2e',
          agent: 'ovs-agent-compute-1',
          agent_host: 'compute-1',
        },
        fromTemplate: true,
      },
      {
        message: 'Device /dev/vda details requested by agent ovs-agent-compute-1 with host compute-1',
        fields: { device: '/dev/vda', agent: 'ovs-agent-compute-1', agent_host: 'compute-1' },
        fromTemplate: true,
      },
    ],
    notThis: ['Device 96c544d6-9229-4be2-9555-2a958eba0a44 not bound to the agent host compute-1'],
  },
  {
    id: 'neutron.agent.up',
    services: ['neutron-server'],
    loggers: ['neutron.plugins.ml2.rpc'],
    messages: [
      line`Device ${uuid('port')} up at agent ${word('agent')}`,
      line`Device ${word('device')} up at agent ${word('agent')}`,
    ],
    level: 'DEBUG',
    releases: 'mitaka…master',
    upstream: 'neutron/plugins/ml2/rpc.py RpcCallbacks.update_device_up',
    requestMeaning: 'service',
    steps: ['A36'],
    means: 'The L2 agent has wired the port.',
    examples: [
      {
        message: 'Device 526e05eb-a22b-40a5-a0bd-e319beefaeab up at agent ovs-agent-compute-1',
        fields: { ports: '526e05eb-a22b-40a5-a0bd-e319beefaeab', agent: 'ovs-agent-compute-1' },
      },
      {
        message: 'Device /dev/vda up at agent ovs-agent-compute-1',
        fields: { device: '/dev/vda', agent: 'ovs-agent-compute-1' },
        fromTemplate: true,
      },
    ],
    notThis: ['Device 96c544d6-9229-4be2-9555-2a958eba0a44 not bound to the agent host compute-1'],
  },
  {
    id: 'neutron.status',
    services: ['neutron-server'],
    loggers: ['neutron.plugins.ml2.plugin'],
    messages: [
      line`Current status of the port ${uuid('port')} is: ${name('old_status')}; New status is: ${name('status')}`,
    ],
    level: 'DEBUG',
    releases: 'wallaby…master',
    upstream: 'neutron/plugins/ml2/plugin.py Ml2Plugin._update_individual_port_db_status',
    requestMeaning: 'service',
    steps: ['A37'],
    means: 'The status of a port changes in the database.',
    examples: [
      {
        message: 'Current status of the port 8f6cc85e-bb9a-439f-8da0-091f380dee2e is: DOWN; New status is: ACTIVE',
        fields: { ports: '8f6cc85e-bb9a-439f-8da0-091f380dee2e', old_status: 'DOWN', status: 'ACTIVE' },
      },
    ],
    notThis: ['Deleting port 8f6cc85e-bb9a-439f-8da0-091f380dee2e'],
  },
  {
    id: 'neutron.ovn.bumped',
    services: ['neutron-server'],
    loggers: ['neutron.db.ovn_revision_numbers_db', 'networking_ovn.db.revision'],
    messages: [
      line`Successfully bumped revision number for resource ${uuid('port')} (type: ports) to ${integer('revision')}`,
    ],
    level: 'INFO',
    releases: 'ussuri…master',
    upstream: 'neutron/db/ovn_revision_numbers_db.py bump_revision',
    requestMeaning: 'launch',
    sharedWithTasks: true,
    steps: ['B11'],
    means: "The port is stored in OVN's northbound database; joins the request with the port.",
    examples: [
      {
        message:
          'Successfully bumped revision number for resource 918e67fe-7c46-4992-9566-9b49b1fe7e39 (type: ports) to 1',
        fields: { ports: '918e67fe-7c46-4992-9566-9b49b1fe7e39', revision: '1' },
      },
    ],
    notThis: [
      'Successfully bumped revision number for resource 05b1c057-3b14-490e-ae05-01d19d0ea468 (type: networks) to 2',
    ],
  },
  {
    id: 'neutron.ovn.up',
    services: ['neutron-server'],
    loggers: ['neutron.plugins.ml2.drivers.ovn.mech_driver.mech_driver', 'networking_ovn.ml2.mech_driver'],
    messages: [line`OVN reports status up for port: ${uuid('port')}`],
    level: 'INFO',
    releases: 'ussuri…master',
    upstream: 'neutron/plugins/ml2/drivers/ovn/mech_driver/mech_driver.py OVNMechanismDriver.set_port_status_up',
    requestMeaning: 'service',
    steps: ['B13', 'B14', 'B15'],
    means: 'OVN has wired the port.',
    examples: [
      {
        message: 'OVN reports status up for port: 918e67fe-7c46-4992-9566-9b49b1fe7e39',
        fields: { ports: '918e67fe-7c46-4992-9566-9b49b1fe7e39' },
      },
    ],
    notThis: ['No provisioning block for port 8f6cc85e-bb9a-439f-8da0-091f380dee2e since it is active'],
  },
  {
    id: 'neutron.ovn.down',
    services: ['neutron-server'],
    loggers: ['neutron.plugins.ml2.drivers.ovn.mech_driver.mech_driver', 'networking_ovn.ml2.mech_driver'],
    messages: [line`OVN reports status down for port: ${uuid('port')}`],
    level: 'INFO',
    releases: 'ussuri…master',
    upstream: 'neutron/plugins/ml2/drivers/ovn/mech_driver/mech_driver.py OVNMechanismDriver.set_port_status_down',
    requestMeaning: 'service',
    steps: [],
    means: 'OVN took a port down.',
    examples: [
      {
        message: 'OVN reports status down for port: 918e67fe-7c46-4992-9566-9b49b1fe7e39',
        fields: { ports: '918e67fe-7c46-4992-9566-9b49b1fe7e39' },
      },
    ],
    notThis: ['No provisioning block for port 8f6cc85e-bb9a-439f-8da0-091f380dee2e since it is active'],
  },
])
