import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ProcessStatus } from '../../collector/process/status.ts'
import { environmentWith, findFreePorts } from './server-process.ts'

/** `launchtrace up`, `agent` or `collector` in a process of its own, which a test may treat as badly as it likes. */
export interface LiveProgram {
  /** Of its own interface, the same in every life. */
  readonly url: string
  /** Everything that it said on stderr and stdout in all its lives. */
  said(): string
  isRunning(): boolean
  /** Starts it and does not wait. */
  begin(): void
  /** Starts it and waits until it answers. */
  start(): Promise<void>
  /** Waits until it answers and `isSo` of what it says of itself; rejects when it ends before, or takes too long. */
  until(isSo: (status: ProcessStatus) => boolean, what: string): Promise<ProcessStatus>
  /** Ends it in the middle of whatever it does. */
  kill(): Promise<void>
  /** Asks it to stop, and gives its exit code; rejects when it is still there after a minute. */
  stop(): Promise<number | null>
  /** Sends it a signal and does not wait. */
  signal(signal: NodeJS.Signals): void
  /** Waits for its end and gives the exit code. */
  readonly ended: () => Promise<number | null>
  status(): Promise<ProcessStatus>
  metrics(): Promise<string>
  /** Resident memory, in bytes. */
  memoryBytes(): Promise<number>
}

export interface LiveProgramOptions {
  readonly role: 'up' | 'agent' | 'collector'
  /** Where its configuration file is written. */
  readonly folder: string
  /** Unique in the folder. */
  readonly name: string
  /** As the configuration file has it; `serve.listen` is added. */
  readonly config: Readonly<Record<string, unknown>>
}

const PROGRAM = join(import.meta.dirname, '..', '..', 'collector', 'main.ts')
/** Two busy cores start a program in seconds. */
const PATIENCE_MS = 60_000
const ASK_EVERY_MS = 50

/** Whether a program reads all its sources and has nothing left to do. */
export function isAtRest({ sources, launches }: ProcessStatus): boolean {
  // Where there are no files yet, they are waited for; a broker that is waited for may have something.
  const isReading = sources.every(({ name, state }) => state === 'running' || (name === 'files' && state === 'waiting'))
  return isReading && sources.every(({ lag = 0 }) => lag === 0) && launches?.settled !== false
}

/** Every program that runs: none survives the tests, however they end. */
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

class Program implements LiveProgram {
  readonly url: string
  readonly #role: string
  readonly #file: string
  readonly #name: string
  #child: ChildProcess | undefined
  #said = ''

  constructor({ role, name }: LiveProgramOptions, url: string, file: string) {
    this.url = url
    this.#role = role
    this.#name = name
    this.#file = file
  }

  said(): string {
    return this.#said
  }

  isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null
  }

  begin(): void {
    const words = [PROGRAM, this.#role, '--config', this.#file]
    const env = environmentWith({ NO_COLOR: '1' })
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'], env })
    this.#child = child
    running.add(child)
    child.once('exit', () => running.delete(child))
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.#said += text))
    }
  }

  async start(): Promise<void> {
    this.begin()
    await this.until(() => true, 'answering')
  }

  async until(isSo: (status: ProcessStatus) => boolean, what: string): Promise<ProcessStatus> {
    const deadline = Date.now() + PATIENCE_MS
    for (;;) {
      const status = await this.status().catch(() => undefined)
      if (status !== undefined && isSo(status)) return status
      const wrong = this.isRunning() ? (Date.now() > deadline ? 'is not' : '') : 'ended before'
      if (wrong !== '') {
        throw new Error(`${this.#name} ${wrong} ${what}. ${JSON.stringify(status)} ${this.#said.slice(-4000)}`)
      }
      await sleep(ASK_EVERY_MS)
    }
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL')
    await this.ended()
  }

  async stop(): Promise<number | null> {
    this.signal('SIGTERM')
    const code = await Promise.race([this.ended(), sleep(PATIENCE_MS, 'late' as const, { ref: false })])
    if (code !== 'late') return code
    const status = JSON.stringify(await this.status().catch(() => 'It does not answer.'))
    throw new Error(`${this.#name} does not stop. ${status} ${this.#said.slice(-4000)}`)
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal)
  }

  readonly ended = async (): Promise<number | null> => {
    const child = this.#child
    if (child === undefined) return null
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    return child.exitCode
  }

  async status(): Promise<ProcessStatus> {
    return (await this.#ask('/api/status').then(answer => answer.json())) as ProcessStatus
  }

  async metrics(): Promise<string> {
    return (await this.#ask('/metrics')).text()
  }

  async memoryBytes(): Promise<number> {
    return (await this.status()).memory_bytes
  }

  #ask(path: string): Promise<Response> {
    // A process that is stopped accepts and says nothing.
    return fetch(`${this.url}${path}`, { signal: AbortSignal.timeout(10_000) })
  }
}

/** Writes the configuration of a program, as a user would. Nothing is started. */
export async function makeLiveProgram(options: LiveProgramOptions): Promise<LiveProgram> {
  const [port = 0] = await findFreePorts(1)
  const listen = `127.0.0.1:${port}`
  const file = join(options.folder, `${options.name}.yaml`)
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ ...options.config, serve: { listen } }, undefined, 2))
  return new Program(options, `http://${listen}`, file)
}
