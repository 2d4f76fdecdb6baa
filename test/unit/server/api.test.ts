import { get, request } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from 'vitest'
import type { LaunchJson } from '../../../collector/render/json.ts'
import { createApi } from '../../../collector/server/api.ts'
import type { ApiDeps } from '../../../collector/server/api.ts'
import { listen } from '../../../collector/server/listen.ts'
import type { RunningServer } from '../../../collector/server/listen.ts'
import type { Launch } from '../../../src/core/launch.ts'
import { plusSeconds } from '../../../src/core/time.ts'
import { StoreUnavailableError } from '../../../src/store/errors.ts'
import type { LaunchFilter, Store } from '../../../src/store/store.ts'
import { createFakeStore } from '../../support/fake-store.ts'
import { makeLaunch, makeRefusedLaunch, makeSpan, makeTracedLaunch, START } from '../../support/sample-launches.ts'

const LOOPBACK = { host: '127.0.0.1', port: 0 } as const

const running: RunningServer[] = []
const reported: unknown[] = []

afterEach(async () => {
  for (const server of running.splice(0)) await server.close(100)
  reported.length = 0
})

async function serve(store: Store, deps: Partial<ApiDeps> = {}): Promise<string> {
  const now = () => plusSeconds(START, 3600)
  const api = createApi({ store, now, reportError: error => reported.push(error), ...deps })
  const server = await listen(api, LOOPBACK)
  running.push(server)
  return server.url
}

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

async function fetchJson(
  url: string,
  options: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, options, resolve).on('error', reject).end()
  })
  const body = await text(response)
  return { status: response.statusCode, headers: response.headers, body: body === '' ? undefined : JSON.parse(body) }
}

/** The first line of the answer to words that an HTTP client would not send. */
async function firstLine(port: string, words: string): Promise<string | undefined> {
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(words)
  return (await text(socket)).split('\r\n')[0]
}

const uuid = (digit: string): string => `${digit.repeat(8)}-0000-4000-8000-000000000000`

function launchNumber(index: number, fields: Partial<Launch> = {}): Launch {
  const requestUuid = uuid(String(index))
  return makeLaunch({
    requestId: `req-${requestUuid}`,
    traceId: requestUuid.replaceAll('-', ''),
    instanceId: `a${String(index)}${uuid('b').slice(2)}`,
    displayName: `vm-${String(index)}`,
    startedAt: plusSeconds(START, index),
    ...fields,
  })
}

const five = [0, 1, 2, 3, 4].map(index => launchNumber(index, { durationSeconds: 10 - index }))

function failingStore(error: Error): Store {
  return {
    ...createFakeStore(),
    signalRange: () => Promise.reject(error),
    findLaunches: () => Promise.reject(error),
    readLaunches: () => failing(error),
  }
}

// eslint-disable-next-line @typescript-eslint/require-await
async function* failing(error: Error, before: readonly Launch[] = []): AsyncGenerator<readonly Launch[]> {
  if (before.length > 0) yield before
  throw error
}

