import { readFileSync } from 'node:fs'

/** What the system has counted for a process so far. Linux only: it stands in /proc. */
export interface ProcessUsage {
  /** User and system time of all its threads, in steps of 10 ms. */
  readonly processorSeconds: number
  /** The most that was resident at any time, files' pages included, MiB. */
  readonly peakMemory: number
  /** Resident now, without files' pages, MiB. */
  readonly ownMemory: number
  /** Bytes that it asked files and sockets for, from caches or not. */
  readonly bytesRead: number
}

/** Linux counts processor time in hundredths of a second on every architecture. */
const TICKS_PER_SECOND = 100

function valueOf(text: string, label: string): number {
  return Number(new RegExp(`^${label}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0)
}

/** Reads what a running process of the same user has used. @throws when it is gone */
export function usageOf(pid: number): ProcessUsage {
  const read = (name: string): string => readFileSync(`/proc/${String(pid)}/${name}`, 'utf8')
  // The name of the program stands in parentheses and may hold blanks; user and system time are the 14th and 15th field.
  const fields = read('stat')
    .replace(/^.*\) /, '')
    .split(' ')
  const status = read('status')
  return {
    processorSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    peakMemory: valueOf(status, 'VmHWM') / 1024,
    ownMemory: valueOf(status, 'RssAnon') / 1024,
    bytesRead: valueOf(read('io'), 'rchar'),
  }
}
