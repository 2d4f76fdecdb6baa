import { catalogue } from '../src/catalogue/catalogue.ts'
import { linksOf } from '../src/core/links.ts'
import type { Signal } from '../src/core/signal.ts'
import { createRecogniseNotification } from '../src/parse/notification-recognise.ts'
import { decodeDelivery } from '../src/parse/notification.ts'
import { createInterest, createRecogniser } from '../src/parse/recognise.ts'
import { serviceOf } from '../src/sources/place.ts'
import { openRecording } from '../src/sources/open-recording.ts'
import type { SourceProblem } from '../src/sources/problem.ts'
import type { ReadSummary } from '../src/sources/read-summary.ts'
import type { RecordingBatch, RecordingOptions } from '../src/sources/recording.ts'
import type { Store } from '../src/store/store.ts'

/** Signals held before they are written: a few megabytes. */
const SIGNALS_AT_ONCE = 10_000

/** What became of the deliveries of recorded notifications. They add up. */
export interface DeliveryCounts {
  readonly read: number
  readonly recognised: number
  readonly unknown: number
  readonly undecodable: number
}

export interface RecordCounts {
  readonly given: number
  readonly recognised: number
}

/** What an import read and found. */
export interface ImportSummary {
  readonly read: ReadSummary
  /** Records that were given out, and those of them that became a signal, by service as in `read.services`. */
  readonly records: ReadonlyMap<string, RecordCounts>
  readonly notifications: DeliveryCounts
  /** Signals written; a fact that was read twice counts twice here and is stored once. */
  readonly signals: number
  /** Of these, signals that carry no id by which they could join a launch. */
  readonly unlinked: number
}

interface Counters {
  readonly records: Map<string, RecordCounts>
  /** Undecodable deliveries by the file they stand in. */
  readonly undecodable: Map<string, number>
  notifications: { read: number; recognised: number; unknown: number; undecodable: number }
}

function undecodableProblems(counts: ReadonlyMap<string, number>): readonly SourceProblem[] {
  return [...counts].map(([path, count]) => {
    const what =
      count === 1 ? '1 line is no recorded notification' : `${String(count)} lines are no recorded notifications`
    return { severity: 'warning', path, what, advice: 'The rest of the file was read.' }
  })
}

type Extract = (batch: RecordingBatch) => readonly Signal[]

function createExtract(counters: Counters): Extract {
  const recognise = createRecogniser(catalogue)
  const recogniseNotification = createRecogniseNotification(catalogue.notifications)
  const fromDelivery = (delivery: string, path: string): readonly Signal[] => {
    const decoded = decodeDelivery(delivery)
    counters.notifications.read += 1
    const signal = decoded.outcome === 'notification' ? recogniseNotification(decoded.notification) : undefined
    if (decoded.outcome !== 'notification') {
      counters.notifications.undecodable += 1
      counters.undecodable.set(path, (counters.undecodable.get(path) ?? 0) + 1)
    } else if (signal === undefined) counters.notifications.unknown += 1
    else counters.notifications.recognised += 1
    return signal === undefined ? [] : [signal]
  }
  return batch => {
    if (batch.kind === 'notifications')
      return batch.deliveries.flatMap(delivery => fromDelivery(delivery, batch.file.path))
    const signals = batch.records.map(recognise).filter(signal => signal !== undefined)
    const service = serviceOf(batch.file)
    const { given, recognised } = counters.records.get(service) ?? { given: 0, recognised: 0 }
    const counts = { given: given + batch.records.length, recognised: recognised + signals.length }
    counters.records.set(service, counts)
    return signals
  }
}

export interface ImportOptions extends Omit<RecordingOptions, 'wanted'> {
  /** Called after every batch; the summary is made only when it is asked for. */
  readonly onProgress: (summary: () => ReadSummary) => void
}

/**
 * Reads logs and recorded notifications into the store. Every batch is durable before the next is read, so memory does
 * not grow with the input. Files that cannot be read become problems of the summary, and the rest is imported.
 */
export async function importRecording(
  store: Pick<Store, 'writeSignals'>,
  options: ImportOptions,
): Promise<ImportSummary> {
  const recording = await openRecording({ ...options, wanted: createInterest(catalogue) })
  const counters: Counters = {
    records: new Map(),
    undecodable: new Map(),
    notifications: { read: 0, recognised: 0, unknown: 0, undecodable: 0 },
  }
  const extract = createExtract(counters)
  let signals = 0
  let unlinked = 0
  let waiting: Signal[] = []
  const write = async (): Promise<void> => {
    await store.writeSignals(waiting)
    signals += waiting.length
    unlinked += waiting.filter(signal => linksOf(signal).length === 0).length
    waiting = []
  }
  for await (const batch of recording.read()) {
    waiting.push(...extract(batch))
    if (waiting.length >= SIGNALS_AT_ONCE) await write()
    options.onProgress(() => recording.summary())
  }
  await write()
  const read = recording.summary()
  const problems = [...read.problems, ...undecodableProblems(counters.undecodable)]
  return {
    read: { ...read, problems },
    records: counters.records,
    notifications: counters.notifications,
    signals,
    unlinked,
  }
}
