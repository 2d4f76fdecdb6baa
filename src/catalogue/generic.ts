import type { LogSignal } from './entry.ts'

/**
 * What a launch's records say beyond the catalogued wordings: failures in words we do not know, and messages in other
 * languages than English. They keep the logger and, for failures, the exception; never other words.
 */
export const generic = {
  warning: genericSignal('oslo.warning', 'WARNING', 'A service warns about something while it works on the launch.'),
  error: genericSignal('oslo.error', 'ERROR/CRITICAL', 'A service fails at something while it works on the launch.'),
  line: genericSignal('oslo.line', 'INFO', 'A part of nova says something about the instance, in unknown words.'),
} as const

/** Loggers whose INFO records about an instance count even when their words are unknown. */
export const GENERIC_LOGGERS = ['nova.compute.', 'nova.virt.', 'nova.conductor.', 'nova.scheduler.'] as const

/** Roots of the loggers of OpenStack's services. */
export const SERVICE_LOGGERS =
  /^(?:nova|neutron|networking_ovn|cinder|glance|keystone|placement|os_vif|vif_plug_\w+|os_brick)(?:\.|$)/

/** Roots of the loggers of libraries that also warn about themselves: they count when they report an exception. */
export const LIBRARY_LOGGERS = /^(?:oslo_messaging|oslo_db|oslo_service|oslo_privsep|keystonemiddleware|keystoneauth)\./

function genericSignal(id: string, level: string, means: string): LogSignal {
  return {
    id,
    services: [],
    loggers: [],
    messages: [],
    level,
    releases: 'all',
    upstream: '',
    requestMeaning: 'launch',
    sharedWithTasks: true,
    steps: [],
    means,
    examples: [],
    notThis: [],
  }
}