describe('/api/launches', () => {
  test('is every launch as JSON, oldest first', async () => {
    const { status, headers, body } = await fetchJson(`${await serve(createFakeStore(five.toReversed()))}/api/launches`)
    expect(status).toBe(200)
    expect(headers['content-type']).toBe('application/json; charset=utf-8')
    expect((body as LaunchJson[]).map(launch => launch.display_name)).toEqual(['vm-0', 'vm-1', 'vm-2', 'vm-3', 'vm-4'])
  })

  test('is an empty array when there are none', async () => {
    expect((await fetchJson(`${await serve(createFakeStore())}/api/launches`)).body).toEqual([])
  })

  test('hands every filter to the store', async () => {
    const seen: LaunchFilter[] = []
    const store = createFakeStore(five)
    const url = await serve({ ...store, readLaunches: filter => (seen.push(filter), store.readLaunches(filter)) })
    const query = 'since=2h&until=1m&outcome=active&host=compute-1&project=p&instance=A1&slowest=2&limit=1'
    expect((await fetchJson(`${url}/api/launches?${query}`)).status).toBe(200)
    expect(seen).toEqual([
      {
        since: plusSeconds(START, -3600),
        until: plusSeconds(START, 3540),
        outcome: 'active',
        host: 'compute-1',
        project: 'p',
        instance: 'a1',
        slowest: 2,
        limit: 1,
      },
    ])
  })

  test('gives the slowest first when asked', async () => {
    const { body } = await fetchJson(`${await serve(createFakeStore(five.toReversed()))}/api/launches?slowest=2`)
    expect((body as LaunchJson[]).map(launch => launch.display_name)).toEqual(['vm-0', 'vm-1'])
  })

  test.each([
    ['outcome=failed', 'outcome is "failed"; it takes one of active'],
    ['limit=many', 'limit is "many"'],
    ['limit=1&limit=2', 'limit is given more than once'],
    ['color=red', 'There is no parameter "color"; there are since, until'],
    ['__proto__=1', 'There is no parameter "__proto__"'],
  ])('says what is wrong with %s', async (query, message) => {
    const { status, body } = await fetchJson(`${await serve(createFakeStore())}/api/launches?${query}`)
    expect(status).toBe(400)
    expect(body).toEqual({ error: { code: 'LAUNCHTRACE_USAGE', message: expect.stringContaining(message) as string } })
  })

  test('reads no further than the client, and stops when it leaves', async () => {
    const big = launchNumber(1, { displayName: 'x'.repeat(1_000_000) })
    let [batches, ended] = [0, false]
    async function* endless(): AsyncGenerator<readonly Launch[]> {
      try {
        for (;;) {
          batches += 1
          yield await Promise.resolve([big])
        }
      } finally {
        ended = true
      }
    }
    const url = await serve({ ...createFakeStore(), readLaunches: endless })
    const response = await new Promise<IncomingMessage>(resolve => get(`${url}/api/launches`, resolve))
    response.pause()
    await new Promise(resolve => setTimeout(resolve, 200))
    const [after200, stalled] = [batches, batches < 60]
    await new Promise(resolve => setTimeout(resolve, 200))
    expect({ stalled, further: batches - after200 }).toEqual({ stalled: true, further: 0 })
    response.destroy()
    await expect.poll(() => ended).toBe(true)
    expect(reported).toEqual([])
  })

  test('cuts the connection when the store fails in the middle, so that a part is not taken for all', async () => {
    const error = new Error('lost')
    const url = await serve({ ...createFakeStore(), readLaunches: () => failing(error, five) })
    await expect(fetchJson(`${url}/api/launches`)).rejects.toThrow()
    expect(reported).toEqual([error])
  })

  test('answers HEAD without reading', async () => {
    const { status, body } = await fetchJson(`${await serve(failingStore(new Error('read')))}/api/launches`, {
      method: 'HEAD',
    })
    expect({ status, body }).toEqual({ status: 200, body: undefined })
  })
})

describe('/api/launches/ID', () => {
  test.each(['5f0c7f5e', 'req-5f0c7f5e-6b1f-4c3c-9a55-1f2e3d4c5b6a', '5F0C7F5E6B1F4C3C9A551F2E3D4C5B6A', '0f1e'])(
    'finds a launch with its spans by %s',
    async id => {
      const url = await serve(createFakeStore([makeTracedLaunch(), ...five]))
      const { status, body } = await fetchJson(`${url}/api/launches/${id}`)
      expect(status).toBe(200)
      expect(body).toMatchObject({
        launch: { display_name: 'web-1', instance_id: '0f1e2d3c-4b5a-4678-8f90-a1b2c3d4e5f6' },
        spans: expect.arrayContaining([expect.objectContaining({ name: 'vif_wait' })]) as unknown[],
      })
    },
  )

  test('finds a refused request', async () => {
    const { body } = await fetchJson(`${await serve(createFakeStore([makeRefusedLaunch()]))}/api/launches/5f0c7f5e`)
    expect(body).toMatchObject({ launch: { instance_id: null, failure: { cause: 'quota_exceeded' } }, spans: [] })
  })

  test('lists the candidates of an ambiguous prefix', async () => {
    const twins = ['1', '2'].map(digit => makeLaunch({ instanceId: uuid(digit), spans: [makeSpan('x', [0, 1])] }))
    const { status, body } = await fetchJson(`${await serve(createFakeStore(twins))}/api/launches/5f0c`)
    expect(status).toBe(300)
    expect(body).toMatchObject({
      error: { code: 'LAUNCHTRACE_AMBIGUOUS', message: '2 launches match; ask for one of them by its instance uuid.' },
      launches: [{ instance_id: uuid('1') }, { instance_id: uuid('2') }],
    })
  })

  test.each([
    ['ffffffff', 404, 'LAUNCHTRACE_NOT_FOUND'],
    ['abc', 400, 'LAUNCHTRACE_USAGE'],
    ['%25%27%20OR%201', 400, 'LAUNCHTRACE_USAGE'],
    ['..%2F..%2Fetc%2Fpasswd', 400, 'LAUNCHTRACE_USAGE'],
    ['%E0%A4%A', 400, 'LAUNCHTRACE_USAGE'],
    ['a'.repeat(65), 400, 'LAUNCHTRACE_USAGE'],
  ])('answers %s with %i %s', async (id, expected, code) => {
    const { status, body } = await fetchJson(`${await serve(createFakeStore(five))}/api/launches/${id}`)
    expect(status).toBe(expected)
    expect(body).toMatchObject({ error: { code } })
    expect(JSON.stringify(body)).not.toContain('node_modules')
  })
})

