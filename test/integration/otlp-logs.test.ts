import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import type { ListenOptions } from '../../collector/server/listen.ts'
import { createOtlpSource } from '../../collector/server/otlp-source.ts'
import { catalogue } from '../../src/catalogue/catalogue.ts'
import type { Signal } from '../../src/core/signal.ts'
import { createInterest } from '../../src/parse/recognise.ts'
import { createExtract } from '../../src/pipeline/extract.ts'
import { createDelivery } from '../../src/pipeline/delivery.ts'
import { createIntake } from '../../src/pipeline/intake.ts'
import type { Intake, Outlet, Source } from '../../src/pipeline/stage.ts'
import type { OtlpGroup, OtlpRecord } from '../support/otlp.ts'
import { otlpJson, otlpProtobuf } from '../support/otlp.ts'
import { readFacts } from '../support/reconstruction.ts'
import { recordTelemetry } from '../support/telemetry.ts'

const LOGS = join(import.meta.dirname, '../../examples/zed-ovn/logs')

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

interface Running {
  readonly url: string
  readonly source: Source
  readonly telemetry: ReturnType<typeof recordTelemetry>
  readonly facts: ReadonlyMap<string, Signal>
}

async function start(given: { intake?: Intake; listen?: Partial<ListenOptions> } = {}): Promise<Running> {
  const telemetry = recordTelemetry()
  const facts = new Map<string, Signal>()
  const outlet: Outlet = {
    name: 'memory',
    write: signals => {
      for (const signal of signals) facts.set(signal.id, signal)
      return Promise.resolve()
    },
    close: () => Promise.resolve(),
  }
  const stop = new AbortController()
  const deliver = createDelivery({ outlet, telemetry, stop: new AbortController().signal, signalsInFlight: 50_000 })
  const intake = given.intake ?? createIntake({ extract: createExtract(catalogue), deliver, telemetry })
  const source = createOtlpSource(
    { listen: { host: '127.0.0.1', port: 0, ...given.listen }, wanted: createInterest(catalogue), timezone: 'UTC' },
    telemetry,
  )
  const ended = source.run(intake, stop.signal)
  closing.push(async () => {
    stop.abort()
    await ended
  })
  while (source.status().state === 'starting') await Promise.race([sleep(5), ended])
  const url = /http\S+(?=\.$)/.exec(source.status().detail)?.[0] ?? ''
  return { url, source, telemetry, facts }
}

type Form = 'json' | 'protobuf'

async function post(url: string, body: Uint8Array | string, headers: Record<string, string>): Promise<Response> {
  return fetch(url, { method: 'POST', body: typeof body === 'string' ? body : Buffer.from(body), headers })
}

function send(url: string, groups: readonly OtlpGroup[], form: Form = 'json'): Promise<Response> {
  if (form === 'json') return post(url, otlpJson(groups), { 'Content-Type': 'application/json' })
  const headers = { 'Content-Type': 'application/x-protobuf', 'Content-Encoding': 'gzip' }
  return post(url, gzipSync(otlpProtobuf(groups)), headers)
}

interface LogFile {
  readonly host: string
  readonly path: string
  readonly lines: readonly string[]
}

function logFiles(folder: string, host?: string): readonly LogFile[] {
  return readdirSync(folder).flatMap(name => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return logFiles(path, host ?? name)
    const lines = readFileSync(path, 'utf8').replace(/\n$/, '').split('\n')
    return [{ host: host ?? '', path: path.replace(LOGS, '/var/log'), lines }]
  })
}

/** As a filelog receiver sends them: a record a line. */
function groupOf({ host, path }: LogFile, lines: readonly string[]): OtlpGroup {
  const attributes = { 'log.file.name': basename(path), 'log.file.path': path }
  return { resource: { 'host.name': host }, records: lines.map(body => ({ body, attributes })) }
}

function slicesOf(lines: readonly string[], size: number): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(lines.length / size) }, (_, at) => lines.slice(at * size, (at + 1) * size))
}

const imported = readFacts({ name: 'zed-ovn', logs: LOGS, notifications: undefined, truth: undefined })

async function expectAsImported(facts: ReadonlyMap<string, Signal>): Promise<void> {
  const { signals } = await imported
  const inOrder = (each: Iterable<Signal>): readonly Signal[] => [...each].toSorted((a, b) => (a.id < b.id ? -1 : 1))
  expect(inOrder(facts.values())).toEqual(inOrder(signals))
}

