import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { renderReference } from '../../../collector/config/reference.ts'
import type { Role } from '../../../collector/config/role.ts'
import { ROLES } from '../../../collector/config/role.ts'
import { mistakesIn } from '../../support/config-file.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const DOCUMENT = join(ROOT, 'docs', 'configuration.md')
const MARK = '<!-- Below, all is made from the schema: UPDATE_GOLDEN=1 npx vitest run test/unit/config -->\n\n'

/** Secrets lie in files of the machines that the examples are for; here any text will do. */
function withSecrets(text: string): string {
  return text.replaceAll(/\{ (?:file|env): \S+ \}/g, 'some-secret')
}

function examplesOf(role: Role): readonly string[] {
  const pattern = new RegExp(`\`\`\`yaml ${role}\n(.*?)\`\`\``, 'gs')
  return [...readFileSync(DOCUMENT, 'utf8').matchAll(pattern)].map(([, text = '']) => text)
}

describe('docs/configuration.md', () => {
  it('lists every setting as the schema has it', () => {
    const [before = '', after = ''] = readFileSync(DOCUMENT, 'utf8').split(MARK)
    // eslint-disable-next-line no-restricted-properties -- Whoever runs the test asks for the document to be written.
    if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(DOCUMENT, before + MARK + renderReference())
    else expect(after).toBe(renderReference())
  })

  it.each(ROLES)('shows an example for %s that is right', role => {
    const examples = examplesOf(role)
    expect(examples).toHaveLength(1)
    for (const text of examples) expect(mistakesIn(withSecrets(text), { role })).toEqual([])
  })

  it('shows variables that exist', () => {
    const variables = [...readFileSync(DOCUMENT, 'utf8').matchAll(/^(LAUNCHTRACE__\w+)=(.*)$/gm)]
    expect(variables.length).toBeGreaterThan(4)
    const env = Object.fromEntries(variables.map(([, name = '', value = '']) => [name, value]))
    const mistakes = mistakesIn('host: a', { env })
    expect(mistakes.filter(mistake => mistake.includes('no such setting'))).toEqual([])
  })
})

describe('deploy/examples', () => {
  it.each(ROLES)('%s.yaml is right', role => {
    const text = readFileSync(join(ROOT, 'deploy', 'examples', `${role}.yaml`), 'utf8')
    expect(mistakesIn(withSecrets(text), { role })).toEqual([])
  })

  it('agent.yaml is right with its other output too', () => {
    const text = readFileSync(join(ROOT, 'deploy', 'examples', 'agent.yaml'), 'utf8')
    const [before = '', http = ''] = text.split('  # http:')
    const other = `${before.split('  kafka:')[0] ?? ''}  http:${http.replaceAll('\n  # ', '\n  ')}`
    expect(mistakesIn(withSecrets(other), { role: 'agent' })).toEqual([])
  })
})
