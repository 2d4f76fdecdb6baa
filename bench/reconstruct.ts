import { join } from 'node:path'
import { importRecording } from '../collector/import.ts'
import { stepsOf } from '../src/catalogue/catalogue.ts'
import type { Signal } from '../src/core/signal.ts'
import { micros } from '../src/core/time.ts'
import { ClockEstimator } from '../src/reconstruct/clocks.ts'
import { reconstruct } from '../src/reconstruct/reconstruct.ts'
import { LOST_AFTER_SECONDS } from '../src/reconstruct/surroundings.ts'
import { describeMachine, growth, number, printTable, processorSeconds, recordingOf, withFolder } from './measure.ts'
import { filesOf, repeatRecording } from './repeat-recording.ts'

/*
 * Speed of `reconstruct`, in memory: `node bench/reconstruct.ts [COPIES] [RECORDING]`. All signals of a recording at once,
 * and of as many copies of it (10 unless told otherwise); linear means that both give as many launches a second.
 * In processor time, garbage collection included; the clocks' offsets are estimated too.
 */

async function readSignals(folder: string): Promise<readonly Signal[]> {
  const signals: Signal[] = []
  const writeSignals = (written: readonly Signal[]): Promise<void> => {
    for (const signal of written) signals.push(signal)
    return Promise.resolve()
  }
  await importRecording({ writeSignals }, { paths: [folder], onProgress: () => undefined })
  return signals
}

interface Measured {
  readonly signals: number
  readonly launches: number
  readonly spans: number
  readonly seconds: number
}

function measureReconstruction(signals: readonly Signal[]): Measured {
  const asOf = micros(signals.reduce((latest, { at }) => Math.max(latest, at), 0))
  const begun = processorSeconds()
  const estimator = new ClockEstimator()
  for (const signal of signals.toSorted((a, b) => a.at - b.at)) estimator.add(signal)
  const surroundings = {
    offsets: estimator.offsets(),
    hostNames: new Map(),
    restarts: [],
    asOf,
    lostAfterSeconds: LOST_AFTER_SECONDS,
  }
  const launches = reconstruct(signals, () => surroundings, stepsOf)
  const seconds = processorSeconds() - begun
  const spans = launches.reduce((sum, launch) => sum + launch.spans.length, 0)
  return { signals: signals.length, launches: launches.length, spans, seconds }
}

const copies = Number(process.argv[2] ?? 10)
const recording = recordingOf(process.argv[3])
console.log(`Reconstruction of ${recording} on ${describeMachine()}`)
await withFolder(async folder => {
  const files = filesOf(recording)
  const measured: Measured[] = []
  for (const times of [1, 1, copies]) {
    const into = join(folder, `${String(measured.length)}-times-${String(times)}`)
    repeatRecording({ from: recording, files, into, times })
    measured.push(measureReconstruction(await readSignals(into)))
  }
  // The first run is made while the program still warms up.
  const [cold, once, many] = measured
  if (cold === undefined || once === undefined || many === undefined) return
  const speeds = ({ launches, signals, spans, seconds }: Measured): readonly string[] =>
    [launches, signals, seconds, launches / seconds, signals / seconds, spans / seconds].map(number)
  printTable([
    ['', 'launches', 'signals', 'seconds', 'launches/s', 'signals/s', 'spans/s'],
    ['once, cold', ...speeds(cold)],
    ['once', ...speeds(once)],
    [`${String(copies)} copies`, ...speeds(many)],
  ])
  console.log(`${growth(once.signals, many.signals)} signals take ${growth(once.seconds, many.seconds)} the time`)
})
