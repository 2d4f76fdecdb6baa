import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** A recording of a real cloud on the disk. */
export interface Recorded {
  readonly name: string
  /** What to read: a folder of logs. */
  readonly logs: string
  readonly notifications: string | undefined
  /** What the clients saw; undefined when nobody wrote it down. */
  readonly truth: string | undefined
}

const CHECKOUT = join(import.meta.dirname, '../..')

/** Bigger recordings that may lie beside a checkout; too big, and in part not free enough, to be bundled with it. */
const CORPUS_FOLDER = join(CHECKOUT, '../shared/corpus')

function findFile(folder: string, name: string): string | undefined {
  return [name, `${name}.gz`].map(each => join(folder, each)).find(path => existsSync(path))
}

function recordingsIn(folder: string): readonly Recorded[] {
  return readdirSync(folder)
    .toSorted()
    .map(name => ({ name, folder: join(folder, name) }))
    .filter(({ folder: each }) => existsSync(join(each, 'logs')))
    .map(({ name, folder: each }) => ({
      name,
      logs: join(each, 'logs'),
      notifications: findFile(each, 'notifications.jsonl'),
      truth: findFile(each, 'truth.jsonl'),
    }))
}

function corpus(): readonly Recorded[] {
  if (existsSync(CORPUS_FOLDER)) return recordingsIn(CORPUS_FOLDER)
  process.stderr.write(`${CORPUS_FOLDER} is absent: the bundled recordings are tested, the bigger ones are not.\n`)
  return []
}

/** The recordings bundled in `examples/`. */
export const EXAMPLES: readonly Recorded[] = recordingsIn(join(CHECKOUT, 'examples'))

/** The bigger ones; empty when they are not there. Register no test for what is absent: a skipped test counts as failed. */
export const CORPUS: readonly Recorded[] = corpus()
