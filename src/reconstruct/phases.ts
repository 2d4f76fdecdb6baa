import type { Phase } from '../core/launch.ts'

/** One way to see an edge: a signal at its own time, or at the time its stated duration reaches back to. */
export interface Sight {
  readonly signals: readonly string[]
  /** `when`: the signal's time. `start`: its time less the duration that it states. */
  readonly at: 'when' | 'start'
  readonly take: 'first' | 'last'
  /** Attributes that must hold exactly. */
  readonly having?: Readonly<Record<string, string>>
}

/** A phase of a launch as data: a new release or a site's patch is an entry here, not code. */
export interface PhaseRule {
  readonly phase: Phase
  /** Which signals may show it: those of the whole launch, or of one attempt. */
  readonly scope: 'launch' | 'attempt'
  readonly service: string
  readonly means: string
  /** Best first. */
  readonly starts: readonly Sight[]
  /** Best first. */
  readonly ends: readonly Sight[]
  /** Signals at or after the first of these no longer end the phase. */
  readonly until?: readonly Sight[]
}

function first(...signals: readonly string[]): Sight {
  return { signals, at: 'when', take: 'first' }
}

function last(...signals: readonly string[]): Sight {
  return { signals, at: 'when', take: 'last' }
}

function startOf(...signals: readonly string[]): Sight {
  return { signals, at: 'start', take: 'first' }
}

function having(sight: Sight, attributes: Readonly<Record<string, string>>): Sight {
  return { ...sight, having: attributes }
}

const UPDATES = ['notif.nova.v.update', 'notif.nova.l.update'] as const
const CREATE_START = ['notif.nova.v.create.start', 'notif.nova.l.create.start'] as const
const SPAWN_STARTS: readonly Sight[] = [
  first('nova.compute.spawn.start'),
  startOf('nova.compute.spawn.took'),
  having(first(...UPDATES), { task_state: 'spawning' }),
  first('nova.compute.disks.start'),
]
const STARTED = having(first('nova.compute.lifecycle'), { state: 'Started' })
const PAUSED = having(first('nova.compute.lifecycle'), { state: 'Paused' })
const RESUMED = having(first('nova.compute.lifecycle'), { state: 'Resumed' })

/** Where a launch begins, best first: the arrival of the request, or the first thing known after it. */
export const LAUNCH_STARTS: readonly Sight[] = [
  startOf('access.nova.create', 'access.nova.create_volumes_boot'),
  first('nova.api.create.body'),
  first('nova.api.going_to_run'),
  first(
    'access.placement.candidates',
    'nova.scheduler.start',
    'notif.nova.v.select.start',
    'notif.nova.l.select.start',
  ),
  first('access.nova.create', 'access.nova.create_volumes_boot'),
  first(...UPDATES),
  startOf('nova.compute.build.took'),
  first(
    ...CREATE_START,
    'nova.compute.start',
    'nova.compute.claim.try',
    'access.placement.claim',
    'nova.compute.claim.ok',
  ),
]

