import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { catalogue } from '../src/catalogue/catalogue.ts'
import { grepPatterns, runGrep } from './grep.ts'
import { importAlone } from './import-measured.ts'
import { describeMachine, number, printTable, recordingOf, withFolder } from './measure.ts'
import { filesOf, fillRecording } from './repeat-recording.ts'

/*
 * Extraction beside grep: `node bench/extract.ts [MEGABYTES] [RECORDING]`. Bytes on the disk become signals by the path
 * that `launchtrace import` takes, and `grep -cE` counts the lines of the same files that fit one of as many patterns as
 * the catalogue has wordings. Both in processor time (user and system, garbage collection included), once, from a cold
 * start; what was written just now is read from the system's cache.
 */

/** In a UTF-8 locale grep may be a hundred times slower: it gets the beginnings of the files only, together this long. */
const UTF8_BYTES = 1e6

interface Input {
  readonly name: string
  readonly folder: string
  readonly bytes: number
  /** Service whose wordings grep looks for; those of all services when absent. */
  readonly service: string | undefined
}

function patternsFor(service: string | undefined): readonly string[] {
  return grepPatterns(catalogue.logs.filter(entry => service === undefined || entry.services.includes(service)))
}

interface Sample {
  readonly locale: string
  readonly files: readonly string[]
}

function samplesOf(folder: string): readonly Sample[] {
  const files = filesOf(folder)
  const beginnings = files.map((file, index) => {
    const beginning = join(folder, '..', `beginning-${String(index)}`)
    writeFileSync(beginning, readFileSync(file).subarray(0, UTF8_BYTES / files.length))
    return beginning
  })
  return [
    { locale: 'C', files },
    { locale: 'C.UTF-8', files: beginnings },
  ]
}

function bytesOf(files: readonly string[]): number {
  return files.reduce((sum, file) => sum + statSync(file).size, 0)
}

function measureInput({ name, folder, bytes, service }: Input): void {
  const { lines, signals, importProcessorSeconds: seconds } = importAlone(folder)
  const speed = bytes / 1e6 / seconds
  console.log(`\n${name}: ${number(bytes / 1e6)} MB, ${number(lines)} lines, ${number(signals)} signals`)
  const rows = [
    ['', 'MB/s', 'lines/s', 'our speed / its'],
    ['launchtrace', number(speed), number(lines / seconds), ''],
  ]
  for (const { locale, files } of samplesOf(folder)) {
    for (const of of new Set([service, undefined])) {
      const patterns = patternsFor(of)
      const grepSpeed = bytesOf(files) / 1e6 / runGrep(patterns, files, { folder: join(folder, '..'), locale }).seconds
      const what = `grep -cE, ${String(patterns.length)} patterns (${of ?? 'whole catalogue'}), ${locale}`
      rows.push([
        what,
        number(grepSpeed),
        number((grepSpeed / speed) * (lines / seconds)),
        (speed / grepSpeed).toFixed(2),
      ])
    }
  }
  printTable(rows)
}

const megabytes = Number(process.argv[2] ?? 20)
const recording = recordingOf(process.argv[3])
console.log(`Extraction of ${recording} on ${describeMachine()}`)
await withFolder(folder => {
  const logs = filesOf(recording).filter(file => !basename(file).includes('.jsonl'))
  const compute = logs.filter(file => basename(file).startsWith('nova-compute'))
  const into = (name: string): string => join(folder, name)
  for (const [name, files, service] of [
    ['nova-compute', compute, 'nova-compute'],
    ['all logs', logs, undefined],
  ] as const) {
    const bytes = fillRecording({ from: recording, files, into: into(name) }, megabytes * 1e6)
    measureInput({ name, folder: into(name), bytes, service })
  }
  return Promise.resolve()
})
