import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { get as getSecure } from 'node:https'
import type { RequestOptions } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { listen } from '../../../collector/server/listen.ts'
import type { ListenOptions, RunningServer } from '../../../collector/server/listen.ts'
import { UsageError } from '../../../collector/usage-error.ts'
import type { Certificates } from '../../support/certificates.ts'
import { makeCertificates } from '../../support/certificates.ts'

const running: RunningServer[] = []
const directory = mkdtempSync(join(tmpdir(), 'launchtrace-listen-'))
let certificates: Certificates

beforeAll(async () => {
  certificates = await makeCertificates(directory)
})
afterEach(async () => {
  for (const server of running.splice(0)) await server.close(100)
})
afterAll(() => {
  rmSync(directory, { recursive: true })
})

const pem = (path: string): string => readFileSync(path, 'utf8')

async function serve(options: Partial<ListenOptions> = {}): Promise<RunningServer> {
  const server = await listen((_request, response) => response.end('let in'), {
    host: '127.0.0.1',
    port: 0,
    ...options,
  })
  running.push(server)
  return server
}

async function ask(url: string, options: RequestOptions = {}): Promise<{ status: number | undefined; body: string }> {
  const open = url.startsWith('https') ? getSecure : get
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    open(url, { ...options, agent: false }, resolve).on('error', reject)
  })
  return { status: response.statusCode, body: await text(response) }
}

function bearing(token: string): RequestOptions {
  return { headers: { Authorization: token } }
}

describe('a listener', () => {
  it('serves loopback without a token', async () => {
    const { url } = await serve()
    expect(await ask(url)).toEqual({ status: 200, body: 'let in' })
  })

  it.each(['0.0.0.0', '::', '192.0.2.1', 'collector.example'])('does not listen on %s without a token', async host => {
    await expect(serve({ host })).rejects.toThrow('set a token, or listen on 127.0.0.1')
    await expect(serve({ host, token: '' })).rejects.toBeInstanceOf(UsageError)
  })

  it('lets in who bears the token and nobody else', async () => {
    const { url } = await serve({ host: '0.0.0.0', token: 'correct horse'.replace(' ', '-') })
    const there = url.replace('0.0.0.0', '127.0.0.1')
    expect(await ask(there, bearing('Bearer correct-horse'))).toEqual({ status: 200, body: 'let in' })
    expect(await ask(there, bearing('bearer  correct-horse '))).toMatchObject({ status: 200 })
    const spoken = await serve({ host: '0.0.0.0', token: 'correct horse' })
    const said = await ask(spoken.url.replace('0.0.0.0', '127.0.0.1'), bearing('Bearer correct horse'))
    expect(said.status).toBe(200)
    for (const wrong of [
      '',
      'Bearer',
      'Bearer correct-hors',
      'Bearer correct-horse1',
      'Basic correct-horse',
      'correct-horse',
    ]) {
      const answer = await ask(there, bearing(wrong))
      expect(answer.status).toBe(401)
      expect(answer.body).toContain('LAUNCHTRACE_UNAUTHORIZED')
    }
  })

  it('answers on open paths without the token, and on nothing that merely begins like them', async () => {
    const { url } = await serve({ token: 'secret', openPaths: ['/healthz'] })
    expect(await ask(`${url}/healthz?x=1`)).toMatchObject({ status: 200 })
    for (const path of ['/healthz/..', '/healthz/', '//healthz', '/Healthz', '/healthz%2f..', '/']) {
      expect(await ask(`${url}${path}`)).toMatchObject({ status: 401 })
    }
  })

  it('says so when the port is taken', async () => {
    const { url } = await serve()
    const port = Number(new URL(url).port)
    await expect(serve({ port })).rejects.toThrow(`Another program listens on port ${port} of 127.0.0.1`)
  })

  it('says so when the address is not one of this machine', async () => {
    await expect(serve({ host: '192.0.2.1', token: 'secret' })).rejects.toThrow('is no address of this machine')
  })

  it('speaks TLS, and proves who it is', async () => {
    const { url } = await serve({ tls: { cert: pem(certificates.server.cert), key: pem(certificates.server.key) } })
    expect(url).toMatch(/^https:/)
    expect(await ask(url, { ca: pem(certificates.ca) })).toEqual({ status: 200, body: 'let in' })
    await expect(ask(url)).rejects.toThrow('certificate')
  })

  it('asks for a certificate when told whose to take', async () => {
    const { cert, key } = certificates.server
    const ca = pem(certificates.ca)
    const { url } = await serve({ tls: { cert: pem(cert), key: pem(key), clientCa: ca } })
    const client = { cert: pem(certificates.client.cert), key: pem(certificates.client.key) }
    expect(await ask(url, { ca, ...client })).toEqual({ status: 200, body: 'let in' })
    await expect(ask(url, { ca })).rejects.toThrow()
  })

  it('says so when the certificate cannot be used', async () => {
    await expect(serve({ tls: { cert: 'no certificate', key: 'no key' } })).rejects.toThrow(
      'The certificate and key of the listener cannot be used',
    )
  })

  it('refuses headers that nobody needs', async () => {
    const { url } = await serve()
    expect(await ask(url, { headers: { 'x-long': 'x'.repeat(20_000) } })).toMatchObject({ status: 431 })
  })

  it('stops when nothing listens to it any more, and twice does no harm', async () => {
    const server = await serve()
    await server.close(100)
    await server.close(100)
    const port = Number(new URL(server.url).port)
    const other = createServer().listen(port, '127.0.0.1')
    await new Promise(resolve => other.once('listening', resolve))
    other.close()
  })
})
