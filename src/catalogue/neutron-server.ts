import type { LogSignal } from './entry.ts'
import { bindingSignals } from './neutron-server/binding.ts'
import { novaEventSignals } from './neutron-server/nova-events.ts'
import { provisioningSignals } from './neutron-server/provisioning.ts'

/** What neutron-server says about a launch, in the order of a port's life. */
export const neutronServer: readonly LogSignal[] = [...bindingSignals, ...provisioningSignals, ...novaEventSignals]
