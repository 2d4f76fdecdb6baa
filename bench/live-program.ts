import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** The program as its users run it, in a process of its own. */
export interface LiveProgram {
  readonly pid: number
  /** Asks it to stop, as systemd does, and waits until it is gone. */
  stop(): Promise<void>
}

const MAIN = join(import.meta.dirname, '..', 'collector', 'main.ts')

/** A port of 127.0.0.1 that was free just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function isGone({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

/** Starts `launchtrace ARGUMENTS`. What it says of itself goes to standard error. */
export function startProgram(parameters: readonly string[]): LiveProgram {
  const child = spawn(process.execPath, [MAIN, ...parameters], { stdio: ['ignore', 'ignore', 'inherit'] })
  return {
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM')
      if (!isGone(child)) await once(child, 'exit')
    },
  }
}

/** Waits until `url` answers with success. @throws when it does not within half a minute */
export async function waitForAnswer(url: string): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok === true) return
    await sleep(100)
  }
  throw new Error(`${url} does not answer.`)
}
