import { join } from 'node:path'
import { runCommand } from './server-process.ts'

/** A server of `deploy/test-compose.yaml`. */
export interface ComposeService {
  stop(): Promise<void>
  kill(): Promise<void>
  /** Starts it again on its data, and waits until it answers. */
  start(): Promise<void>
  /** Runs a command in its container. */
  run(...words: readonly string[]): Promise<string>
}

const FILE = join(import.meta.dirname, '..', '..', 'deploy', 'test-compose.yaml')
const HINT =
  'The addresses of running brokers are set, so they are stopped and started with Docker Compose: install it.'

async function compose(...words: readonly string[]): Promise<string> {
  return runCommand({ command: 'docker', words: ['compose', '--file', FILE, ...words] }, HINT)
}

export function composeService(name: string): ComposeService {
  const tell = async (...words: readonly string[]): Promise<void> => {
    await compose(...words, name)
  }
  return {
    stop: () => tell('stop'),
    kill: () => tell('kill'),
    start: () => tell('up', '--detach', '--no-recreate', '--wait'),
    run: (...words) => compose('exec', '--no-TTY', name, ...words),
  }
}
