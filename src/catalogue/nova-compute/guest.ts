import { logSignals } from '../entry.ts'
import { domainName } from '../extract.ts'
import { end, hidden, integer, name, oneOf, text, word } from '../hole.ts'
import { line } from '../line.ts'

/** The domain, and what libvirt tells of it. */
export const guestSignals = logSignals([
  {
    id: 'nova.compute.xml.start',
    services: ['nova-compute'],
    loggers: ['nova.virt.libvirt.driver'],
    messages: [line`Start _get_guest_xml network_info=${hidden()}`],
    level: 'DEBUG',
    releases: 'kilo…master',
    upstream: 'nova/virt/libvirt/driver.py LibvirtDriver._get_guest_xml',
    requestMeaning: 'launch',
    steps: ['A43', 'B20'],
    means: 'The definition of the guest is being generated.',
    examples: [
      {
        message:
          "Start _get_guest_xml network_info=[] disk_info={'disk_bus': 'virtio', 'cdrom_bus': 'ide', 'mapping': {'root': {'bus': 'virtio', 'dev': 'vda', 'type': 'disk', 'boot_index': '1'}, 'disk': {'bus': 'virtio', 'dev': 'vda', 'type': 'disk', 'boot_index': '1'}}} image_meta=ImageMeta(checksum='32c9a5b14db0b96495578b8d7c2cda93',container_format='bare',created_at=2026-11-20T05:09:43Z,direct_url=<?>,disk_format='qcow2',id=141a7e8e-61d9-482f-89c3-a8bf9dbe9e8d,min_disk=0,min_ram=0,name='lab-guest',owner='3b3eda893221411087ff184c9ec58363',properties=ImageMetaProps,protected=<?>,size=10347520,status='active',tags=<?>,updated_at=2026-11-20T05:09:43Z,virtual_size=<?>,visibility=<?>) rescue=None block_device_i",
        fields: {},
      },
    ],
    notThis: [
      'Start waiting for the detach event from libvirt for device vdb with device alias virtio-disk1 for instance d6fd039e-a62b-4679-aa57-3f97bfa0e144',
    ],
  },
  {
    id: 'nova.compute.xml.end',
    services: ['nova-compute'],
    loggers: ['nova.virt.libvirt.driver'],
    messages: [line`End _get_guest_xml xml=${hidden()}`],
    level: 'DEBUG',
    releases: 'kilo…master',
    upstream: 'nova/virt/libvirt/driver.py LibvirtDriver._get_guest_xml',
    requestMeaning: 'launch',
    steps: ['A43', 'B20', 'B21'],
    means: 'The definition of the guest is ready; names the domain.',
    extract: domainName,
    examples: [
      {
        message:
          'End _get_guest_xml xml=<domain type="qemu">\n  <uuid>39de851e-66e3-4a57-b318-576eb3b57c70</uuid>\n  <name>instance-00000086</name>\n  <memory>4194304</me',
        fields: { instances: '39de851e-66e3-4a57-b318-576eb3b57c70', aliases: 'domain:instance-00000086' },
      },
    ],
    notThis: ['Snapshot image upload complete'],
  },
  {
    id: 'nova.compute.lifecycle',
    services: ['nova-compute'],
    loggers: ['nova.compute.manager'],
    messages: [
      line`VM ${oneOf('state', 'Started', 'Stopped', 'Paused', 'Resumed', 'Suspended', 'Crashed')} (Lifecycle Event)`,
      line`VM ${text('state')} (Lifecycle Event)`,
    ],
    level: 'INFO',
    releases: 'mitaka…master',
    upstream: 'nova/compute/manager.py ComputeManager.handle_lifecycle_event',
    requestMeaning: 'service',
    steps: ['A43', 'B20'],
    means: 'The hypervisor reports a state: Started is created, Resumed is running.',
    examples: [
      { message: 'VM Paused (Lifecycle Event)', fields: { state: 'Paused' } },
      { message: 'VM Avviato (Lifecycle Event)', fields: { state: 'Avviato' }, fromTemplate: true },
    ],
    notThis: ['Pausing'],
  },
  {
    id: 'nova.compute.lifecycle.sync',
    services: ['nova-compute'],
    loggers: ['nova.compute.manager'],
    messages: [
      line`Synchronizing instance power state after lifecycle event "${name('event')}"; current vm_state: ${name('vm_state')}, current task_state: ${name('task_state')}, current DB power_state: ${integer('db_power_state')}, VM power_state: ${integer('vm_power_state')}`,
    ],
    level: 'DEBUG',
    releases: 'mitaka…master',
    upstream: 'nova/compute/manager.py ComputeManager.handle_lifecycle_event',
    requestMeaning: 'service',
    steps: [],
    means: 'The report came during this task; spawning means a build.',
    examples: [
      {
        message:
          'Synchronizing instance power state after lifecycle event "Started"; current vm_state: active, current task_state: None, current DB power_state: 1, VM power_state: 1',
        fields: { event: 'Started', vm_state: 'active', task_state: 'None', db_power_state: '1', vm_power_state: '1' },
      },
    ],
    notThis: ['Pausing'],
  },
  {
    id: 'nova.compute.sync_skip',
    services: ['nova-compute'],
    loggers: ['nova.compute.manager'],
    messages: [
      line`During sync_power_state the instance has a pending task (${word('task')}). Skip.`,
      line`During the sync_power process the instance has a pending task (${word('task')}). Skip.`,
    ],
    level: 'INFO',
    releases: 'mitaka…master',
    upstream: 'nova/compute/manager.py ComputeManager._sync_instance_power_state',
    requestMeaning: 'service',
    steps: [],
    means: 'A report came while this task ran; spawning means a build.',
    examples: [
      {
        message: 'During sync_power_state the instance has a pending task (pausing). Skip.',
        fields: { task: 'pausing' },
      },
      {
        message: 'During the sync_power process the instance has a pending task (spawning). Skip.',
        fields: { task: 'spawning' },
        fromTemplate: true,
      },
    ],
    notThis: ['Pausing'],
  },
  {
    id: 'nova.compute.guest.failed',
    services: ['nova-compute'],
    loggers: ['nova.virt.libvirt.driver'],
    messages: [line`Failed to start libvirt guest`],
    level: 'ERROR',
    releases: 'ocata…master',
    upstream: 'nova/virt/libvirt/driver.py LibvirtDriver._create_guest_with_network',
    requestMeaning: 'launch',
    steps: ['A43'],
    means: 'The guest could not be started.',
    examples: [
      {
        message: "Failed to start libvirt guest: FileNotFoundError: [Errno 2] No such file or directory: 'genisoimage'",
        fields: {
          exception: 'FileNotFoundError',
          exception_text: "[Errno 2] No such file or directory: 'genisoimage'",
        },
      },
    ],
    notThis: ['Snapshot image upload complete'],
  },
  {
    id: 'nova.compute.guest.created',
    services: ['nova-compute'],
    loggers: ['nova.virt.libvirt.driver'],
    messages: [line`Guest created on hypervisor`, line`Instance is running${end}`],
    level: 'DEBUG',
    releases: 'kilo…master',
    upstream: 'nova/virt/libvirt/driver.py LibvirtDriver.spawn',
    requestMeaning: 'launch',
    steps: ['A43', 'B20'],
    means: 'The guest exists, after the wait for its ports.',
    examples: [
      { message: 'Guest created on hypervisor', fields: {} },
      { message: 'Instance is running', fields: {}, fromTemplate: true },
    ],
    notThis: ['Instance is running out of memory'],
  },
  {
    id: 'nova.compute.spawned',
    services: ['nova-compute'],
    loggers: ['nova.virt.libvirt.driver'],
    messages: [line`Instance spawned successfully.`],
    level: 'INFO',
    releases: 'kilo…master',
    upstream: 'nova/virt/libvirt/driver.py LibvirtDriver.spawn',
    requestMeaning: 'none',
    steps: ['A43', 'B20'],
    means: 'The guest runs; also after unshelve and rebuild.',
    examples: [{ message: 'Instance spawned successfully.', fields: {} }],
    notThis: ['Instance rebooted successfully.'],
  },
])
