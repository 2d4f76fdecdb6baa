import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Which journal to read. */
export interface JournalPlace {
  /** None means all. */
  readonly units: readonly string[]
  /** Default: the one of this machine. */
  readonly directory?: string
  readonly namespace?: string
}

/** The program while it runs. */
export interface RunningJournalctl {
  /** Entries in the export format. Reading slowly makes journalctl wait. */
  readonly output: AsyncIterable<Buffer>
  /** The last thing it said to people, at most 300 characters; empty when it said nothing. */
  readonly complaint: () => string
  /** It only reads, so nothing is lost when it is killed. */
  readonly stop: () => void
  /** Resolves when it has ended and its output has been read, with why it could not be started, if it could not. */
  readonly ended: Promise<Error | undefined>
}

/** The fields that tell when, where, by whom, and what (systemd.journal-fields). The cursor and the times always come. */
const FIELDS = [
  'MESSAGE',
  '_HOSTNAME',
  'SYSLOG_IDENTIFIER',
  '_SYSTEMD_UNIT',
  'CONTAINER_NAME',
  '_COMM',
  '_PID',
  'SYSLOG_PID',
  '_SOURCE_REALTIME_TIMESTAMP',
]

const MAX_COMPLAINT = 300

function wordsFor({ units, directory, namespace }: JournalPlace, cursor: string | undefined): readonly string[] {
  return [
    '--follow',
    '--no-tail',
    // Without it --follow leaves out what was written before the last boot.
    '--merge',
    '--output=export',
    `--output-fields=${FIELDS.join(',')}`,
    ...(directory === undefined ? [] : [`--directory=${directory}`]),
    ...(namespace === undefined ? [] : [`--namespace=${namespace}`]),
    ...units.map(unit => `--unit=${unit}`),
    ...(cursor === undefined ? [] : [`--cursor=${cursor}`]),
  ]
}

/**
 * Starts `command` to give the entry at `cursor` and every one after it (all without one), and then those that are
 * written. Not `--after-cursor`: when the entry has been vacuumed that leaves out the one that comes first instead
 * (systemd: journalctl.c skips one entry whether or not it is the cursor's).
 */
export function startJournalctl(command: string, place: JournalPlace, cursor: string | undefined): RunningJournalctl {
  const child = spawn(command, wordsFor(place, cursor), { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-MAX_COMPLAINT)
  })
  const ended = once(child, 'close').then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  )
  return {
    output: child.stdout,
    complaint: () => said.trim().split('\n').at(-1) ?? '',
    stop: () => void child.kill('SIGKILL'),
    ended,
  }
}
