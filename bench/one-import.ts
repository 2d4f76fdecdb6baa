import { importRecording } from '../collector/import.ts'
import { rebuildLaunches } from '../collector/rebuild.ts'
import { openEmbeddedStore } from '../src/store/embedded.ts'
import type { ImportMeasured } from './import-measured.ts'
import { ownMemory, peakMemory, processorSeconds } from './measure.ts'

/*
 * `node bench/one-import.ts RECORDING [DATA]`: one import in a process of its own, so that it starts cold and its peak of
 * memory is its own. Without DATA the signals are made and dropped. Prints what it measured as JSON.
 */

const [recording = '', data] = process.argv.slice(2)
const store = data === undefined ? undefined : await openEmbeddedStore({ directory: data })
const cpuBegun = processorSeconds()
const begun = performance.now()
const sink = store ?? { writeSignals: () => Promise.resolve() }
let peakOwnMemory = 0
const onProgress = (): void => {
  peakOwnMemory = Math.max(peakOwnMemory, ownMemory())
}
const { read, signals } = await importRecording(sink, { paths: [recording], onProgress })
const imported = performance.now()
const cpuImported = processorSeconds()
const rebuilt = store === undefined ? undefined : await rebuildLaunches(store, onProgress)
const measured: ImportMeasured = {
  lines: read.lines.lines,
  signals,
  launches: rebuilt?.launches ?? 0,
  importSeconds: (imported - begun) / 1000,
  importProcessorSeconds: cpuImported - cpuBegun,
  rebuildSeconds: (performance.now() - imported) / 1000,
  rebuildProcessorSeconds: processorSeconds() - cpuImported,
  peakMemory: peakMemory(),
  peakOwnMemory,
}
await store?.close()
console.log(JSON.stringify(measured))
