import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** What `one-import.ts` measured: times in seconds, memory in MiB. */
export interface ImportMeasured {
  readonly lines: number
  readonly signals: number
  readonly launches: number
  readonly importSeconds: number
  /** User and system time, garbage collection and the engine's threads included. */
  readonly importProcessorSeconds: number
  readonly rebuildSeconds: number
  readonly rebuildProcessorSeconds: number
  readonly peakMemory: number
  /** Without what the system can read again from files: the engine's library is half a gigabyte. */
  readonly peakOwnMemory: number
}

/** Imports a recording in a process of its own; into the embedded store at `data`, or nowhere. */
export function importAlone(recording: string, data?: string): ImportMeasured {
  const script = join(import.meta.dirname, 'one-import.ts')
  const ran = spawnSync(process.execPath, [script, recording, ...(data === undefined ? [] : [data])], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (ran.status !== 0) throw new Error(`The import of ${recording} failed.`)
  return JSON.parse(ran.stdout) as ImportMeasured
}
