import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { IncomingMessage, RequestListener } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createIntakeApp } from '../../collector/server/intake-app.ts'
import type { ListenOptions, RunningServer } from '../../collector/server/listen.ts'
import { listen } from '../../collector/server/listen.ts'
import { createSignalsRoute } from '../../collector/server/signals-route.ts'
import type { SignalsRouteLimits } from '../../collector/server/signals-route.ts'
import type { Signal } from '../../src/core/signal.ts'
import { writeUntilDurable } from '../../src/pipeline/deliver.ts'
import type { Outlet } from '../../src/pipeline/stage.ts'
import type { AcceptSignals } from '../../src/transport/decode-lines.ts'
import type { HttpOutletOptions } from '../../src/transport/http-outlet.ts'
import { createHttpOutlet } from '../../src/transport/http-outlet.ts'
import { encodeSignal } from '../../src/transport/signal-json.ts'
import type { Certificates } from '../support/certificates.ts'
import { makeCertificates } from '../support/certificates.ts'
import { factOf } from '../support/signal-drafts.ts'
import { recordTelemetry } from '../support/telemetry.ts'

const TOKEN = 'correct-horse-battery-staple'
const never = new AbortController().signal
const directory = mkdtempSync(join(tmpdir(), 'launchtrace-http-'))
const closing: (() => Promise<unknown>)[] = []
let certificates: Certificates

beforeAll(async () => {
  certificates = await makeCertificates(directory)
})
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})
afterAll(() => {
  rmSync(directory, { recursive: true })
})

const pem = (path: string): string => readFileSync(path, 'utf8')

interface Collector {
  readonly url: string
  readonly telemetry: ReturnType<typeof recordTelemetry>
}

interface Given {
  readonly accept: AcceptSignals
  readonly listen?: Partial<ListenOptions>
  readonly limits?: Partial<SignalsRouteLimits>
}

async function collect({ accept, listen: options = {}, limits = {} }: Given): Promise<Collector> {
  const telemetry = recordTelemetry()
  const app = createIntakeApp({
    routes: [createSignalsRoute({ accept, telemetry, limits })],
    hasToken: options.token !== undefined,
    reportError: error => {
      throw error
    },
  })
  return { url: await serve(app, options), telemetry }
}

async function serve(listener: RequestListener, options: Partial<ListenOptions> = {}): Promise<string> {
  const server: RunningServer = await listen(listener, { host: '127.0.0.1', port: 0, ...options })
  closing.push(() => server.close(100))
  return server.url
}

function outletTo(url: string, options: Partial<HttpOutletOptions> = {}): Outlet {
  const outlet = createHttpOutlet({ url, ...options })
  closing.push(() => outlet.close())
  return outlet
}

/** Keeps what it is given, each fact once. */
function createMemory(): { readonly facts: Map<string, Signal>; readonly accept: AcceptSignals } {
  const facts = new Map<string, Signal>()
  const accept: AcceptSignals = signals => {
    for (const signal of signals) facts.set(signal.id, signal)
    return Promise.resolve()
  }
  return { facts, accept }
}

function facts(count: number): readonly Signal[] {
  return Array.from({ length: count }, (_, index) => factOf(`fact ${index}`))
}

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

const NDJSON = { 'Content-Type': 'application/x-ndjson' }

