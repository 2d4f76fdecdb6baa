import type { Telemetry } from '../../telemetry/telemetry.ts'
import type { Trouble } from './regular-file.ts'

/** Paths that are remembered; those beyond are counted again each time. */
const MAX_PATHS = 10_000

/** What cannot be read just now. Each trouble is counted and logged once, until it is over or becomes another. */
export interface Troubles {
  meet(path: string, trouble: Trouble): void
  clear(path: string): void
  readonly count: number
  /** One of them in words; empty when there is none. */
  describe(): string
}

const WORDS: Readonly<Record<Trouble, string>> = {
  permission: 'reading it is not permitted',
  vanished: 'it vanished',
  io: 'the disk could not read it',
  too_many_open: 'too many files are open',
  not_a_file: 'it is not a file',
  compressed: 'it is compressed',
  binary: 'it is binary, not text',
  other: 'the system could not read it',
}

export function createTroubles(telemetry: Telemetry, source: string): Troubles {
  const known = new Map<string, Trouble>()
  return {
    meet: (path, trouble) => {
      if (known.get(path) === trouble) return
      if (known.size < MAX_PATHS && trouble !== 'vanished') known.set(path, trouble)
      telemetry.count('launchtrace_source_errors_total', { source, reason: trouble })
      // A file that is rotated away in the moment in which it is opened is no news.
      if (trouble !== 'vanished') telemetry.warn('A file is not read.', { source, path, reason: WORDS[trouble] })
    },
    clear: path => {
      known.delete(path)
    },
    get count() {
      return known.size
    },
    describe: () => {
      const [first] = known
      return first === undefined ? '' : `${first[0]}: ${WORDS[first[1]]}`
    },
  }
}
