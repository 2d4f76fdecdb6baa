import type { Signal } from '../core/signal.ts'
import { isCoarse } from './fact.ts'

/** A point that every build on one host passes, whatever said so. */
export type Moment =
  | 'posted'
  | 'placed'
  | 'began'
  | 'claimed'
  | 'port_requested'
  | 'ports_listed'
  | 'allocations_read'
  | 'wired_by_ovn'
  | 'wired_by_agent'
  | 'wired_in_neutron'
  | 'event_sent'
  | 'port_changed'
  | 'resumed'
  | 'spawned'
  | 'active_saved'
  | 'built'

/** Which moment a signal marks, as far as its name alone tells. */
const MOMENT_OF: Readonly<Record<string, Moment>> = {
  'access.nova.create': 'posted',
  'access.placement.claim': 'placed',
  'nova.conductor.selected': 'placed',
  'nova.scheduler.selected': 'placed',
  'nova.compute.start': 'began',
  'notif.nova.v.create.start': 'began',
  'notif.nova.l.create.start': 'began',
  'nova.compute.claim.ok': 'claimed',
  'notif.neutron.port.create.start': 'port_requested',
  'notif.neutron.port.create.end': 'port_requested',
  'access.placement.read': 'allocations_read',
  'access.neutron.port_list': 'ports_listed',
  'ovn.claim': 'wired_by_ovn',
  'ovn.up': 'wired_by_ovn',
  'neutron.ovsagent.port': 'wired_by_agent',
  'neutron.ovn.up': 'wired_in_neutron',
  'nova.api.external_event': 'event_sent',
  'nova.compute.lifecycle': 'resumed',
  'nova.compute.spawned': 'spawned',
  'nova.compute.spawn.took': 'spawned',
  'notif.nova.v.update': 'active_saved',
  'notif.nova.l.update': 'active_saved',
  'nova.compute.build.took': 'built',
  'notif.nova.v.create.end': 'built',
  'notif.nova.l.create.end': 'built',
}

export const MOMENT_SIGNALS: readonly string[] = Object.keys(MOMENT_OF)

/**
 * What must happen before what (nova: nova/conductor/manager.py, nova/compute/manager.py; neutron:
 * neutron/plugins/ml2/plugin.py). Both directions between a controller and a compute are there, or nothing could be bounded.
 */
export const ORDERS: readonly (readonly [Moment, Moment])[] = [
  ['placed', 'began'],
  ['placed', 'claimed'],
  ['began', 'port_requested'],
  ['claimed', 'port_requested'],
  ['claimed', 'ports_listed'],
  ['claimed', 'allocations_read'],
  ['claimed', 'port_changed'],
  ['wired_by_ovn', 'wired_in_neutron'],
  ['wired_by_agent', 'event_sent'],
  ['event_sent', 'resumed'],
  ['spawned', 'active_saved'],
  ['active_saved', 'built'],
]

function becameActive({ attributes }: Signal): boolean {
  return attributes['state'] === 'active' && attributes['old_state'] === 'building'
}

/**
 * Moments of which the last counts: the scheduler reads an instance's allocations before it claims, and nova-compute
 * reads them once more just after (nova: compute/resource_tracker.py).
 */
export const LAST_COUNTS: ReadonlySet<Moment> = new Set(['allocations_read'])

/** Moments that other operations give too: only under the id of a create do they stand in the order of a build. */
export const ONLY_OF_CREATES: ReadonlySet<Moment> = new Set(['ports_listed', 'allocations_read'])

/** The moment that a signal marks; undefined when it marks none. */
export function momentOf(signal: Signal): Moment | undefined {
  const moment = isCoarse(signal) ? undefined : MOMENT_OF[signal.name]
  if (moment === 'event_sent') {
    // Neutron tells nova of every port that a build binds, which it does once it has claimed the host.
    if (signal.attributes['event'] === 'network-changed') return 'port_changed'
    return signal.attributes['event'] === 'network-vif-plugged' ? moment : undefined
  }
  if (moment === 'resumed') return signal.attributes['state'] === 'Resumed' ? moment : undefined
  if (moment === 'active_saved') return becameActive(signal) ? moment : undefined
  return moment
}
