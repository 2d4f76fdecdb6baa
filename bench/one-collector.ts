import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './live-program.ts'
import type { Way } from './otelcol/config.ts'
import { collectorConfig } from './otelcol/config.ts'
import type { ProcessUsage } from './process-usage.ts'
import { usageOf } from './process-usage.ts'

/** What one program did with one log. */
export interface TailMeasured {
  /** Part of the log that was read, 1 for all of it. */
  readonly read: number
  readonly seconds: number
  readonly processorSeconds: number
  /** MiB. */
  readonly peakMemory: number
  /** Records or signals that came out. */
  readonly found: number
}

export interface CollectorRun {
  readonly program: string
  readonly log: string
  readonly bytes: number
  readonly way: Way
  readonly joinsLines: boolean
  /** For its configuration. */
  readonly folder: string
}

/** A slow way is stopped after so much processor time and judged by what it read until then. */
const MOST_SECONDS = 20
/** By the clock, on a machine that is very busy. */
const MOST_MS = 300_000
const POLL_MS = 20
/** After the last byte was read: its last batch is on the way. */
const SETTLE_MS = 500

async function acceptedRecords(port: number): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text()
  return Number(/^otelcol_receiver_accepted_log_records\S* (\S+)$/m.exec(metrics)?.[1] ?? Number.NaN)
}

/** Waits until the process has read so many bytes, or for as long as it may take. */
async function usageAfter(pid: number, bytes: number): Promise<ProcessUsage> {
  const begun = performance.now()
  for (;;) {
    const usage = usageOf(pid)
    if (usage.bytesRead >= bytes || usage.processorSeconds > MOST_SECONDS) return usage
    if (performance.now() - begun > MOST_MS) return usage
    await sleep(POLL_MS)
  }
}

/** Lets the Collector read a log from its beginning on the first core, and stops it at the end. */
export async function runCollector({
  program,
  log,
  bytes,
  way,
  joinsLines,
  folder,
}: CollectorRun): Promise<TailMeasured> {
  const port = await freePort()
  const config = join(folder, 'otelcol.yaml')
  writeFileSync(config, collectorConfig({ way, log, port, joinsLines }))
  const begun = performance.now()
  const child = spawn('taskset', ['-c', '0', program, '--config', config], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, GOMAXPROCS: '1' },
  })
  try {
    const usage = await usageAfter(child.pid ?? 0, bytes)
    const seconds = (performance.now() - begun) / 1000
    await sleep(SETTLE_MS)
    const found = await acceptedRecords(port)
    const { processorSeconds, peakMemory, bytesRead } = usage
    return { read: Math.min(1, bytesRead / bytes), seconds, processorSeconds, peakMemory, found }
  } finally {
    child.kill()
    await once(child, 'exit')
  }
}
