import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError } from '../../collector/config/config-error.ts'
import type { ConfigProblem } from '../../collector/config/problem.ts'
import type { ConfigOrigins } from '../../collector/config/read-config.ts'
import { readConfig } from '../../collector/config/read-config.ts'
import type { Config } from '../../collector/config/schema.ts'

/** A directory for the files of one test, removed when the scope ends. */
export interface ConfigFolder {
  readonly path: string
  /** Writes a file and returns its path. */
  write(name: string, content: string | Uint8Array): string
  [Symbol.dispose](): void
}

export function createConfigFolder(): ConfigFolder {
  const path = mkdtempSync(join(tmpdir(), 'launchtrace-config-'))
  return {
    path,
    write: (name, content) => {
      const file = join(path, name)
      writeFileSync(file, content)
      return file
    },
    [Symbol.dispose]: () => {
      rmSync(path, { recursive: true, force: true })
    },
  }
}

type Others = Omit<ConfigOrigins, 'file' | 'env'> & { readonly env?: ConfigOrigins['env'] }

/** Reads a configuration with this text in its file. */
export function readText(text: string | Uint8Array, { env = {}, ...others }: Others = {}): Config {
  using folder = createConfigFolder()
  return readConfig({ file: folder.write('c.yaml', text), env, ...others })
}

/** The mistakes that `read` complains of; empty when it complains of none. */
export function problemsOf(read: () => unknown): readonly ConfigProblem[] {
  try {
    read()
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

/** Mistakes in a text as `LINE:COLUMN PATH: MESSAGE ADVICE`, or with the variable instead of the line. */
export function mistakesIn(text: string | Uint8Array, others: Others = {}): readonly string[] {
  return problemsOf(() => readText(text, others)).map(({ where, line, column, path, message, advice }) => {
    const place = line === undefined ? (where.endsWith('c.yaml') ? 'file' : where) : `${String(line)}:${String(column)}`
    return `${place} ${path}: ${message} ${advice}`
  })
}
