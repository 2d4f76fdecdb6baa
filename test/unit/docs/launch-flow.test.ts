import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../src/catalogue/catalogue.ts'

const DOCUMENT = join(import.meta.dirname, '..', '..', '..', 'docs', 'launch-flow.md')

const ENTRIES = [...catalogue.logs, ...catalogue.access, ...catalogue.notifications]

function stepsFrom(letter: string, last: number): readonly string[] {
  return Array.from({ length: last }, (_, index) => `${letter}${String(index + 1)}`)
}

const STEPS = [...stepsFrom('A', 58), ...stepsFrom('B', 22), ...stepsFrom('M', 5)]

interface Row {
  readonly step: string
  readonly shownBy: string
}

const ROWS: readonly Row[] = readFileSync(DOCUMENT, 'utf8')
  .split('\n')
  .map(line => /^\| ([ABM]\d+) \| .+ \| (.+) \|$/.exec(line))
  .flatMap(row => (row === null ? [] : [{ step: row[1] ?? '', shownBy: row[2] ?? '' }]))

function signalsOf(step: string): readonly string[] {
  return ENTRIES.filter(({ steps }) => steps.includes(step))
    .map(({ id }) => id)
    .toSorted()
}

describe('docs/launch-flow.md', () => {
  it('has every step once, in order', () => {
    expect(ROWS.map(({ step }) => step)).toEqual(STEPS)
  })

  it('has every step that the catalogue speaks of', () => {
    const spoken = new Set(ENTRIES.flatMap(({ steps }) => steps))
    expect([...spoken].filter(step => !STEPS.includes(step))).toEqual([])
  })

  it.each(ROWS)('names for $step exactly the signals of the catalogue that show it', ({ step, shownBy }) => {
    const named = shownBy.startsWith('nothing') ? [] : [...shownBy.matchAll(/`([^`]+)`/g)].map(([, id]) => id)
    expect(named.toSorted()).toEqual(signalsOf(step))
  })
})
