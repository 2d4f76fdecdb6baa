import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { freePort, startProgram, waitForAnswer } from './live-program.ts'
import { describeMachine, number, printTable, withFolder } from './measure.ts'
import { usageOf } from './process-usage.ts'
import { debugLogs, fillLog } from './repeat-recording.ts'

/*
 * What an agent costs a node: `node bench/agent-load.ts [SECONDS]`. `launchtrace agent` follows a DEBUG log of nova-compute
 * that another process fills, and sends what it finds over HTTP to a collector that only counts. Every rate has an agent
 * of its own. Its processor time and its peak of memory are the system's numbers.
 */

const RATES = [1000, 20_000]
/** Until an agent that has started rests. */
const REST_MS = 2000
/** Until everything that was written has been sent, at most. */
const DRAIN_MS = 5000
/** Bytes of a line, at least, with a margin. */
const LINE_BYTES = 260

const run = promisify(execFile)
const unpack = promisify(gunzip)

interface CountingCollector {
  readonly url: string
  signals(): number
  close(): void
}

/** Takes what agents send, and only counts it. */
async function startCollector(): Promise<CountingCollector> {
  const port = await freePort()
  let signals = 0
  const server: Server = createServer((request, response) => {
    void buffer(request)
      .then(body => unpack(body))
      .then(lines => {
        const accepted = lines.toString('utf8').trimEnd().split('\n').length
        signals += accepted
        response.end(JSON.stringify({ accepted, refused: {} }))
      })
  }).listen(port, '127.0.0.1')
  return { url: `http://127.0.0.1:${String(port)}`, signals: () => signals, close: () => server.close() }
}

interface Load {
  readonly rate: number
  readonly lines: number
  readonly signals: number
  /** Of one core, while lines were written. */
  readonly share: number
  readonly peakMemory: number
  readonly ownMemory: number
}

function writeConfig(folder: string, url: string, port: number): string {
  const config = {
    host: 'compute-1',
    state: join(folder, 'state'),
    sources: { files: [{ paths: [join(folder, 'logs', '*.log')] }] },
    output: { http: { url } },
    serve: { listen: `127.0.0.1:${String(port)}` },
  }
  const path = join(folder, 'agent.yaml')
  // JSON is YAML too.
  writeFileSync(path, JSON.stringify(config))
  return path
}

async function writeLines(from: string, into: string, rate: number): Promise<number> {
  const script = join(import.meta.dirname, 'line-writer.ts')
  const { stdout } = await run(process.execPath, [script, from, into, String(rate), String(seconds)])
  return Number(stdout)
}

async function measureRate(rate: number, log: string): Promise<Load> {
  const collector = await startCollector()
  try {
    return await withFolder(async folder => {
      mkdirSync(join(folder, 'logs'))
      const port = await freePort()
      const agent = startProgram(['agent', '--config', writeConfig(folder, collector.url, port)])
      try {
        await waitForAnswer(`http://127.0.0.1:${String(port)}/readyz`)
        await sleep(REST_MS)
        const before = usageOf(agent.pid)
        const begun = performance.now()
        const lines = await writeLines(log, join(folder, 'logs', 'nova-compute.log'), rate)
        const took = (performance.now() - begun) / 1000
        const share = (usageOf(agent.pid).processorSeconds - before.processorSeconds) / took
        await sleep(DRAIN_MS)
        const { peakMemory, ownMemory } = usageOf(agent.pid)
        return { rate: lines / took, lines, signals: collector.signals(), share, peakMemory, ownMemory }
      } finally {
        await agent.stop()
      }
    })
  } finally {
    collector.close()
  }
}

const seconds = Number(process.argv[2] ?? 60)
console.log(`An agent's load on ${describeMachine()}, ${String(seconds)} seconds each`)
await withFolder(async folder => {
  const { log } = fillLog(debugLogs(), folder, Math.max(...RATES) * seconds * LINE_BYTES)
  const loads: Load[] = []
  for (const rate of RATES) loads.push(await measureRate(rate, log))
  printTable([
    ['lines/s', 'lines', 'signals', 'of a core', 'peak MiB', 'own MiB at the end'],
    ...loads.map(({ rate, lines, signals, share, peakMemory, ownMemory }) => [
      number(rate),
      number(lines),
      number(signals),
      `${(share * 100).toFixed(1)} %`,
      number(peakMemory),
      number(ownMemory),
    ]),
  ])
})
