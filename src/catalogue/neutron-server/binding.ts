import { logSignals } from '../entry.ts'
import { hidden, integer, name, quoted, text, uuid, word } from '../hole.ts'
import { line } from '../line.ts'

/** What neutron-server says while it creates, binds and refuses ports. */
export const bindingSignals = logSignals([
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
])
