import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

/** How a run of `launchtrace` ended, and what it said. */
export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** A `launchtrace` that runs until it is stopped. */
export interface Running {
  /** Everything said on stdout until now. */
  out(): string
  err(): string
  /** Resolves with the match once stderr holds `pattern`; rejects when the program ends before. */
  says(pattern: RegExp): Promise<RegExpMatchArray>
  /** Sends Ctrl-C and waits for the end. */
  interrupt(): Promise<Ended>
}

const PROGRAM = join(import.meta.dirname, '..', '..', 'collector', 'main.ts')

type Child = ChildProcessByStdio<null, Readable, Readable>

function spawnProgram(words: readonly string[]): Child {
  // Where a machine says otherwise, the tests mean a plain, wide output and a data directory of their own.
  // eslint-disable-next-line no-restricted-properties -- The program is started with the path and the home of whoever tests.
  const env = { ...process.env, NO_COLOR: '1', XDG_DATA_HOME: join(tmpdir(), 'launchtrace-no-data') }
  return spawn(process.execPath, [PROGRAM, ...words], { stdio: ['ignore', 'pipe', 'pipe'], env })
}

function listen(child: Child): { readonly said: { out: string; err: string }; readonly ended: Promise<Ended> } {
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text))
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, ...said }))
  return { said, ended }
}

/** Runs `launchtrace` to its end. */
export function runProgram(...words: readonly string[]): Promise<Ended> {
  return listen(spawnProgram(words)).ended
}

/** Starts `launchtrace`. */
export function startProgram(...words: readonly string[]): Running {
  const child = spawnProgram(words)
  const { said, ended } = listen(child)
  return {
    out: () => said.out,
    err: () => said.err,
    says: async pattern => {
      for (;;) {
        const match = said.err.match(pattern)
        if (match !== null) return match
        const news = once(child.stderr, 'data').then(() => 'news' as const)
        if ((await Promise.race([news, ended])) !== 'news') {
          throw new Error(`It ended without saying ${String(pattern)}: ${said.err}`)
        }
      }
    },
    interrupt: () => {
      child.kill('SIGINT')
      return ended
    },
  }
}
