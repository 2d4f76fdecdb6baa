import { setTimeout as sleep } from 'node:timers/promises'
import { catalogue } from '../src/catalogue/catalogue.ts'
import { createInterest } from '../src/parse/recognise.ts'
import { createExtract } from '../src/pipeline/extract.ts'
import { createDelivery } from '../src/pipeline/delivery.ts'
import { createIntake } from '../src/pipeline/intake.ts'
import type { Outlet } from '../src/pipeline/stage.ts'
import { createFileSource } from '../src/sources/files/file-source.ts'
import { createTelemetry } from '../src/telemetry/create-telemetry.ts'
import { peakMemory, processorSeconds } from './measure.ts'

/*
 * `node bench/one-tail.ts LOG STATE`: follows a log as an agent does, from its beginning until it has been read, in a
 * process of its own; the signals are counted and dropped. Prints what it measured as JSON.
 */

/** Without more signals for so long, all have come: a record waits half a second for lines that continue it. */
const QUIET_MS = 1500
const POLL_MS = 20

const [log = '', stateDirectory = ''] = process.argv.slice(2)
const telemetry = createTelemetry((level, message) => {
  if (level !== 'info') console.error(message)
})
let [found, foundAt] = [0, Infinity]
const outlet: Outlet = {
  name: 'counting',
  write: signals => {
    found += signals.length
    foundAt = performance.now()
    return Promise.resolve()
  },
  close: () => Promise.resolve(),
}
const stopping = new AbortController()
const { signal: stop } = stopping
const intake = createIntake({
  extract: createExtract(catalogue),
  deliver: createDelivery({ outlet, telemetry, stop, signalsInFlight: 50_000 }),
  telemetry,
})
const source = createFileSource({
  groups: [{ paths: [log], exclude: [], start: 'beginning' }],
  ...{ stateDirectory, host: '', timezone: 'UTC', maxLineBytes: 1_048_576 },
  ...{ wanted: createInterest(catalogue), telemetry },
})
const running = source.run(intake, stop)
while (source.status().state !== 'running' || source.status().lag !== 0) await sleep(POLL_MS)
const [readMs, processor] = [performance.now(), processorSeconds()]
while (performance.now() - foundAt < QUIET_MS) await sleep(POLL_MS)
stopping.abort()
await running
const lines = await telemetry.total('launchtrace_source_lines_total')
// What is done after the last line was read is the end of a process that would go on.
const measured = { lines, found, seconds: readMs / 1000, processorSeconds: processor, peakMemory: peakMemory() }
console.log(JSON.stringify(measured))
