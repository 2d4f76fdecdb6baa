import { inspect } from 'node:util'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../collector/config/config-error.ts'
import { renderEffective } from '../../collector/config/effective.ts'
import type { ConfigReading } from '../../collector/config/read-config.ts'
import { readConfigAsWritten } from '../../collector/config/read-config.ts'
import { createConfigFolder } from '../support/config-file.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const SECRET = 'hunter2hunter2'

const examples = ['up', 'agent', 'collector'].map(role =>
  readFileSync(join(ROOT, 'deploy', 'examples', `${role}.yaml`), 'utf8').replaceAll(/\{ (?:file|env): \S+ \}/g, SECRET),
)

/** Words that YAML and the schema know, so that chance comes upon their rules. */
const words = fc.constantFrom(
  ...['sources', 'files', 'paths', 'rabbitmq', 'url', 'password', 'token', 'headers', 'stdin', 'store', '__proto__'],
  ...[': ', ':\n', '\n', '\n  ', '\n- ', '- ', '[', ']', '{', '}', ', ', '"', "'", '#', ' #', '&a ', '*a', '!t ', '%'],
  ...[
    '|\n  ',
    '>\n',
    '? ',
    '---\n',
    '...\n',
    '\t',
    '<<: ',
    '5',
    '30s',
    'amqp://u:p@h',
    'null',
    'true',
    '.nan',
    '\u0000',
  ],
)
const yamlLike = fc.array(words, { maxLength: 40 }).map(list => list.join(''))

/** A change of one place: what stands at `at` is cut off for `cut` characters, and `put` is put there. */
const edit = fc.record({
  at: fc.nat(),
  cut: fc.nat(3),
  put: fc.oneof(words, fc.constant(''), fc.string({ maxLength: 2 })),
})

function applyEdits(text: string, edits: readonly { at: number; cut: number; put: string }[]): string {
  return edits.reduce((before, { at, cut, put }) => {
    const start = at % (before.length + 1)
    return before.slice(0, start) + put + before.slice(start + cut)
  }, text)
}

function read(text: string, env: Readonly<Record<string, string>> = {}): ConfigReading | ConfigError {
  using folder = createConfigFolder()
  try {
    return readConfigAsWritten({ file: folder.write('c.yaml', text), env })
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
}

describe('whatever a configuration file holds', () => {
  it.each([
    ['any text', fc.string({ unit: 'binary', maxLength: 200 })],
    ['what looks like YAML', yamlLike],
    ['what looks like a section', yamlLike.map(text => `sources: {files: [${text}]}\nserve:\n  ${text}`)],
    [
      'an example with changes',
      fc
        .tuple(fc.constantFrom(...examples), fc.array(edit, { maxLength: 5 }))
        .map(([text, edits]) => applyEdits(text, edits)),
    ],
  ])('%s is read, or refused with a ConfigError that names a place for every problem', (_what, texts) => {
    fc.assert(
      fc.property(texts, text => {
        const result = read(text)
        if (!(result instanceof ConfigError)) return
        expect(result.problems.length).toBeGreaterThan(0)
        for (const { where, message, advice, line = 1, column = 1 } of result.problems) {
          expect(where).not.toBe('')
          expect(message).toMatch(/[.:]$/)
          expect(advice).not.toBe('')
          expect(line).toBeGreaterThan(0)
          expect(column).toBeGreaterThan(0)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('nothing that is printed shows a secret of it', () => {
    const changed = fc.tuple(fc.constantFrom(...examples), fc.array(edit, { maxLength: 3 }))
    fc.assert(
      fc.property(changed, ([text, edits]) => {
        const changedText = applyEdits(text, edits)
        // What is written as a key is named as one.
        fc.pre(!/hunter2.*:/.test(changedText))
        const result = read(changedText)
        const prints =
          result instanceof ConfigError
            ? [result.message, JSON.stringify(result.problems), inspect(result, { depth: Infinity })]
            : [JSON.stringify(result.config), inspect(result.config, { depth: Infinity }), renderEffective(result)]
        // A change may have cut the secret into two, or put something into it.
        for (const print of prints) expect(print).not.toMatch(/hunter2/)
      }),
      { numRuns: 2000 },
    )
  })
})

it('whatever a variable holds, it is read or refused by name', () => {
  const names = fc.array(
    fc.oneof(
      fc.constantFrom('SOURCES', 'FILES', '0', '1', 'PATHS', 'SERVE', 'TOKEN', 'ENV', 'LIMITS', ''),
      fc.string(),
    ),
    { maxLength: 5 },
  )
  fc.assert(
    fc.property(names, fc.oneof(yamlLike, fc.string()), (path, value) => {
      const name = `LAUNCHTRACE__${path.join('__')}`
      const result = read('host: a', { [name]: value })
      if (result instanceof ConfigError) expect(result.problems.some(({ where }) => where === name)).toBe(true)
    }),
    { numRuns: 1000 },
  )
})
