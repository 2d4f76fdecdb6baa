import type { UnixMicros } from '../core/time.ts'
import type { Block } from './blocks.ts'
import type { ClockOffsets } from './clocks.ts'
import type { HostNames } from './host-names.ts'

/** A nova-compute that started anew: builds that it had in hand are gone. */
export interface Restart {
  readonly host: string
  /** On the reference clock. */
  readonly at: UnixMicros
}

/** A nova-compute says this when it starts (nova: nova/service.py). */
export const RESTART_SIGNAL = 'nova.compute.service_start'

/** What a launch depends on besides its own signals. The same surroundings and signals always give the same launch. */
export interface Surroundings {
  readonly offsets: ClockOffsets
  readonly hostNames: HostNames
  readonly restarts: readonly Restart[]
  /** How far the telemetry reaches: what is silent since long before is lost, not slow. */
  readonly asOf: UnixMicros
  /** After how much silence an unfinished launch counts as lost. Seconds. */
  readonly lostAfterSeconds: number
}

/**
 * Longer than a launch may be silent by itself: nova waits vif_plugging_timeout (300 s) for a port and
 * block_device_allocate_retries x interval (180 s) for a volume. Seconds.
 */
export const LOST_AFTER_SECONDS = 1800

/** The surroundings of the launches that began in a block. MUST be the same object for the same block. */
export type SurroundingsOf = (block: Block) => Surroundings
