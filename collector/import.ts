import { catalogue } from '../src/catalogue/catalogue.ts'
import { linksOf } from '../src/core/links.ts'
import type { Signal } from '../src/core/signal.ts'
import { createInterest } from '../src/parse/recognise.ts'
import type { Extract } from '../src/pipeline/extract.ts'
import { createExtract } from '../src/pipeline/extract.ts'
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

/** Adds to the counters what became of one batch, and gives its facts. */
function extractBatch(batch: RecordingBatch, extract: Extract, counters: Counters): readonly Signal[] {
  const service = serviceOf(batch.file)
  if (batch.kind === 'notifications') {
    const { signals, deliveries } = extract({ service, records: [], deliveries: batch.deliveries })
    const { notifications: counted, undecodable } = counters
    counted.read += batch.deliveries.length
    counted.recognised += deliveries.recognised
    counted.unknown += deliveries.unknown
    counted.undecodable += deliveries.undecodable
    const { path } = batch.file
    if (deliveries.undecodable > 0) undecodable.set(path, (undecodable.get(path) ?? 0) + deliveries.undecodable)
    return signals
  }
  const { signals } = extract({ service, records: batch.records, deliveries: [] })
  const { given, recognised } = counters.records.get(service) ?? { given: 0, recognised: 0 }
  counters.records.set(service, { given: given + batch.records.length, recognised: recognised + signals.length })
  return signals
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
  const extract = createExtract(catalogue)
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
    waiting.push(...extractBatch(batch, extract, counters))
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
