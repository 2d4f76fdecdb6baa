import type { NotificationSignal } from './entry.ts'
import { novaLegacy } from './notifications/nova-legacy.ts'
import { novaVersioned } from './notifications/nova-versioned.ts'
import { otherServices } from './notifications/other-services.ts'

/** What notifications say about a launch. Payloads are read in `src/parse`. */
export const notifications: readonly NotificationSignal[] = [...novaVersioned, ...novaLegacy, ...otherServices]
