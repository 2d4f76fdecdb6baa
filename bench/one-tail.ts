import { catalogue } from '../src/catalogue/catalogue.ts'
import { createInterest, createRecogniser } from '../src/parse/recognise.ts'
import { openRecording } from '../src/sources/open-recording.ts'
import { peakMemory, processorSeconds } from './measure.ts'

/*
 * `node bench/one-tail.ts FILE`: reads a log to its end and makes signals of it, which go nowhere, in a process of its
 * own. Prints what it measured as JSON.
 */

const [path = ''] = process.argv.slice(2)
const recognise = createRecogniser(catalogue)
const recording = await openRecording({ paths: [path], wanted: createInterest(catalogue) })
let found = 0
for await (const batch of recording.read()) {
  if (batch.kind === 'records') found += batch.records.filter(record => recognise(record) !== undefined).length
}
const { lines } = recording.summary().lines
console.log(JSON.stringify({ lines, found, processorSeconds: processorSeconds(), peakMemory: peakMemory() }))