async function post(url: string, body: Buffer | string, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${url}/v1/signals`, { method: 'POST', headers: { ...NDJSON, ...headers }, agent: false }, resolve)
      .on('error', reject)
      .end(body)
  })
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

describe('signals over HTTP', () => {
  it('arrive as they were, over TLS with a token and both certificates', async () => {
    const memory = createMemory()
    const { cert, key } = certificates.server
    const tls = { cert: pem(cert), key: pem(key), clientCa: pem(certificates.ca) }
    const { url, telemetry } = await collect({ accept: memory.accept, listen: { host: '0.0.0.0', token: TOKEN, tls } })
    const client = { ca: pem(certificates.ca), cert: pem(certificates.client.cert), key: pem(certificates.client.key) }
    const outlet = outletTo(url.replace('0.0.0.0', 'localhost'), { token: TOKEN, tls: client })
    const sent = facts(12_000)
    await outlet.write(sent, never)
    expect([...memory.facts.values()]).toEqual(sent)
    expect(await telemetry.total('launchtrace_inlet_received_total')).toBe(sent.length)
    expect(await telemetry.total('launchtrace_inlet_forwarded_total')).toBe(sent.length)
    const stranger = outletTo(url.replace('0.0.0.0', 'localhost'), { token: TOKEN, tls: { ca: client.ca } })
    await expect(stranger.write(sent, never)).rejects.toMatchObject({ retryable: true })
    const trusting = outletTo(url.replace('0.0.0.0', 'localhost'), {
      token: TOKEN,
      tls: { ...client, ca: client.cert },
    })
    await expect(trusting.write(sent, never)).rejects.toThrow('certificate')
  })

  it.each([undefined, 'correct-horse'])(
    'do not get in with the token %s, and are kept for when it is right',
    async token => {
      const memory = createMemory()
      const { url } = await collect({ accept: memory.accept, listen: { token: TOKEN } })
      const written = outletTo(url, token === undefined ? {} : { token }).write(facts(1), never)
      await expect(written).rejects.toThrow('answered 401: This needs a token; send it as Authorization: Bearer TOKEN.')
      await expect(written).rejects.toMatchObject({ code: 'LAUNCHTRACE_OUTLET_UNAVAILABLE', retryable: true })
      await expect(written).rejects.not.toThrow(TOKEN)
      expect(memory.facts.size).toBe(0)
    },
  )

  it('are answered only when they are durable', async () => {
    const store = Promise.withResolvers<undefined>()
    const { url } = await collect({ accept: () => store.promise })
    let isDone = false
    const written = outletTo(url)
      .write(facts(3), never)
      .then(() => (isDone = true))
    await sleep(200)
    expect(isDone).toBe(false)
    store.resolve(undefined)
    await written
  })

  it('are sent away while the store is away, told when to come back, and not lost', async () => {
    const memory = createMemory()
    const store = Promise.withResolvers<undefined>()
    const accept: AcceptSignals = async signals => {
      await store.promise
      await memory.accept(signals)
    }
    const { url } = await collect({ accept, limits: { patienceMs: 100 } })
    const outlet = outletTo(url)
    const written = outlet.write(facts(3), never)
    await expect(written).rejects.toThrow('answered 503: What was sent is not durable yet')
    await expect(written).rejects.toMatchObject({ retryable: true, retryAfterMs: 10_000 })
    store.resolve(undefined)
    await writeUntilDurable(facts(3), { outlet, telemetry: recordTelemetry(), stop: never })
    expect(memory.facts.size).toBe(3)
  })

  it('are sent away while too much is under way, until that is durable', async () => {
    const store = Promise.withResolvers<undefined>()
    const { url } = await collect({ accept: () => store.promise, limits: { requests: 2 } })
    const slow = [outletTo(url).write(facts(1), never), outletTo(url).write(facts(1), never)]
    await sleep(200)
    const written = outletTo(url).write(facts(1), never)
    await expect(written).rejects.toThrow('answered 429')
    await expect(written).rejects.toMatchObject({ retryable: true, retryAfterMs: 1000 })
    store.resolve(undefined)
    await Promise.all(slow)
    await outletTo(url).write(facts(1), never)
  })

  it('still count as under way when the client has been sent away', async () => {
    const store = Promise.withResolvers<undefined>()
    const limits = { heldBytes: 6000, patienceMs: 50 }
    const { url } = await collect({ accept: () => store.promise, limits })
    await expect(outletTo(url).write(facts(10), never)).rejects.toThrow('answered 503')
    await expect(outletTo(url).write(facts(10), never)).rejects.toThrow('answered 429')
    store.resolve(undefined)
    await sleep(50)
    await outletTo(url).write(facts(10), never)
  })

  it('are taken beside lines that are none', async () => {
    const memory = createMemory()
    const { url, telemetry } = await collect({ accept: memory.accept })
    const [good] = facts(1)
    if (good === undefined) throw new Error('There is one.')
    const lines = ['nothing', encodeSignal(good), '', JSON.stringify({ ...good, host: 'elsewhere' }), '{}']
    const answer = await post(url, lines.join('\n'))
    expect(answer).toMatchObject({ status: 200 })
    expect(JSON.parse(answer.body)).toEqual({ accepted: 1, refused: { not_json: 1, wrong_id: 1, invalid_id: 1 } })
    expect(await telemetry.total('launchtrace_inlet_dropped_total')).toBe(3)
    expect(await telemetry.total('launchtrace_inlet_received_total')).toBe(4)
    expect([...memory.facts.values()]).toEqual([good])
  })

  it('that a collector refuses are told apart from those that it takes', async () => {
    const memory = createMemory()
    const { url } = await collect({ accept: memory.accept })
    const wrong = { ...factOf('wrong'), id: '0'.repeat(32) }
    const sent = [...facts(5), wrong]
    await expect(outletTo(url).write(sent, never)).rejects.toMatchObject({
      code: 'LAUNCHTRACE_SIGNALS_REFUSED',
      message:
        'http refused signals: the collector takes 5 of 6: 1 wrong_id. Use a collector that is no older than this agent.',
    })
    const telemetry = recordTelemetry()
    await writeUntilDurable(sent, { outlet: outletTo(url), telemetry, stop: never })
    expect(await telemetry.total('launchtrace_outlet_dropped_total')).toBe(1)
    expect(await telemetry.total('launchtrace_outlet_forwarded_total')).toBe(5)
    expect(memory.facts.size).toBe(5)
  })

  it.each([
    ['a bomb of gzip', gzipSync(Buffer.alloc(50_000_000)), { 'Content-Encoding': 'gzip' }, 413],
    ['a body that is too large', Buffer.alloc(3_000_000, 'x'), {}, 413],
    ['half of a gzip', gzipSync(Buffer.alloc(1000)).subarray(0, 20), { 'Content-Encoding': 'gzip' }, 400],
    ['no gzip at all', Buffer.from('plain'), { 'Content-Encoding': 'gzip' }, 400],
    ['another packing', Buffer.from('plain'), { 'Content-Encoding': 'br' }, 415],
    ['what a page in a browser may send', Buffer.from('plain'), { 'Content-Type': 'text/plain' }, 415],
  ])('are protected from %s', async (...[, body, headers, status]) => {
    const memory = createMemory()
    const { url } = await collect({ accept: memory.accept })
    const answer = await post(url, body, headers)
    expect(answer.status).toBe(status)
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'LAUNCHTRACE_USAGE' } })
    await outletTo(url).write(facts(2), never)
    expect(memory.facts.size).toBe(2)
  })

  it('are protected from a body that has no length and no end', async () => {
    const { url } = await collect({ accept: () => Promise.resolve(), limits: { bytes: 100_000 } })
    const answered = Promise.withResolvers<IncomingMessage>()
    const endless = request(`${url}/v1/signals`, { method: 'POST', headers: NDJSON }, answered.resolve)
    endless.on('error', () => undefined)
    for (let sent = 0; sent < 20; sent += 1) endless.write(Buffer.alloc(10_000, 'x'))
    expect((await answered.promise).statusCode).toBe(413)
    endless.destroy()
  })

  it('are not waited for when the client leaves in the middle', async () => {
    const memory = createMemory()
    const { url } = await collect({ accept: memory.accept, limits: { requests: 1 } })
    const leaving = request(`${url}/v1/signals`, { method: 'POST', headers: { ...NDJSON, 'Content-Length': '100000' } })
    leaving.on('error', () => undefined)
    leaving.write('{')
    await sleep(100)
    leaving.destroy()
    await sleep(100)
    await outletTo(url).write(facts(2), never)
    expect(memory.facts.size).toBe(2)
  })

  it('take no other name of loopback for their own', async () => {
    const { url } = await collect({ accept: () => Promise.resolve() })
    expect(await post(url, '', { Host: 'evil.example' })).toMatchObject({ status: 403 })
  })

  it('are sent with POST, to /v1/signals', async () => {
    const { url } = await collect({ accept: () => Promise.resolve() })
    expect((await fetch(`${url}/v1/signals`)).status).toBe(405)
    expect((await fetch(`${url}/v2/signals`)).status).toBe(404)
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok' })
  })

  it('are kept when something else answers', async () => {
    const page: RequestListener = (_request, response) => response.end('<html>Welcome</html>')
    await expect(outletTo(await serve(page)).write(facts(1), never)).rejects.toThrow('is no collector of launchtrace')
    const moved: RequestListener = (_request, response) => response.writeHead(301, { Location: '/' }).end()
    const written = outletTo(await serve(moved)).write(facts(1), never)
    await expect(written).rejects.toMatchObject({ retryable: true })
  })

  it('are kept when nothing listens, or nothing answers in time', async () => {
    const nobody = outletTo('http://someone:secret@127.0.0.1:1')
    const written = nobody.write(facts(1), never)
    await expect(written).rejects.toThrow('http does not take signals: http://127.0.0.1:1 does not answer')
    await expect(written).rejects.toMatchObject({ retryable: true })
    await expect(written).rejects.not.toThrow('secret')
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const address = silent.address()
    const port = typeof address === 'object' ? address?.port : 0
    const waiting = outletTo(`http://127.0.0.1:${port}`, { timeoutMs: 200 }).write(facts(1), never)
    await expect(waiting).rejects.toMatchObject({ retryable: true })
    const stop = new AbortController()
    const stopped = outletTo(`http://127.0.0.1:${port}`).write(facts(1), stop.signal)
    await sleep(50)
    stop.abort(new Error('stops'))
    await expect(stopped).rejects.toThrow('stops')
    silent.closeAllConnections()
    silent.close()
  })

  it('survive a collector that restarts, again and again', async () => {
    const memory = createMemory()
    const first = await listen((_request, response) => response.destroy(), { host: '127.0.0.1', port: 0 })
    const port = Number(new URL(first.url).port)
    const outlet = outletTo(first.url)
    const sending = writeUntilDurable(facts(100), { outlet, telemetry: recordTelemetry(), stop: never })
    await sleep(300)
    await first.close(0)
    await collect({ accept: memory.accept, listen: { port } })
    await sending
    expect(memory.facts.size).toBe(100)
  })

  it('are not held up by a client that sends its headers drop by drop', async () => {
    const url = await serve((_request, response) => response.end())
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n')
    const drops = setInterval(() => socket.write('x: y\r\n'), 1000)
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /)
    clearInterval(drops)
  })
})
