import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

const EXAMPLES = join(import.meta.dirname, '..', '..', '..', 'examples')
const LARGEST_BYTES = 4_000_000

const files = readdirSync(EXAMPLES, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile())
  .map(entry => join(entry.parentPath, entry.name))

function readPlain(path: string): string {
  const bytes = readFileSync(path)
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1')
}

/** The value of a JSON field as it stands in a file, where JSON may be quoted inside JSON. */
function fieldValues(text: string, names: RegExp): readonly string[] {
  const quote = String.raw`\\*"`
  const field = new RegExp(`${quote}(?:${names.source})${quote}: *(${quote}.*?${quote}|[^,}\\]]+[\\]}]?)`, 'g')
  return [...text.matchAll(field)].map(([, value = '']) => value.replaceAll('\\', '').replaceAll('"', ''))
}

const BLANK = ['', '***', 'null', '[]', '{}']

const SECRETS: readonly (readonly [string, RegExp])[] = [
  ['a Fernet token', /gAAAA[\w-]{20}/],
  ['a JSON web token', /\beyJ[\w-]{10,}\.[\w-]{10,}/],
  ['a private key', /PRIVATE KEY/],
  ['a public key', /ssh-(?:rsa|ed25519) AAAA/],
  ['a header with a token', /X-(?:Auth|Subject|Service)-Token: (?!\{SHA256\}|\*\*\*)\S/i],
  ['a password in a URL', /\w+:\/\/[^\s:/@"]+:(?!\*\*\*)[^\s:/@"]+@/],
  ['a Ceph key', /\bAQ[\w+/]{36}==/],
]

const SECRET_FIELDS =
  /\w*(?:auth_token|service_token|password|admin_pass|secret_uuid|user_data|random_seed|service_catalog|connection_info|key_data|private_key)/

describe('the bundled recordings', () => {
  it('are small enough to be cloned by everybody', () => {
    const bytes = files.reduce((sum, path) => sum + statSync(path).size, 0)
    expect(bytes).toBeGreaterThan(0)
    expect(bytes).toBeLessThanOrEqual(LARGEST_BYTES)
  })

  it.each(SECRETS)('hold nowhere %s', (_, pattern) => {
    expect(files.filter(path => pattern.test(readPlain(path)))).toEqual([])
  })

  it('hold fields for secrets only with blanked values', () => {
    const told = files.flatMap(path => fieldValues(readPlain(path), SECRET_FIELDS))
    expect(told.length).toBeGreaterThan(0)
    expect(told.filter(value => !BLANK.includes(value))).toEqual([])
  })

  it('hold no console output', () => {
    const truths = files.filter(path => path.endsWith('truth.jsonl'))
    expect(truths.length).toBeGreaterThan(0)
    expect(truths.flatMap(path => fieldValues(readPlain(path), /console_tail/)).filter(text => text !== '[]')).toEqual(
      [],
    )
  })

  it('leave out the logs of libvirtd, Ceph and RabbitMQ', () => {
    expect(files.filter(path => /libvirtd|ceph|rabbit/.test(path.slice(EXAMPLES.length)))).toEqual([])
  })
})
