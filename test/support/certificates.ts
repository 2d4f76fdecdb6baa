import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from './server-process.ts'

/** Paths of PEM files: an authority of the test's own, and a server and a client that it vouches for. */
export interface Certificates {
  readonly ca: string
  readonly server: { readonly cert: string; readonly key: string }
  readonly client: { readonly cert: string; readonly key: string }
}

const HINT = 'Install openssl.'
const SUBJECT_NAMES = 'subjectAltName=DNS:localhost,IP:127.0.0.1'

function openssl(...words: readonly string[]): Promise<string> {
  return runCommand({ command: 'openssl', words }, HINT)
}

function newKey(key: string, subject: string): readonly string[] {
  return [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    key,
    '-subj',
    `/CN=${subject}`,
  ]
}

/** Makes an authority and what it signs in `directory`, valid for a day, for `localhost` and 127.0.0.1. */
export async function makeCertificates(directory: string): Promise<Certificates> {
  mkdirSync(directory, { recursive: true })
  const at = (name: string): string => join(directory, name)
  const authority = { cert: at('ca.pem'), key: at('ca-key.pem') }
  await openssl('req', '-x509', '-days', '1', '-out', authority.cert, ...newKey(authority.key, 'launchtrace test'))
  writeFileSync(at('names'), SUBJECT_NAMES)
  const sign = async (name: string): Promise<{ readonly cert: string; readonly key: string }> => {
    const [cert, key, request] = [at(`${name}.pem`), at(`${name}-key.pem`), at(`${name}.csr`)]
    await openssl('req', '-new', '-out', request, ...newKey(key, name))
    const by = ['-CA', authority.cert, '-CAkey', authority.key, '-CAcreateserial', '-CAserial', at('serial')]
    await openssl('x509', '-req', '-in', request, ...by, '-out', cert, '-days', '1', '-extfile', at('names'))
    return { cert, key }
  }
  return { ca: authority.cert, server: await sign('server'), client: await sign('client') }
}
