import { logSignals } from '../entry.ts'
import { eventPorts, vifIds } from '../extract.ts'
import { end, eventName, hidden, name, seconds, text, uuid, word } from '../hole.ts'
import { line } from '../line.ts'

/** Interfaces that are plugged, and the wait for neutron. */
export const vifSignals = logSignals([
  {
    id: 'nova.compute.vif.wait_prepare',
    services: ['nova-compute'],
    loggers: ['nova.compute.manager'],
    messages: [line`Preparing to wait for external event ${eventName('event')}-${uuid('tag')}`],
    level: 'DEBUG',
    releases: 'mitaka…master',
    upstream: 'nova/compute/manager.py InstanceEvents.prepare_for_instance_event',
    requestMeaning: 'launch',
    steps: ['M5', 'A44'],
    means: 'Nova will wait for this port before the guest runs.',
    examples: [
      {
        message: 'Preparing to wait for external event network-vif-plugged-8f6cc85e-bb9a-439f-8da0-091f380dee2e',
        fields: { ports: '8f6cc85e-bb9a-439f-8da0-091f380dee2e', event: 'network-vif-plugged' },
      },
    ],
    notThis: ['Pausing'],
  },
  {
    id: 'nova.compute.osvif.plug',
    services: ['nova-compute'],
    loggers: ['os_vif'],
    messages: [line`Plugging vif ${name('vif_type')}(${hidden()}`, line`Plugging vif {${hidden()}`],
    level: 'DEBUG',
    releases: 'os-vif 1.0.0…4.x (Newton…master)',
    upstream: 'os_vif/__init__.py plug',
    requestMeaning: 'launch',
    sharedWithTasks: true,
    steps: ['A34', 'A44', 'M5'],
    means: 'A virtual interface is being plugged.',
    extract: vifIds,
    examples: [
      {
        message:
          "Plugging vif VIFOpenVSwitch(active=False,address=fa:16:3e:01:56:c3,bridge_name='br-int',has_traffic_filtering=True,id=ff18bfa7-c085-40e2-93f1-def147ce44f5,network=Network(b3743e1b-6acb-4389-a6ae-954ad7e792e0),plugin='ovs',port_profile=VIFPortProfileOpenVSwitch,preserve_on_delete=True,vif_name='tapff18bfa7-c0')",
        fields: {
          ports: 'ff18bfa7-c085-40e2-93f1-def147ce44f5',
          aliases: 'mac:fa:16:3e:01:56:c3 tap:ff18bfa7-c0',
          vif_type: 'VIFOpenVSwitch',
          network: 'b3743e1b-6acb-4389-a6ae-954ad7e792e0',
        },
      },
      { message: 'Plugging vif {{}', fields: {}, fromTemplate: true },
    ],
    notThis: ['Loaded VIF plugins: linux_bridge, noop, ovs'],
  },
  {
    id: 'nova.compute.osvif.plugged',
    services: ['nova-compute'],
    loggers: ['os_vif'],
    messages: [line`Successfully plugged vif ${name('vif_type')}(${hidden()}`],
    level: 'INFO',
    releases: 'os-vif 1.0.0…4.x (Newton…master)',
    upstream: 'os_vif/__init__.py plug',
    requestMeaning: 'launch',
    sharedWithTasks: true,
    steps: ['A36', 'A44', 'M5'],
    means: 'A virtual interface is plugged; names port, MAC and device.',
    extract: vifIds,
    examples: [
      {
        message:
          "Successfully plugged vif VIFOpenVSwitch(active=False,address=fa:16:3e:60:a2:00,bridge_name='br-int',has_traffic_filtering=True,id=fad01478-7358-4a92-9777-f74243a3b813,network=Network(b3743e1b-6acb-4389-a6ae-954ad7e792e0),plugin='ovs',port_profile=VIFPortProfileOpenVSwitch,preserve_on_delete=True,vif_name='tapfad01478-73')",
        fields: {
          ports: 'fad01478-7358-4a92-9777-f74243a3b813',
          aliases: 'mac:fa:16:3e:60:a2:00 tap:fad01478-73',
          vif_type: 'VIFOpenVSwitch',
          network: 'b3743e1b-6acb-4389-a6ae-954ad7e792e0',
        },
      },
    ],
    notThis: ['Loaded VIF plugins: linux_bridge, noop, ovs'],
  },
  {
    id: 'nova.compute.osvif.failed',
    services: ['nova-compute'],
    loggers: ['os_vif'],
    messages: [line`Failed to plug vif ${name('vif_type')}(${hidden()}`],
    level: 'ERROR',
    releases: 'os-vif 1.0.0…4.x',
    upstream: 'os_vif/__init__.py plug',
    requestMeaning: 'launch',
    steps: [],
    means: 'A virtual interface could not be plugged.',
    extract: vifIds,
    examples: [
      { message: 'Failed to plug vif VIFOpenVSwitch({}', fields: { vif_type: 'VIFOpenVSwitch' }, fromTemplate: true },
    ],
    notThis: ['Loaded VIF plugins: linux_bridge, noop, ovs'],
  },
  {
    id: 'nova.compute.event.received',
    services: ['nova-compute'],
    loggers: ['nova.compute.manager'],
    messages: [line`Received event ${eventName('event')}-${uuid('tag')}${end}`],
    level: 'DEBUG',
    releases: 'mitaka…master',
    upstream: 'nova/compute/manager.py ComputeManager.external_instance_event',
    requestMeaning: 'other',
    steps: ['M5'],
    means: 'An event of neutron reached the compute.',
    examples: [
      {
        message: 'Received event network-changed-8f6cc85e-bb9a-439f-8da0-091f380dee2e',
        fields: { ports: '8f6cc85e-bb9a-439f-8da0-091f380dee2e', event: 'network-changed' },
      },
    ],
    notThis: [
      'Received event network-vif-unplugged-8f6cc85e-bb9a-439f-8da0-091f380dee2e for instance with task_state deleting.',
    ],
  },
  {
    id: 'nova.compute.event.processing',
    services: ['nova-compute'],
    loggers: ['nova.compute.manager'],
    messages: [line`Processing event ${eventName('event')}-${uuid('tag')}`],
    level: 'DEBUG',
    releases: 'mitaka…master',
    upstream: 'nova/compute/manager.py ComputeManager._process_instance_event',
    requestMeaning: 'other',
    steps: ['M5'],
    means: 'The build waits for this event and goes on.',
    examples: [
      {
        message: 'Processing event network-vif-plugged-8f6cc85e-bb9a-439f-8da0-091f380dee2e',
        fields: { ports: '8f6cc85e-bb9a-439f-8da0-091f380dee2e', event: 'network-vif-plugged' },
      },
    ],
    notThis: ['Pausing'],
  },
  {
    id: 'nova.compute.event.early',
    services: ['nova-compute'],
    loggers: ['nova.compute.manager'],
    messages: [
      line`No waiting events found dispatching ${eventName('event')}-${uuid('tag')}`,
      line`No event matching ${eventName('event')}-${uuid('tag')}`,
    ],
    level: 'DEBUG',
    releases: 'mitaka…master',
    upstream: 'nova/compute/manager.py InstanceEvents.pop_instance_event',
    requestMeaning: 'other',
    steps: ['M5'],
    means: 'An event came when nobody waited for it.',
    examples: [
      {
        message: 'No waiting events found dispatching network-vif-plugged-8f6cc85e-bb9a-439f-8da0-091f380dee2e',
        fields: { ports: '8f6cc85e-bb9a-439f-8da0-091f380dee2e', event: 'network-vif-plugged' },
      },
      {
        message:
          "No event matching network-vif-plugged-09f880bd-617a-4acd-b97b-2aeaa3c6f82f in dict_keys([('network-vif-plugged', 'd0ec8e83-2b5f-48a3-ab61-269dcf6c74f8')])",
        fields: { ports: '09f880bd-617a-4acd-b97b-2aeaa3c6f82f', event: 'network-vif-plugged' },
      },
    ],
    notThis: ['Pausing'],
  },
  {
    id: 'nova.compute.event.unexpected',
    services: ['nova-compute'],
    loggers: ['nova.compute.manager'],
    messages: [
      line`Received unexpected event ${eventName('event')}-${uuid('tag')} for instance with vm_state ${name('vm_state')} and task_state ${name('task_state')}`,
      line`Received unexpected event ${eventName('event')}-${uuid('tag')} for instance`,
    ],
    level: 'WARNING',
    releases: 'ocata…master',
    upstream: 'nova/compute/manager.py ComputeManager._process_instance_event',
    requestMeaning: 'other',
    steps: ['M5'],
    means: 'Nobody waits for this event; harmless unless a timeout follows.',
    examples: [
      {
        message:
          'Received unexpected event network-vif-plugged-51524479-9927-49cb-8066-a92eb4350053 for instance with vm_state active and task_state None.',
        fields: {
          ports: '51524479-9927-49cb-8066-a92eb4350053',
          event: 'network-vif-plugged',
          vm_state: 'active',
          task_state: 'None',
        },
      },
      {
        message: 'Received unexpected event network-vif-plugged-8f6cc85e-bb9a-439f-8da0-091f380dee2e for instance',
        fields: { ports: '8f6cc85e-bb9a-439f-8da0-091f380dee2e', event: 'network-vif-plugged' },
        fromTemplate: true,
      },
    ],
    notThis: [
      'Received event network-vif-unplugged-8f6cc85e-bb9a-439f-8da0-091f380dee2e for instance with task_state deleting.',
    ],
  },
  {
    id: 'nova.compute.event.refresh',
    services: ['nova-compute'],
    loggers: ['nova.compute.manager'],
    messages: [line`Refreshing instance network info cache due to event ${eventName('event')}-${uuid('tag')}`],
    level: 'DEBUG',
    releases: 'queens…master',
    upstream: 'nova/compute/manager.py ComputeManager.external_instance_event',
    requestMeaning: 'other',
    steps: [],
    means: 'An event makes nova read the ports again.',
    examples: [
      {
        message:
          'Refreshing instance network info cache due to event network-changed-8f6cc85e-bb9a-439f-8da0-091f380dee2e.',
        fields: { ports: '8f6cc85e-bb9a-439f-8da0-091f380dee2e', event: 'network-changed' },
      },
    ],
    notThis: ['Pausing'],
  },
  {
    id: 'nova.compute.vif.waited',
    services: ['nova-compute'],
    loggers: ['nova.compute.manager', 'nova.virt.libvirt.driver'],
    messages: [line`Instance event wait completed in ${seconds()} seconds for ${word('events')}`],
    level: 'DEBUG',
    releases: 'yoga…master',
    upstream: 'nova/compute/manager.py ComputeVirtAPI.wait_for_instance_event',
    requestMeaning: 'launch',
    steps: ['M5', 'A44'],
    means: 'The ports are ready; says how long the build waited after the guest was made.',
    examples: [
      {
        message: 'Instance event wait completed in 0 seconds for network-vif-plugged',
        fields: { took_seconds: '0', events: 'network-vif-plugged' },
      },
    ],
    notThis: ['Instance event wait completed in 0 seconds for '],
  },
  {
    id: 'nova.compute.vif.timeout',
    services: ['nova-compute'],
    loggers: ['nova.compute.manager', 'nova.virt.libvirt.driver'],
    messages: [
      line`Timeout waiting for [${text('events')}] for instance with vm_state ${name('vm_state')} and task_state ${name('task_state')}. Event states are: ${text('event_states')}`,
      line`Timeout waiting for [${text('events')}] for instance with vm_state ${name('vm_state')} and task_state ${name('task_state')}`,
      line`Timeout waiting for vif plugging callback for instance with vm_state ${name('vm_state')} and task_state ${name('task_state')}`,
      line`Timeout waiting for vif plugging callback for instance ${uuid('instance')}`,
    ],
    level: 'WARNING',
    releases: 'kilo…master',
    upstream: 'nova/compute/manager.py ComputeVirtAPI.wait_for_instance_event',
    requestMeaning: 'launch',
    steps: ['M5'],
    means: 'The ports were not ready in time; mostly the end of the build.',
    extract: eventPorts,
    examples: [
      {
        message:
          "Timeout waiting for ['network-vif-plugged-b0f9e78b-95b6-42a1-bc7a-e4a5b02fd68d'] for instance with vm_state building and task_state spawning. Event states are: network-vif-plugged-b0f9e78b-95b6-42a1-bc7a-e4a5b02fd68d: timed out after 30.00 seconds: eventlet.timeout.Timeout: 30 seconds",
        fields: {
          ports: 'b0f9e78b-95b6-42a1-bc7a-e4a5b02fd68d',
          events: "'network-vif-plugged-b0f9e78b-95b6-42a1-bc7a-e4a5b02fd68d'",
          vm_state: 'building',
          task_state: 'spawning',
          event_states:
            'network-vif-plugged-b0f9e78b-95b6-42a1-bc7a-e4a5b02fd68d: timed out after 30.00 seconds: eventlet.timeout.Timeout: 30 seconds',
          exception: 'eventlet.timeout.Timeout',
          exception_text: '30 seconds',
        },
      },
      {
        message: 'Timeout waiting for [Maximum exceeded] for instance with vm_state building and task_state spawning',
        fields: { events: 'Maximum exceeded', vm_state: 'building', task_state: 'spawning' },
        fromTemplate: true,
      },
      {
        message:
          'Timeout waiting for vif plugging callback for instance with vm_state building and task_state spawning',
        fields: { vm_state: 'building', task_state: 'spawning' },
        fromTemplate: true,
      },
      {
        message: 'Timeout waiting for vif plugging callback for instance b075536a-086f-4823-8428-cfb6a2ea600f',
        fields: { instances: 'b075536a-086f-4823-8428-cfb6a2ea600f' },
        fromTemplate: true,
      },
    ],
    notThis: ['Pausing'],
  },
  {
    id: 'nova.compute.vif.neutron_failed',
    services: ['nova-compute'],
    loggers: ['nova.virt.libvirt.driver'],
    messages: [
      line`Neutron Reported failure on event ${eventName('event')}-${uuid('tag')} for instance ${uuid('instance')}`,
      line`Neutron Reported failure on event ${word('event')} for instance ${uuid('instance')}`,
    ],
    level: 'ERROR',
    releases: 'kilo…master',
    upstream: 'nova/virt/libvirt/driver.py LibvirtDriver._neutron_failed_callback',
    requestMeaning: 'launch',
    steps: ['M5'],
    means: 'Neutron reported that the port cannot be wired.',
    examples: [
      {
        message:
          'Neutron Reported failure on event network-vif-plugged-8f6cc85e-bb9a-439f-8da0-091f380dee2e for instance b075536a-086f-4823-8428-cfb6a2ea600f',
        fields: {
          instances: 'b075536a-086f-4823-8428-cfb6a2ea600f',
          ports: '8f6cc85e-bb9a-439f-8da0-091f380dee2e',
          event: 'network-vif-plugged',
        },
        fromTemplate: true,
      },
      {
        message: 'Neutron Reported failure on event compute-1 for instance b075536a-086f-4823-8428-cfb6a2ea600f',
        fields: { instances: 'b075536a-086f-4823-8428-cfb6a2ea600f', event: 'compute-1' },
        fromTemplate: true,
      },
    ],
    notThis: ['Snapshot image upload complete'],
  },
  {
    id: 'nova.compute.osvif.unplugged',
    services: ['nova-compute'],
    loggers: ['os_vif'],
    messages: [line`Successfully unplugged vif ${name('vif_type')}(${hidden()}`],
    level: 'INFO',
    releases: 'os-vif 1.0.0…4.x',
    upstream: 'os_vif/__init__.py unplug',
    requestMeaning: 'launch',
    sharedWithTasks: true,
    steps: [],
    means: 'A virtual interface was unplugged.',
    extract: vifIds,
    examples: [
      {
        message:
          "Successfully unplugged vif VIFOpenVSwitch(active=True,address=fa:16:3e:41:89:50,bridge_name='br-int',has_traffic_filtering=True,id=729c9cb0-eb85-4424-9707-cae717101e70,network=Network(cf565b6d-ccc4-48cc-8705-01783c8cc5cd),plugin='ovs',port_profile=VIFPortProfileOpenVSwitch,preserve_on_delete=False,vif_name='tap729c9cb0-eb')",
        fields: {
          ports: '729c9cb0-eb85-4424-9707-cae717101e70',
          aliases: 'mac:fa:16:3e:41:89:50 tap:729c9cb0-eb',
          vif_type: 'VIFOpenVSwitch',
          network: 'cf565b6d-ccc4-48cc-8705-01783c8cc5cd',
        },
      },
    ],
    notThis: ['Loaded VIF plugins: linux_bridge, noop, ovs'],
  },
])
