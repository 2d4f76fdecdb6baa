import { logSignals } from './entry.ts'
import { novaEvents } from './extract.ts'
import { hidden, integer, name, quoted, requestId, text, uuid, word } from './hole.ts'
import { line } from './line.ts'

/** What neutron-server says about a launch. */
export const neutronServer = logSignals([
  {
    id: 'neutron.bind.attempt',
    services: ['neutron-server'],
    loggers: ['neutron.plugins.ml2.plugin'],
    messages: [line`Attempt ${integer('count')} to bind port ${uuid('port')}`],
    level: 'INFO',
    releases: 'mitaka…master',
    upstream: 'neutron/plugins/ml2/plugin.py Ml2Plugin._bind_port_if_needed',
    requestMeaning: 'launch',
    sharedWithTasks: true,
    steps: ['A27', 'B10'],
    means: 'Binding of a port is tried once more.',
    examples: [
      {
        message: 'Attempt 2 to bind port aae7e48f-d072-43e8-8e3b-cf49b0e2cecf',
        fields: { ports: 'aae7e48f-d072-43e8-8e3b-cf49b0e2cecf', count: '2' },
      },
    ],
    notThis: ['Deleting port 8f6cc85e-bb9a-439f-8da0-091f380dee2e'],
  },
  {
    id: 'neutron.bind.try',
    services: ['neutron-server'],
    loggers: ['neutron.plugins.ml2.managers'],
    messages: [
      line`Attempting to bind port ${uuid('port')} on host ${word('bind_host')} for vnic_type ${word('vnic_type')}`,
    ],
    level: 'DEBUG',
    releases: 'mitaka…master',
    upstream: 'neutron/plugins/ml2/managers.py MechanismManager.bind_port',
    requestMeaning: 'launch',
    sharedWithTasks: true,
    steps: ['A27', 'B10'],
    means: 'ML2 tries to bind a port on a host.',
    examples: [
      {
        message:
          'Attempting to bind port 8f6cc85e-bb9a-439f-8da0-091f380dee2e on host compute-1 for vnic_type normal with profile',
        fields: { ports: '8f6cc85e-bb9a-439f-8da0-091f380dee2e', bind_host: 'compute-1', vnic_type: 'normal' },
      },
    ],
    notThis: ["Attempting to bind port 8f6cc85e-bb9a-439f-8da0-091f380dee2e by drivers ['ovn']"],
  },
  {
    id: 'neutron.bind.ok',
    services: ['neutron-server'],
    loggers: ['neutron.plugins.ml2.managers'],
    messages: [
      line`Bound port: ${uuid('port')}, host: ${word('bind_host')}, vif_type: ${name('vif_type')}, vif_details: ${hidden()}`,
    ],
    level: 'DEBUG',
    releases: 'mitaka…master',
    upstream: 'neutron/plugins/ml2/managers.py MechanismManager._bind_port_level',
    requestMeaning: 'launch',
    sharedWithTasks: true,
    steps: ['A37', 'B10'],
    means: 'ML2 bound a port on a host.',
    examples: [
      {
        message: `Bound port: c0b1c237-c28d-4605-990f-758d1a936faf, host: compute-2, vif_type: ovs, vif_details: {"port_filter": true, "connectivity": "l2"}, binding_levels: [{'bound_driver': 'ovn', 'bound_segment': {'id': '2329babd-fa49-4966-8d45-cc8d31627b9e', 'network_type': 'geneve', 'physical_network': None, 'segmentation_id': 3640, 'network_id': '7a2c9425-0f28-44a3-bf4a-dd1bfe29b142'}}]`,
        fields: { ports: 'c0b1c237-c28d-4605-990f-758d1a936faf', bind_host: 'compute-2', vif_type: 'ovs' },
      },
    ],
    notThis: [
      'Attempting to bind port 8f6cc85e-bb9a-439f-8da0-091f380dee2e on host compute-1 for vnic_type normal with profile',
    ],
  },
  {
    id: 'neutron.bind.fail',
    services: ['neutron-server'],
    loggers: ['neutron.plugins.ml2.managers'],
    messages: [
      line`Failed to bind port ${uuid('port')} on host ${word('bind_host')} for vnic_type ${word('vnic_type')} using segments ${hidden()}`,
      line`Failed to bind port ${uuid('port')} on host ${word('bind_host')}`,
    ],
    level: 'ERROR',
    releases: 'mitaka…master',
    upstream: 'neutron/plugins/ml2/managers.py MechanismManager.bind_port',
    requestMeaning: 'launch',
    sharedWithTasks: true,
    steps: ['A27', 'B10'],
    means: 'A port could not be bound on the host: nova will give up or try another.',
    examples: [
      {
        message:
          "Failed to bind port 788240d9-aa81-433e-bc2e-0dd3e33e8a43 on host compute-2 for vnic_type normal using segments [{'id': 'a98deb57-2cad-497d-9481-33b9fcde13c7', 'network_type': 'vxlan', 'physical_network': None, 'segmentation_id': 309, 'network_id': '9463921c-db67-487d-8993-1ac5be6fad66'}]",
        fields: { ports: '788240d9-aa81-433e-bc2e-0dd3e33e8a43', bind_host: 'compute-2', vnic_type: 'normal' },
      },
      {
        message: 'Failed to bind port 8f6cc85e-bb9a-439f-8da0-091f380dee2e on host compute-1',
        fields: { ports: '8f6cc85e-bb9a-439f-8da0-091f380dee2e', bind_host: 'compute-1' },
        fromTemplate: true,
      },
    ],
    notThis: [
      'Attempting to bind port 8f6cc85e-bb9a-439f-8da0-091f380dee2e on host compute-1 for vnic_type normal with profile',
    ],
  },
  {
    id: 'neutron.bind.refused_ovn',
    services: ['neutron-server'],
    loggers: ['neutron.plugins.ml2.drivers.ovn.mech_driver.mech_driver', 'networking_ovn.ml2.mech_driver'],
    messages: [line`Refusing to bind port ${uuid('port')} due to no OVN chassis for host: ${word('bind_host')}`],
    level: 'WARNING/DEBUG',
    releases: 'ussuri…master',
    upstream: 'neutron/plugins/ml2/drivers/ovn/mech_driver/mech_driver.py OVNMechanismDriver.bind_port',
    requestMeaning: 'launch',
    steps: ['B10'],
    means: 'OVN has no chassis of that host: the port cannot be bound.',
    examples: [
      {
        message: 'Refusing to bind port 8f6cc85e-bb9a-439f-8da0-091f380dee2e due to no OVN chassis for host: compute-1',
        fields: { ports: '8f6cc85e-bb9a-439f-8da0-091f380dee2e', bind_host: 'compute-1' },
        fromTemplate: true,
      },
    ],
    notThis: ['No provisioning block for port 8f6cc85e-bb9a-439f-8da0-091f380dee2e since it is active'],
  },
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
    id: 'neutron.nova.send',
    services: ['neutron-server'],
    loggers: ['neutron.notifiers.nova'],
    messages: [line`Sending events: ${hidden()}`],
    level: 'DEBUG',
    releases: 'mitaka…master',
    upstream: 'neutron/notifiers/nova.py Notifier.send_events',
    requestMeaning: 'none',
    steps: ['A38', 'M5'],
    means: 'Neutron tells nova what became of ports, in batches up to two seconds apart.',
    extract: novaEvents,
    examples: [
      {
        message:
          "Sending events: [{'name': 'network-changed', 'server_uuid': '8f3bf7a8-497b-432f-ab6d-17a9a3b5b3bd', 'tag': 'cdc5fc69-dfd6-4121-b112-323b2a07f565'}, {'server_uuid': 'bd7d2119-8896-40b6-8124-52cf9008a230', 'name': 'network-vif-plugged', 'status': 'completed', 'tag': 'f89885e6-caa5-4022-b395-fc7e06bcdfb5'}, {'name': 'network-changed', 'server_uuid': 'd91302a9-90ea-4f0d-b299-a02790bb4c7e', 'tag': '0118a0f7-8fd9-47f4-a9c5-38d6dec397c6'}]",
        fields: {
          instances:
            '8f3bf7a8-497b-432f-ab6d-17a9a3b5b3bd bd7d2119-8896-40b6-8124-52cf9008a230 d91302a9-90ea-4f0d-b299-a02790bb4c7e',
          ports:
            'cdc5fc69-dfd6-4121-b112-323b2a07f565 f89885e6-caa5-4022-b395-fc7e06bcdfb5 0118a0f7-8fd9-47f4-a9c5-38d6dec397c6',
          event: 'network-changed',
          event_status: 'completed',
        },
      },
    ],
    notThis: ['device_id is not set on port ff18bfa7-c085-40e2-93f1-def147ce44f5 yet.'],
  },
  {
    id: 'neutron.nova.response',
    services: ['neutron-server'],
    loggers: ['neutron.notifiers.nova'],
    messages: [
      line`Nova event matching ['${requestId('nova_request')}'] response: ${hidden()}`,
      line`Nova event matching ${word('nova_request')} response: ${hidden()}`,
      line`Nova event response: ${hidden()}`,
    ],
    level: 'INFO',
    releases: 'mitaka…master',
    upstream: 'neutron/notifiers/nova.py Notifier.send_events',
    requestMeaning: 'none',
    steps: ['A38', 'M5'],
    means: "Nova took neutron's event; joins neutron, nova-api and nova-compute by the request id.",
    extract: novaEvents,
    examples: [
      {
        message:
          "Nova event matching ['req-d75e7401-aab3-4618-8961-0e1cd017fdb2'] response: {'name': 'network-changed', 'server_uuid': '3ad2470e-67a3-40d6-8339-f493c8778054', 'tag': '918e67fe-7c46-4992-9566-9b49b1fe7e39', 'status': 'completed', 'code': 200}",
        fields: {
          instances: '3ad2470e-67a3-40d6-8339-f493c8778054',
          ports: '918e67fe-7c46-4992-9566-9b49b1fe7e39',
          nova_request: 'req-d75e7401-aab3-4618-8961-0e1cd017fdb2',
          event: 'network-changed',
          event_status: 'completed',
          code: '200',
        },
      },
      {
        message: 'Nova event matching compute-1 response: {}',
        fields: { nova_request: 'compute-1' },
        fromTemplate: true,
      },
      { message: 'Nova event response: {}', fields: {}, fromTemplate: true },
    ],
    notThis: ['device_id is not set on port ff18bfa7-c085-40e2-93f1-def147ce44f5 yet.'],
  },
  {
    id: 'neutron.nova.failed',
    services: ['neutron-server'],
    loggers: ['neutron.notifiers.nova'],
    messages: [
      line`Nova event matching ['${requestId('nova_request')}']: ${hidden()} returned with failed status`,
      line`Nova event matching ${word('nova_request')} ${hidden()} returned with failed status`,
      line`Nova event: ${hidden()} returned with failed status`,
    ],
    level: 'WARNING',
    releases: 'mitaka…master',
    upstream: 'neutron/notifiers/nova.py Notifier.send_events',
    requestMeaning: 'none',
    steps: ['M5'],
    means: "Nova refused neutron's event: the instance is unknown (404) or has no host yet (422).",
    extract: novaEvents,
    examples: [
      {
        message:
          "Nova event matching ['req-9afb652e-642d-4d6e-9930-04e8437148ee']: {'name': 'network-changed', 'server_uuid': '73a8a098-22b0-4b4f-a363-e42f0d232c8f', 'tag': 'aae7e48f-d072-43e8-8e3b-cf49b0e2cecf', 'status': 'failed', 'code': 422} returned with failed status",
        fields: {
          instances: '73a8a098-22b0-4b4f-a363-e42f0d232c8f',
          ports: 'aae7e48f-d072-43e8-8e3b-cf49b0e2cecf',
          nova_request: 'req-9afb652e-642d-4d6e-9930-04e8437148ee',
          event: 'network-changed',
          event_status: 'failed',
          code: '422',
        },
      },
      {
        message: 'Nova event matching compute-1 {} returned with failed status',
        fields: { nova_request: 'compute-1' },
        fromTemplate: true,
      },
      { message: 'Nova event: {} returned with failed status', fields: {}, fromTemplate: true },
    ],
    notThis: ['device_id is not set on port ff18bfa7-c085-40e2-93f1-def147ce44f5 yet.'],
  },
  {
    id: 'neutron.nova.error',
    services: ['neutron-server'],
    loggers: ['neutron.notifiers.nova'],
    messages: [line`Failed to notify nova on events: ${hidden()}`],
    level: 'ERROR',
    releases: 'mitaka…master',
    upstream: 'neutron/notifiers/nova.py Notifier.send_events',
    requestMeaning: 'none',
    steps: ['M5'],
    means: 'Neutron could not reach nova: its wait for the port will time out.',
    extract: novaEvents,
    examples: [{ message: 'Failed to notify nova on events: {}', fields: {}, fromTemplate: true }],
    notThis: ['device_id is not set on port ff18bfa7-c085-40e2-93f1-def147ce44f5 yet.'],
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
  {
    id: 'neutron.client_error',
    services: ['neutron-server'],
    loggers: ['neutron.pecan_wsgi.hooks.translation', 'neutron.api.v2.resource'],
    messages: [line`${name('action')} failed (client error): ${text('error')}`],
    level: 'INFO',
    releases: 'ocata…master',
    upstream: 'neutron/pecan_wsgi/hooks/translation.py ExceptionTranslationHook.on_error',
    requestMeaning: 'launch',
    steps: [],
    means: 'Neutron refused a call.',
    examples: [
      {
        message: 'POST failed (client error): There was a conflict when trying to complete your request.',
        fields: { action: 'POST', error: 'There was a conflict when trying to complete your request.' },
      },
    ],
    notThis: [],
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
    id: 'neutron.bind.dead_agent',
    services: ['neutron-server'],
    loggers: [
      'neutron.plugins.ml2.drivers.mech_agent',
      'neutron.plugins.ml2.drivers.ovn.mech_driver.mech_driver',
      'networking_ovn.ml2.mech_driver',
    ],
    messages: [line`Refusing to bind port ${uuid('port')} to dead agent: ${hidden()}`],
    level: 'WARNING',
    releases: 'mitaka…master',
    upstream: 'neutron/plugins/ml2/drivers/mech_agent.py AgentMechanismDriverBase.bind_port',
    requestMeaning: 'launch',
    steps: ['A27', 'B10'],
    means: 'The agent of the host is dead: the port cannot be bound there.',
    examples: [
      {
        message:
          'Refusing to bind port aae7e48f-d072-43e8-8e3b-cf49b0e2cecf to dead agent:  <neutron.plugins.ml2.drivers.ovn.agent.neutron_agent.ControllerAgent object at 0x7f7543167490>',
        fields: { ports: 'aae7e48f-d072-43e8-8e3b-cf49b0e2cecf' },
      },
    ],
    notThis: ['No provisioning block for port 8f6cc85e-bb9a-439f-8da0-091f380dee2e since it is active'],
  },
  {
    id: 'neutron.ml2.driver_failed',
    services: ['neutron-server'],
    loggers: ['neutron.plugins.ml2.managers'],
    messages: [line`Mechanism driver ${quoted('driver')} failed in ${name('method')}`],
    level: 'ERROR',
    releases: 'mitaka…master',
    upstream: 'neutron/plugins/ml2/managers.py MechanismManager._call_on_drivers',
    requestMeaning: 'launch',
    steps: [],
    means: 'A mechanism driver failed; after a create the port is deleted again.',
    examples: [
      {
        message:
          "Mechanism driver 'ovn' failed in update_port_postcommit: ovsdbapp.backend.ovs_idl.idlutils.RowNotFound: Cannot find Logical_Switch_Port with name=924b4e35-4f1a-436a-aefc-4a5b2b1983d1",
        fields: {
          driver: 'ovn',
          method: 'update_port_postcommit',
          exception: 'ovsdbapp.backend.ovs_idl.idlutils.RowNotFound',
          exception_text: 'Cannot find Logical_Switch_Port with name=924b4e35-4f1a-436a-aefc-4a5b2b1983d1',
        },
      },
    ],
    notThis: [
      'Attempting to bind port 8f6cc85e-bb9a-439f-8da0-091f380dee2e on host compute-1 for vnic_type normal with profile',
    ],
  },
])
