import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fact } from './replay.ts'
import { createReplay, readUnits } from './replay.ts'

/*
 * `node bench/replay-writer.ts RECORDING INTO LINES_PER_SECOND SECONDS`: appends to logs below INTO what a recording says,
 * as if it happened now. Prints one JSON line for each fact, with the moment at which its line was in the file, and one
 * for each second.
 */

/** What it prints. */
export type Written =
  | (Fact & { readonly kind: 'fact'; readonly writtenAtMs: number })
  | { readonly kind: 'lines'; readonly lines: number; readonly atMs: number }

const TICK_MS = 10

const [recording = '', into = '', linesPerSecond = '10000', seconds = '60'] = process.argv.slice(2)
const units = readUnits(recording)
const length = Number(seconds)
const startMs = Date.now()
const replay = createReplay({ units, linesPerSecond: Number(linesPerSecond), seconds: length }, startMs)
const made = new Set<string>()

function append(file: string, text: string): void {
  const path = join(into, file)
  if (!made.has(path)) mkdirSync(dirname(path), { recursive: true })
  made.add(path)
  appendFileSync(path, text, 'latin1')
}

function print(written: Written): void {
  console.log(JSON.stringify(written))
}

let [lines, second] = [0, 0]
while (Date.now() - startMs < length * 1000) {
  for (const [file, due] of Map.groupBy(replay.due(Date.now()), each => each.file)) {
    append(file, due.map(({ text }) => text).join(''))
    const writtenAtMs = Date.now()
    lines += due.reduce((sum, each) => sum + each.lines, 0)
    for (const fact of due.flatMap(({ facts }) => facts)) print({ kind: 'fact', ...fact, writtenAtMs })
  }
  const passed = Math.floor((Date.now() - startMs) / 1000)
  if (passed > second) print({ kind: 'lines', lines, atMs: Date.now() - startMs })
  second = passed
  await sleep(TICK_MS)
}
print({ kind: 'lines', lines, atMs: Date.now() - startMs })
