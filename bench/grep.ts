import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LogSignal } from '../src/catalogue/entry.ts'
import type { Hole } from '../src/catalogue/hole.ts'
import { escapeRegex } from '../src/catalogue/hole.ts'
import type { Line } from '../src/catalogue/line.ts'

/** What grep looks for in a hole: cheaper for it than the exact pattern, whose counted repetitions blow its automaton up. */
function holePattern({ kind }: Hole): string {
  switch (kind) {
    case 'uuid':
      return '[0-9a-f-]{36}'
    case 'plain':
      return '[^ ]+'
    case 'text':
    case 'hidden':
    case 'uuids':
    case 'quoted':
      return '.*'
    case 'end':
      return ''
  }
}

function extendedRegex({ literals, holes }: Line): string {
  const part = (literal: string, index: number): string => {
    const hole = holes[index]
    // A slash needs no backslash there, and GNU grep warns of one.
    return escapeRegex(literal).replaceAll('\\/', '/') + (hole === undefined ? '' : holePattern(hole))
  }
  return literals.map(part).join('')
}

/** One POSIX extended regular expression for each wording; those that say no word are left out, as they fit every line. */
export function grepPatterns(entries: readonly LogSignal[]): readonly string[] {
  const wordings = entries.flatMap(({ messages }) => messages)
  return wordings.filter(({ literals }) => /\w{3}/.test(literals.join(' '))).map(extendedRegex)
}

export interface GrepResult {
  readonly lines: number
  /** Processor time, user and system. */
  readonly seconds: number
}

/** Runs `grep -cE` with these patterns over the files, in one process. */
export function runGrep(patterns: readonly string[], files: readonly string[], options: GrepOptions): GrepResult {
  const list = join(options.folder, 'patterns')
  writeFileSync(list, `${patterns.join('\n')}\n`)
  const script = 'TIMEFORMAT="%U %S"; time grep -hcE -f "$@"'
  const environment = { PATH: process.env['PATH'], LC_ALL: options.locale }
  const ran = spawnSync('bash', ['--norc', '-c', script, 'grep', list, ...files], {
    env: environment,
    encoding: 'utf8',
  })
  const [user = 0, system = 0] = ran.stderr.trim().split(/\s+/).map(Number)
  if (ran.error !== undefined || Number.isNaN(user + system)) throw ran.error ?? new Error(`grep: ${ran.stderr}`)
  const lines = ran.stdout
    .trim()
    .split('\n')
    .reduce((sum, count) => sum + Number(count), 0)
  return { lines, seconds: user + system }
}

export interface GrepOptions {
  readonly folder: string
  readonly locale: string
}
