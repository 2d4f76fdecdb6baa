import type { Sight } from './phases.ts'

/** A finer span below a phase: what another service or program did for it. */
export interface DetailRule {
  readonly name: string
  readonly service: string
  /** One span for each port or volume, for each try, for the launch, or for the request that all its launches share. */
  readonly per: 'port' | 'volume' | 'try' | 'launch' | 'request'
  readonly starts: readonly Sight[]
  readonly ends: readonly Sight[]
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

const VIF_PLUGGED: Sight = { ...first('nova.api.external_event'), having: { event: 'network-vif-plugged' } }

export const DETAIL_RULES: readonly DetailRule[] = [
  {
    name: 'schedule.filter',
    service: 'nova-scheduler',
    per: 'request',
    starts: [first('nova.scheduler.filters_start')],
    ends: [last('nova.scheduler.filtered'), first('nova.scheduler.filter_summary', 'nova.scheduler.filter_zero')],
  },
  {
    name: 'schedule.claim',
    service: 'placement',
    per: 'launch',
    starts: [first('nova.scheduler.claim_try')],
    ends: [first('access.placement.claim'), first('placement.wrote')],
  },
  {
    name: 'port create',
    service: 'neutron-server',
    per: 'port',
    starts: [first('notif.neutron.port.create.start'), startOf('access.neutron.port_create')],
    ends: [first('notif.neutron.port.create.end'), first('nova.compute.network.port_created')],
  },
  {
    name: 'port bind',
    service: 'neutron-server',
    per: 'port',
    starts: [
      first('notif.neutron.port.update.start'),
      first('neutron.bind.try'),
      startOf('access.neutron.port_update'),
    ],
    ends: [
      first('notif.neutron.port.update.end'),
      first('neutron.bind.ok', 'neutron.bind.fail'),
      first('access.neutron.port_update'),
      last('neutron.ovn.bumped'),
    ],
  },
  {
    name: 'wire',
    service: 'neutron-server',
    per: 'port',
    starts: [
      first('ovn.claim', 'ovn.claim.moved'),
      first('neutron.ovsagent.port'),
      first('ovs.added'),
      first('neutron.provision.wait'),
    ],
    ends: [
      first('neutron.ovn.up'),
      last('neutron.provision.done'),
      first('neutron.provision.attempt'),
      first('neutron.ovsagent.done'),
      first('ovn.up'),
    ],
  },
  {
    name: 'wire.l2',
    service: 'l2',
    per: 'port',
    starts: [first('ovn.claim', 'ovn.claim.moved'), first('neutron.agent.details'), first('neutron.ovsagent.port')],
    ends: [first('ovn.up'), first('ovn.installed'), first('neutron.ovsagent.done'), first('neutron.agent.up')],
  },
  {
    name: 'wire.dhcp',
    service: 'neutron-dhcp-agent',
    per: 'port',
    starts: [first('neutron.dhcp.reload')],
    ends: [first('neutron.dhcp.ready')],
  },
  {
    name: 'vif-plugged event',
    service: 'neutron-server',
    per: 'port',
    starts: [
      first('neutron.nova.send'),
      first('neutron.ovn.up'),
      last('neutron.provision.done'),
      first('neutron.provision.attempt'),
    ],
    ends: [VIF_PLUGGED],
  },
  {
    name: 'volume create',
    service: 'cinder-volume',
    per: 'volume',
    starts: [first('notif.cinder.create.start'), first('cinder.volume.create.start')],
    ends: [first('notif.cinder.create.end'), first('cinder.volume.create.end', 'cinder.volume.create.fail')],
  },
  {
    name: 'volume attach',
    service: 'cinder-volume',
    per: 'volume',
    starts: [first('notif.cinder.attach.start')],
    ends: [last('notif.cinder.attach.end')],
  },
  {
    name: 'image download',
    service: 'glance-api',
    per: 'try',
    starts: [startOf('access.glance.download')],
    ends: [last('access.glance.download')],
  },
  {
    name: 'image clone',
    service: 'nova-compute',
    per: 'try',
    starts: [first('nova.compute.rbd.clone'), first('nova.compute.rbd.locations')],
    ends: [first('nova.compute.rbd.resize'), first('nova.compute.disks.done')],
  },
]