describe('/api/phases', () => {
  const signal = { at: START } as const

  test('are the percentiles of a range', async () => {
    const url = await serve(createFakeStore(five))
    const { status, body } = await fetchJson(`${url}/api/phases?since=2h&until=1m`)
    expect(status).toBe(200)
    expect(body).toContainEqual({ phase: 'network', launches: 5, p50: 3.1, p95: 3.1, p99: 3.1 })
  })

  test('are those of everything stored when no range is given', async () => {
    const store = createFakeStore(five)
    const range = { from: signal.at, to: plusSeconds(signal.at, 4) }
    const url = await serve({ ...store, signalRange: () => Promise.resolve(range) })
    expect((await fetchJson(`${url}/api/phases`)).body).toContainEqual(
      expect.objectContaining({ phase: 'launch', launches: 5 }),
    )
  })

  test('are none when nothing is stored, and take no other filter', async () => {
    const url = await serve(createFakeStore())
    expect((await fetchJson(`${url}/api/phases`)).body).toEqual([])
    expect((await fetchJson(`${url}/api/phases?host=a`)).status).toBe(400)
  })
})

describe('health', () => {
  test('is alive without the store, ready only with it', async () => {
    const url = await serve(failingStore(new StoreUnavailableError('x', { advice: 'Check it.', cause: 'gone' })))
    expect((await fetchJson(`${url}/healthz`)).body).toEqual({ status: 'ok' })
    const { status, body } = await fetchJson(`${url}/readyz`)
    expect(status).toBe(503)
    expect(body).toMatchObject({ error: { code: 'LAUNCHTRACE_STORE_UNAVAILABLE' } })
    expect(reported).toHaveLength(1)
  })

  test('is not ready while the process drains', async () => {
    const url = await serve(createFakeStore(), { isReady: () => false })
    expect(await fetchJson(`${url}/readyz`)).toMatchObject({
      status: 503,
      body: { error: { code: 'LAUNCHTRACE_NOT_READY' } },
    })
    expect((await fetchJson(`${await serve(createFakeStore())}/readyz`)).body).toEqual({ status: 'ready' })
  })
})

describe('every answer', () => {
  test('tells nothing of the insides when the program fails', async () => {
    const secret = new Error('at /opt/launchtrace/secret.ts:1 password=hunter2')
    for (const path of ['/api/launches', '/api/launches/abcd', '/api/phases', '/readyz']) {
      const { status, body } = await fetchJson(`${await serve(failingStore(secret))}${path}`)
      expect(status).toBe(500)
      expect(body).toMatchObject({ error: { code: 'LAUNCHTRACE_INTERNAL' } })
      expect(JSON.stringify(body)).not.toMatch(/secret|hunter2|\.ts/)
    }
    expect(reported).toEqual([secret, secret, secret, secret])
  })

  test('carries security headers, errors too', async () => {
    const url = await serve(createFakeStore())
    for (const path of ['/healthz', '/nowhere']) {
      const { headers } = await fetchJson(url + path)
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      })
      expect(headers).not.toHaveProperty('x-powered-by')
      expect(headers).not.toHaveProperty('access-control-allow-origin')
    }
  })

  test('refuses a foreign host name, which would be DNS rebinding', async () => {
    const url = await serve(createFakeStore(), { allowedHosts: ['traces.example'] })
    const { port } = new URL(url)
    const statusFor = async (host: string) => (await fetchJson(`${url}/api/launches`, { headers: { host } })).status
    expect(await statusFor(`evil.example:${port}`)).toBe(403)
    expect(await statusFor('127.0.0.1.evil.example')).toBe(403)
    expect(await firstLine(port, 'GET /api/launches HTTP/1.0\r\n\r\n')).toBe('HTTP/1.1 403 Forbidden')
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, 'LOCALHOST', 'traces.example:443']) {
      expect(await statusFor(host)).toBe(200)
    }
  })

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('refuses %s', async method => {
    const { status, headers, body } = await fetchJson(`${await serve(createFakeStore())}/api/launches`, { method })
    expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: 'GET, HEAD' })
    expect(body).toMatchObject({ error: { message: `${method} is not possible here; use GET.` } })
  })

  test('says what there is when there is nothing', async () => {
    const { status, body } = await fetchJson(`${await serve(createFakeStore())}/api`)
    expect(status).toBe(404)
    expect(body).toMatchObject({
      error: { code: 'LAUNCHTRACE_NOT_FOUND', message: expect.stringContaining('/api/launches/ID') as string },
    })
  })
})

describe('a server', () => {
  test('says which port is taken', async () => {
    const port = Number(new URL(await serve(createFakeStore())).port)
    await expect(listen(() => undefined, { host: '127.0.0.1', port })).rejects.toThrow(
      `Another program listens on port ${String(port)} of 127.0.0.1; choose another port.`,
    )
  })

  test('closes twice, and cuts a request that does not end in time', async () => {
    const server = await listen(() => undefined, LOOPBACK)
    const cut = fetchJson(server.url)
    const failed = expect(cut).rejects.toThrow()
    await new Promise(resolve => setTimeout(resolve, 50))
    await server.close(50)
    await server.close(50)
    await failed
  })
})
