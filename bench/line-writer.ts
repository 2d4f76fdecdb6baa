import { appendFileSync, createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

/*
 * `node bench/line-writer.ts FROM INTO LINES_PER_SECOND SECONDS`: appends the lines of one file to another, so many a
 * second, and prints how many there were.
 */

const TICK_MS = 20

const [from = '', into = '', linesPerSecond = '1000', seconds = '60'] = process.argv.slice(2)
const most = Number(linesPerSecond) * Number(seconds)
const begun = performance.now()
let waiting: string[] = []
let [taken, written] = [0, 0]

function writeWaiting(): void {
  if (waiting.length > 0) appendFileSync(into, `${waiting.join('\n')}\n`, 'latin1')
  written += waiting.length
  waiting = []
}

for await (const line of createInterface({ input: createReadStream(from, 'latin1') })) {
  if (taken >= most) break
  waiting.push(line)
  taken += 1
  // The next line is taken only once its time has come.
  while (taken > ((performance.now() - begun) / 1000) * Number(linesPerSecond)) {
    writeWaiting()
    await sleep(TICK_MS)
  }
}
writeWaiting()
console.log(String(written))
