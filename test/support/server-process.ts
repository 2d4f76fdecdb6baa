import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A server that a test started as a process group of its own. */
export interface ServerProcess {
  /** What it said until now, its last 20,000 characters. */
  said(): string
  /** False once it has ended, for whatever reason. */
  isRunning(): boolean
  /** Asks it to stop and waits until it has. */
  stop(): Promise<void>
  /** Ends it and its children in the middle of whatever they do. */
  kill(): Promise<void>
}

export interface ServerCommand {
  readonly command: string
  readonly words: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

const KEPT_CHARACTERS = 20_000
const STOP_MS = 30_000

/** Every group that is still running: none survives the tests, however they end. */
const groups = new Set<number>()
process.on('exit', () => {
  for (const group of groups) signalGroup(group, 'SIGKILL')
})

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal)
  } catch {
    // The group has ended.
  }
}

/** The environment of whoever tests, and `added` on top. */
export function environmentWith(added: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  // eslint-disable-next-line no-restricted-properties -- Servers are started with the path of whoever tests.
  return { ...process.env, ...added }
}

/** A variable by which whoever tests says where brokers are; undefined when not set. */
export function findSetting(name: string): string | undefined {
  const value = environmentWith()[name]
  return value === '' ? undefined : value
}

/** Starts a server. Rejects with what to install when the command cannot be run. */
export async function startServer({ command, words, env }: ServerCommand, hint: string): Promise<ServerProcess> {
  const child = spawn(command, words, { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: environmentWith(env) })
  let said = ''
  const keep = (text: string): void => {
    said = (said + text).slice(-KEPT_CHARACTERS)
  }
  child.stdout.setEncoding('utf8').on('data', keep)
  child.stderr.setEncoding('utf8').on('data', keep)
  await once(child, 'spawn').catch((error: unknown) => {
    throw new Error(`${command} cannot be run. ${hint}`, { cause: error })
  })
  const group = child.pid ?? 0
  groups.add(group)
  const ended = once(child, 'exit').then(() => undefined)
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    signalGroup(group, signal)
    await Promise.race([ended, sleep(STOP_MS, undefined, { ref: false })])
    signalGroup(group, 'SIGKILL')
    await ended
    groups.delete(group)
  }
  return {
    said: () => said,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}

/** Runs a command to its end and gives its output; rejects with what it said when it fails. */
export async function runCommand(given: ServerCommand, hint: string): Promise<string> {
  const child = spawn(given.command, given.words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environmentWith(given.env),
  })
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text))
  await once(child, 'close').catch((error: unknown) => {
    throw new Error(`${given.command} cannot be run. ${hint}`, { cause: error })
  })
  if (child.exitCode === 0) return said.out
  throw new Error(`${given.command} ${given.words.join(' ')} failed: ${said.out}${said.err}`)
}

/** `count` ports of 127.0.0.1 that nobody listens on, all different. */
export async function findFreePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map(server => once(server, 'listening')))
  const ports = servers.map(server => {
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  })
  await Promise.all(servers.map(server => once(server.close(), 'close')))
  return ports
}

/** Waits until `isReady`, asking every 100 ms; rejects with what the server said when it ends before or takes too long. */
export async function untilReady(server: ServerProcess, isReady: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 90_000
  while (!(await isReady().catch(() => false))) {
    if (!server.isRunning()) throw new Error(`The server ended before it was ready: ${server.said()}`)
    if (Date.now() > deadline) throw new Error(`The server was not ready in time: ${server.said()}`)
    await sleep(100)
  }
}
