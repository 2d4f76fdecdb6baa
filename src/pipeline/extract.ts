import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Signal } from '../core/signal.ts'
import { createRecogniseNotification } from '../parse/notification-recognise.ts'
import { decodeDelivery } from '../parse/notification.ts'
import { createRecogniser } from '../parse/recognise.ts'
import type { Reading } from './stage.ts'

/** What became of records or deliveries. They add up to those that were given. */
export interface Fates {
  readonly recognised: number
  /** Well formed, and states nothing of a launch. */
  readonly unknown: number
  /** Cannot be read at all; records have been read already. */
  readonly undecodable: number
}

/** The facts of one reading, and what became of the rest. */
export interface Extracted {
  readonly signals: readonly Signal[]
  readonly records: Fates
  readonly deliveries: Fates
}

/** Makes signals of a reading. Total and without state: any text gives an answer, and the same one every time. */
export type Extract = (reading: Reading) => Extracted

type Fate = keyof Fates

/** Prepares the catalogue once for any number of readings. */
export function createExtract(catalogue: Catalogue): Extract {
  const recognise = createRecogniser(catalogue)
  const recogniseNotification = createRecogniseNotification(catalogue.notifications)
  const fromDelivery = (delivery: string): Signal | Fate => {
    const decoded = decodeDelivery(delivery)
    if (decoded.outcome !== 'notification') return 'undecodable'
    return recogniseNotification(decoded.notification) ?? 'unknown'
  }
  return ({ records, deliveries }) => {
    const signals: Signal[] = []
    const sort = (made: readonly (Signal | Fate)[]): Fates => {
      const fates = { recognised: 0, unknown: 0, undecodable: 0 }
      for (const each of made) {
        fates[typeof each === 'string' ? each : 'recognised'] += 1
        if (typeof each !== 'string') signals.push(each)
      }
      return fates
    }
    const ofRecords = sort(records.map(record => recognise(record) ?? 'unknown'))
    const ofDeliveries = sort(deliveries.map(fromDelivery))
    return { signals, records: ofRecords, deliveries: ofDeliveries }
  }
}
