import type { LogSignal } from './entry.ts'
import { blockDeviceSignals } from './nova-compute/block-device.ts'
import { buildSignals } from './nova-compute/build.ts'
import { cleanupSignals } from './nova-compute/cleanup.ts'
import { guestSignals } from './nova-compute/guest.ts'
import { imageSignals } from './nova-compute/image.ts'
import { networkSignals } from './nova-compute/network.ts'
import { otherOperationsSignals } from './nova-compute/other-operations.ts'
import { vifSignals } from './nova-compute/vif.ts'

/** What nova-compute says about a launch, in the order of a build. */
export const novaCompute: readonly LogSignal[] = [
  ...buildSignals,
  ...networkSignals,
  ...blockDeviceSignals,
  ...imageSignals,
  ...vifSignals,
  ...guestSignals,
  ...cleanupSignals,
  ...otherOperationsSignals,
]