/** In the order of the critical path. */
export const PHASE_RULES: readonly PhaseRule[] = [
  {
    phase: 'api',
    scope: 'launch',
    service: 'nova-api',
    means: 'nova-api checks the request, its quota, image, flavor and networks, and answers.',
    starts: [startOf('access.nova.create', 'access.nova.create_volumes_boot'), first('nova.api.create.body')],
    ends: [last('access.nova.create', 'access.nova.create_volumes_boot')],
  },
  {
    phase: 'schedule',
    scope: 'launch',
    service: 'nova-scheduler',
    means: 'The conductor asks the scheduler, which asks placement, filters, weighs and claims a host.',
    starts: [
      first('nova.scheduler.start'),
      first('access.placement.candidates'),
      first('notif.nova.v.select.start', 'notif.nova.l.select.start'),
    ],
    ends: [
      first('nova.conductor.selected'),
      first('nova.scheduler.selected'),
      first('access.placement.claim'),
      first('notif.nova.v.select.end', 'notif.nova.l.select.end'),
      first('nova.conductor.select.took'),
      having(first(...UPDATES), { task_state: 'scheduling' }),
    ],
  },
  {
    phase: 'dispatch',
    scope: 'launch',
    service: 'nova-conductor',
    means: 'The instance is written to its cell and the build waits in the queue of the compute node.',
    starts: [],
    ends: [
      first('nova.compute.start'),
      startOf('nova.compute.build.took'),
      first(...CREATE_START),
      first('nova.compute.claim.try'),
      first('nova.compute.claim.ok'),
      having(first(...UPDATES), { old_task_state: 'scheduling', task_state: '' }),
    ],
  },
  {
    phase: 'claim',
    scope: 'attempt',
    service: 'nova-compute',
    means: 'The compute node takes the instance into its books: memory, disk, processors, devices.',
    starts: [
      first('nova.compute.claim.try'),
      first('nova.compute.start'),
      first(...CREATE_START),
      startOf('nova.compute.build.took'),
    ],
    ends: [
      first('nova.compute.claim.ok'),
      first('nova.compute.claim.fail'),
      having(first(...UPDATES), { task_state: 'networking' }),
    ],
  },
  {
    phase: 'network',
    scope: 'attempt',
    service: 'neutron-server',
    means: 'Ports are created and bound. Runs beside the block devices and the first part of the image.',
    starts: [
      first('nova.compute.network.start', 'nova.compute.network.allocate'),
      having(first(...UPDATES), { task_state: 'networking' }),
      first('nova.compute.claim.ok'),
    ],
    ends: [
      first('nova.compute.network.info'),
      last('nova.compute.network.port_updated'),
      last('notif.neutron.port.update.end', 'access.neutron.port_update'),
      last('neutron.ovn.bumped'),
      last('notif.neutron.port.create.end', 'access.neutron.port_create'),
      first('nova.compute.network.giveup', 'nova.compute.network.failed'),
    ],
    until: [first('nova.compute.osvif.plugged', 'ovs.added', 'libvirt.qemu.start'), STARTED],
  },
  {
    phase: 'block_device',
    scope: 'attempt',
    service: 'cinder',
    means: 'Volumes are created, copied from an image, and attached.',
    starts: [
      first('nova.compute.bdm.start'),
      having(first(...UPDATES), { task_state: 'block_device_mapping' }),
      first('nova.compute.bdm.devname'),
      first('nova.compute.bdm.volume', 'nova.compute.bdm.image', 'nova.compute.bdm.snapshot', 'nova.compute.bdm.blank'),
    ],
    ends: [...SPAWN_STARTS, first('nova.compute.bdm.failed', 'nova.compute.bdm.failed2', 'nova.compute.bdm.quota')],
  },
  {
    phase: 'image',
    scope: 'attempt',
    service: 'nova-compute',
    means: 'Disks are made: the image is downloaded, copied or cloned.',
    starts: [first('nova.compute.disks.start'), first('nova.compute.disks.dir')],
    ends: [
      first('nova.compute.disks.done'),
      first('nova.compute.xml.start'),
      first('nova.compute.configdrive.use'),
      first('nova.compute.vif.wait_prepare', 'nova.compute.osvif.plug'),
      first('nova.compute.osvif.plugged'),
      first('libvirt.qemu.start'),
      // Of a compute node that is not heard: its disks were made before its ports came up.
      last('neutron.ovn.up'),
    ],
  },
  {
    phase: 'config_drive',
    scope: 'attempt',
    service: 'nova-compute',
    means: 'The config drive is written.',
    starts: [first('nova.compute.configdrive.use'), first('nova.compute.configdrive.create')],
    ends: [
      first('nova.compute.configdrive.imported'),
      first('nova.compute.configdrive.error'),
      first('libvirt.qemu.start'),
      STARTED,
    ],
  },
  {
    phase: 'plug_vifs',
    scope: 'attempt',
    service: 'nova-compute',
    means: 'Interfaces are plugged into the switch of the host.',
    starts: [first('nova.compute.osvif.plug'), first('nova.compute.vif.wait_prepare')],
    ends: [
      last('nova.compute.osvif.plugged'),
      last('nova.compute.osvif.failed'),
      first('ovs.added'),
      first('ovn.claim'),
    ],
  },
  {
    phase: 'domain_start',
    scope: 'attempt',
    service: 'libvirt',
    means: 'libvirt defines the domain and starts QEMU.',
    starts: [first('libvirt.qemu.start'), last('nova.compute.osvif.plugged')],
    ends: [PAUSED, STARTED, first('nova.compute.guest.failed')],
  },
  {
    phase: 'vif_wait',
    scope: 'attempt',
    service: 'neutron-server',
    means: 'The paused guest waits until neutron says that its ports are wired.',
    starts: [PAUSED, last('nova.compute.osvif.plugged'), first('ovs.added')],
    ends: [
      RESUMED,
      first('nova.compute.vif.waited'),
      first('nova.compute.event.processing'),
      having(last('nova.api.external_event'), { event: 'network-vif-plugged' }),
      first('nova.compute.vif.timeout'),
      first('nova.compute.vif.neutron_failed'),
    ],
    // Drivers that do not wait are done before neutron says so.
    until: [first('nova.compute.build.took', 'notif.nova.v.create.end', 'notif.nova.l.create.end')],
  },
  {
    phase: 'post',
    scope: 'attempt',
    service: 'nova-compute',
    means: 'The power state is read, ACTIVE is saved and announced; after a failure, the host is cleaned up.',
    starts: [first('nova.compute.spawn.took'), first('nova.compute.guest.created'), first('nova.compute.spawned')],
    ends: [],
  },
]