describe('logs over OTLP', () => {
  it.each(['json', 'protobuf'] as const)('state what import reads from the same files, as %s', async form => {
    const { url, facts, telemetry } = await start()
    const files = logFiles(LOGS)
    const answers = await Promise.all(files.map(file => send(url, [groupOf(file, file.lines)], form)))
    for (const answer of answers) {
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toBe(form === 'json' ? 'application/json' : 'application/x-protobuf')
      expect(await answer.text()).toBe(form === 'json' ? '{}' : '')
    }
    await expectAsImported(facts)
    const lines = files.reduce((sum, file) => sum + file.lines.length, 0)
    expect(await telemetry.total('launchtrace_source_lines_total')).toBe(lines)
    expect(await telemetry.total('launchtrace_source_messages_total')).toBe(lines)
    const forwarded = await telemetry.total('launchtrace_source_lines_forwarded_total')
    const dropped = await telemetry.total('launchtrace_source_lines_dropped_total')
    expect(forwarded + dropped).toBe(lines)
  })

  it('state the same when the lines of all files are spread over many requests', async () => {
    const { url, facts } = await start()
    const sendFile = async (file: LogFile): Promise<void> => {
      const answers: Promise<Response>[] = []
      for (const lines of slicesOf(file.lines, 97)) {
        answers.push(send(url, [groupOf(file, lines)], 'protobuf'))
        // Shippers do not wait for the answer before they send what comes next, but keep the order.
        await sleep(10)
      }
      for (const answer of await Promise.all(answers)) expect(answer.status).toBe(200)
    }
    await Promise.all(logFiles(LOGS).map(sendFile))
    await expectAsImported(facts)
  })

  it('are answered only when what they say is durable', async () => {
    const store = Promise.withResolvers<undefined>()
    let asked = 0
    const { url } = await start({
      intake: {
        write: () => {
          asked += 1
          return store.promise
        },
      },
    })
    const [file] = logFiles(LOGS).filter(({ path }) => path.endsWith('compute-1/nova-compute.log'))
    if (file === undefined) throw new Error('The example has changed.')
    let isDone = false
    const sent = send(url, [groupOf(file, file.lines)]).then(() => (isDone = true))
    while (asked === 0) await sleep(10)
    await sleep(500)
    expect(isDone).toBe(false)
    store.resolve(undefined)
    await sent
  })

  it('hold the traceback of a record together across two requests', async () => {
    const { url, facts } = await start()
    const head =
      '2026-11-20 05:16:50.459 457 ERROR nova.compute.manager [None req-1d82800d-69fe-4c99-8567-194cc9c4322c u p - - default default] ' +
      '[instance: 5ca3b08e-4ed8-4c95-a0a9-bd4bc18052ee] Instance failed to spawn'
    const trace = [
      'Traceback (most recent call last):',
      '  File "/nova/compute/manager.py", line 2743, in _build_resources',
      'nova.exception.PortBindingFailed: Binding failed for port 0dc0f4a0-7d4c-4a5c-8fc9-4c7c1f5d1a11',
    ]
    const resource = { 'host.name': 'compute-1', 'service.name': 'nova-compute' }
    const group = (lines: readonly string[]): OtlpGroup => ({ resource, records: lines.map(body => ({ body })) })
    await Promise.all([send(url, [group([head])]), sleep(50).then(() => send(url, [group(trace)]))])
    const [signal] = facts.values()
    expect(facts.size).toBe(1)
    expect(signal).toMatchObject({ host: 'compute-1', service: 'nova-compute' })
    expect(JSON.stringify(signal?.attributes)).toContain('PortBindingFailed')
    const whole = await start()
    await send(whole.url, [{ resource, records: [{ body: [head, ...trace].join('\n') }] }])
    expect([...whole.facts.values()]).toEqual([...facts.values()])
  })

  it('do not wait for the end of a line that never comes', async () => {
    const { url } = await start()
    const partial = '2026-11-20T05:16:50.459Z stdout P 2026-11-20 05:16:50.459 457 INFO nova.compute'
    const answer = await send(url, [{ resource: {}, records: [{ body: partial }] }])
    expect(answer.status).toBe(200)
  })

  it.each(['json', 'protobuf'] as const)('are counted and left out where they hold no text, as %s', async form => {
    const { url, telemetry } = await start()
    const records: OtlpRecord[] = [{ body: 'a line' }, {}, { body: 12 }, { body: {} }, { body: ['a', 'b'] }]
    const answer = await send(url, [{ resource: {}, records }], form)
    expect(answer.status).toBe(200)
    const said = await answer.text()
    expect(said).toContain('4 of 5 records have no body')
    if (form === 'json') expect(JSON.parse(said)).toMatchObject({ partialSuccess: { rejectedLogRecords: '4' } })
    expect(await telemetry.total('launchtrace_source_messages_dropped_total')).toBe(4)
  })

  it.each([
    ['no JSON', 'application/json', '{', 400],
    ['no protobuf', 'application/x-protobuf', Buffer.from([0xff, 0xff, 0xff]), 400],
    ['JSON that is no request', 'application/json', '12', 400],
    ['text', 'text/plain', '{}', 415],
    ['nothing of interest', 'application/json; charset=utf-8', '{"resourceSpans":[]}', 200],
    ['misshapen lists', 'application/json', '{"resourceLogs":{"scopeLogs":1}}', 200],
  ])('are refused as the specification says when the body is %s', async (...[, type, body, status]) => {
    const { url } = await start()
    const answer = await post(url, body, { 'Content-Type': type })
    expect(answer.status).toBe(status)
    if (status === 400 && type === 'application/json') expect(await answer.json()).toMatchObject({ code: 3 })
  })

  it('are refused when they unpack to more than anybody sends', async () => {
    const { url } = await start()
    const bomb = gzipSync(Buffer.alloc(40_000_000))
    const headers = { 'Content-Type': 'application/x-protobuf', 'Content-Encoding': 'gzip' }
    expect((await post(url, bomb, headers)).status).toBe(413)
  })

  it('come in with the token only, where one is set', async () => {
    const { url } = await start({ listen: { token: 'secret' } })
    const headers = { 'Content-Type': 'application/json' }
    expect((await post(url, '{}', headers)).status).toBe(401)
    expect((await post(url, '{}', { ...headers, Authorization: 'Bearer secret' })).status).toBe(200)
  })

  it('cannot be taken where another program listens', async () => {
    const { url } = await start()
    const port = Number(new URL(url).port)
    await expect(start({ listen: { port } })).rejects.toThrow(`Another program listens on port ${port}`)
    closing.pop()
  })
})
