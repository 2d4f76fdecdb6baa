import { catalogue, stepsOf } from '../../src/catalogue/catalogue.ts'
import type { Launch } from '../../src/core/launch.ts'
import type { Signal } from '../../src/core/signal.ts'
import { micros } from '../../src/core/time.ts'
import { createRecogniseNotification } from '../../src/parse/notification-recognise.ts'
import { decodeDelivery } from '../../src/parse/notification.ts'
import { createInterest, createRecogniser } from '../../src/parse/recognise.ts'
import { ClockEstimator, correctedAt } from '../../src/reconstruct/clocks.ts'
import { HOST_NAME_SIGNALS, HostNameLearner, underNovasName } from '../../src/reconstruct/host-names.ts'
import { MOMENT_SIGNALS } from '../../src/reconstruct/moments.ts'
import { reconstruct } from '../../src/reconstruct/reconstruct.ts'
import type { Surroundings } from '../../src/reconstruct/surroundings.ts'
import { LOST_AFTER_SECONDS, RESTART_SIGNAL } from '../../src/reconstruct/surroundings.ts'
import { openRecording } from '../../src/sources/open-recording.ts'
import type { RecordingBatch } from '../../src/sources/recording.ts'
import type { Recorded } from './corpus.ts'

/** The facts of a recording, and which of them are said in DEBUG lines only. */
export interface Facts {
  readonly signals: readonly Signal[]
  readonly debug: ReadonlySet<string>
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

export function byTime(a: Signal, b: Signal): number {
  return a.at - b.at || compareText(a.id, b.id)
}

/** Everything that a recording states, in order of time, each fact once. */
export async function readFacts({ logs, notifications }: Recorded): Promise<Facts> {
  const recording = await openRecording({
    paths: notifications === undefined ? [logs] : [logs, notifications],
    wanted: createInterest(catalogue),
  })
  const recognise = createRecogniser(catalogue)
  const recogniseNotification = createRecogniseNotification(catalogue.notifications)
  const signals = new Map<string, Signal>()
  const debug = new Set<string>()
  const take = (signal: Signal | undefined, isDebug: boolean): void => {
    if (signal === undefined) return
    signals.set(signal.id, signal)
    if (isDebug) debug.add(signal.id)
  }
  const takeBatch = (batch: RecordingBatch): void => {
    if (batch.kind === 'records') {
      for (const record of batch.records) take(recognise(record), record.level === 'DEBUG')
      return
    }
    for (const delivery of batch.deliveries) {
      const decoded = decodeDelivery(delivery)
      if (decoded.outcome === 'notification') take(recogniseNotification(decoded.notification), false)
    }
  }
  for await (const batch of recording.read()) takeBatch(batch)
  return { signals: [...signals.values()].toSorted(byTime), debug }
}

const MOMENTS = new Set(MOMENT_SIGNALS)
const HOST_NAMES = new Set(HOST_NAME_SIGNALS)

/** What a rebuild from a store learns before it begins, learned from signals in memory. */
export function surroundingsOf(signals: readonly Signal[]): Surroundings {
  const said = signals.toSorted(byTime)
  const learner = new HostNameLearner()
  for (const signal of said) if (HOST_NAMES.has(signal.name)) learner.add(signal)
  const hostNames = learner.names()
  const sorted = said.map(signal => underNovasName(signal, hostNames))
  const estimator = new ClockEstimator()
  for (const signal of sorted) if (MOMENTS.has(signal.name)) estimator.add(signal)
  const offsets = estimator.offsets()
  const restarts = sorted
    .filter(({ name }) => name === RESTART_SIGNAL)
    .map(signal => ({ host: signal.host, at: correctedAt(signal, offsets) }))
  return { offsets, hostNames, restarts, asOf: sorted.at(-1)?.at ?? micros(0), lostAfterSeconds: LOST_AFTER_SECONDS }
}

export function rebuild(signals: readonly Signal[], surroundings = surroundingsOf(signals)): readonly Launch[] {
  return reconstruct(signals, () => surroundings, stepsOf)
}

/** What a launch is found by: its instance, or its request when it was refused. */
export function nameOf({ requestId, instanceId }: Launch): string {
  return instanceId ?? requestId
}

/** The same facts told by hosts whose clocks run ahead by `seconds`, or behind when it is negative. */
export function withClocks(signals: readonly Signal[], seconds: Readonly<Record<string, number>>): readonly Signal[] {
  return signals.map(signal => {
    const ahead = seconds[signal.host]
    return ahead === undefined ? signal : { ...signal, at: micros(signal.at + Math.round(ahead * 1e6)) }
  })
}

/** Microseconds of a span of seconds that came from whole microseconds. */
export function wholeMicros(seconds: number): number {
  return Math.round(seconds * 1e6)
}
