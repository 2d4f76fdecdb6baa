import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ImportMeasured } from './import-measured.ts'
import { importAlone } from './import-measured.ts'
import { describeMachine, growth, number, printTable, recordingOf, withFolder } from './measure.ts'
import { filesOf, repeatRecording } from './repeat-recording.ts'

/*
 * A recording from the disk to launches in the embedded store, as `launchtrace import` does it:
 * `node bench/import.ts [COPIES] [RECORDING]`. Once, and with copies of it (10 unless told otherwise), each in a process
 * of its own. Linear means that the time grows as the input does; flat means that the peak of memory does not.
 */

function bytesBelow(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries.reduce(
    (sum, entry) => sum + (entry.isFile() ? statSync(join(entry.parentPath, entry.name)).size : 0),
    0,
  )
}

interface Row extends ImportMeasured {
  readonly megabytes: number
  readonly storedMegabytes: number
}

function measureCopies(recording: string, times: number, folder: string): Row {
  const [into, data] = [join(folder, 'recording'), join(folder, 'data')]
  const bytes = repeatRecording({ from: recording, files: filesOf(recording), into, times })
  const measured = importAlone(into, data)
  return { ...measured, megabytes: bytes / 1e6, storedMegabytes: bytesBelow(data) / 1e6 }
}

const COLUMNS: readonly (readonly [heading: string, value: (row: Row) => number])[] = [
  ['MB', row => row.megabytes],
  ['lines', row => row.lines],
  ['signals', row => row.signals],
  ['launches', row => row.launches],
  ['read, s', row => row.importSeconds],
  ['of processor', row => row.importProcessorSeconds],
  ['rebuild, s', row => row.rebuildSeconds],
  ['of processor', row => row.rebuildProcessorSeconds],
  ['peak, MiB', row => row.peakMemory],
  ['of its own', row => row.peakOwnMemory],
  ['stored, MB', row => row.storedMegabytes],
]

function processorSecondsOf(row: Row): number {
  return row.importProcessorSeconds + row.rebuildProcessorSeconds
}

const copies = Number(process.argv[2] ?? 10)
const recording = recordingOf(process.argv[3])
console.log(`Import of ${recording} on ${describeMachine()}`)
const once = await withFolder(folder => Promise.resolve(measureCopies(recording, 1, folder)))
const many = await withFolder(folder => Promise.resolve(measureCopies(recording, copies, folder)))
printTable([
  ['', ...COLUMNS.map(([heading]) => heading)],
  ['once', ...COLUMNS.map(([, value]) => number(value(once)))],
  [`${String(copies)} copies`, ...COLUMNS.map(([, value]) => number(value(many)))],
  ['growth', ...COLUMNS.map(([, value]) => growth(value(once), value(many)))],
])
console.log(
  `${growth(once.megabytes, many.megabytes)} input takes ${growth(processorSecondsOf(once), processorSecondsOf(many))} the processor time and ${growth(once.peakMemory, many.peakMemory)} the memory`,
)
