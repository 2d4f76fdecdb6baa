import { linksOf } from '../core/links.ts'
import type { Signal } from '../core/signal.ts'

/** Signals by every link they carry. */
export type SignalIndex = ReadonlyMap<string, readonly Signal[]>

export function indexSignals(signals: readonly Signal[]): SignalIndex {
  const index = new Map<string, Signal[]>()
  for (const signal of signals) {
    for (const link of new Set(linksOf(signal))) {
      const list = index.get(link)
      if (list === undefined) index.set(link, [signal])
      else list.push(signal)
    }
  }
  return index
}
