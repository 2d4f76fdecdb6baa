import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createCommandLine } from '../../../collector/command-line.ts'
import { CAUSES, PHASES } from '../../../src/core/launch.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')

const DOCUMENTS = ['README.md', 'CHANGELOG.md', 'examples/README.md', ...markdownBelow('docs')]

function markdownBelow(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .map(name => join(folder, name))
}

function read(document: string): string {
  return readFileSync(join(ROOT, document), 'utf8')
}

/** First cells of the table rows below a heading. */
function rowsBelow(document: string, heading: string): readonly string[] {
  const [, after = ''] = read(document).split(`\n## ${heading}\n`)
  const [section = ''] = after.split('\n## ')
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, cell = '']) => cell)
}

describe('the documents', () => {
  it.each(DOCUMENTS)('%s links only to what is there', document => {
    const links = [...read(document).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = '']) => link)
    const missing = links.filter(link => !existsSync(join(ROOT, dirname(document), link)))
    expect(missing).toEqual([])
  })

  it.each(DOCUMENTS)('%s names only source files that are there', document => {
    const names = [...read(document).matchAll(/`((?:src|collector|test|bench)\/[\w./-]+)`/g)].map(
      ([, name = '']) => name,
    )
    expect(names.filter(name => !existsSync(join(ROOT, name)))).toEqual([])
  })

  it.each(DOCUMENTS)('%s shows only commands and options that exist', document => {
    const { commands } = createCommandLine(() => undefined)
    const uses = [...read(document).matchAll(/(?:npx|\$) launchtrace ([a-z-]+)(.*)/g)]
    for (const [use, name, rest = ''] of uses) {
      const command = commands.find(each => each.name() === name)
      expect(command, use).toBeDefined()
      const known = command?.options.map(({ long }) => long)
      for (const [option] of rest.matchAll(/--[a-z]+/g)) expect(known, use).toContain(option)
    }
  })

  it('explain every cause, and no other', () => {
    expect(rowsBelow('docs/accuracy.md', 'Causes')).toEqual([...CAUSES])
  })

  it('define every phase, in the order of the critical path', () => {
    expect(rowsBelow('docs/accuracy.md', 'Phases')).toEqual([...PHASES])
  })

  it('list every command and every option', () => {
    const { commands } = createCommandLine(() => undefined)
    const text = read('docs/commands.md')
    for (const command of commands) {
      expect(text, command.name()).toContain(`| \`${command.name()}`)
      for (const { long } of command.options) expect(text).toContain(String(long))
    }
  })
})
