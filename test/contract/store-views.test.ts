import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import type { EmbeddedStore } from '../../src/store/embedded.ts'
import { serveHttpInterface } from '../../src/store/http-interface.ts'
import type { HttpInterface } from '../../src/store/http-interface.ts'
import { makeLaunch, makeTemporaryDirectory } from '../support/store.ts'

/** clickhouseexporter/internal/sqltemplates/traces_table.sql of the OpenTelemetry Collector. */
const EXPORTER_COLUMNS = [
  ['Timestamp', /^DateTime64\(9/],
  ['TraceId', /^String$/],
  ['SpanId', /^String$/],
  ['ParentSpanId', /^String$/],
  ['TraceState', /^String$/],
  ['SpanName', /^LowCardinality\(String\)$/],
  ['SpanKind', /^LowCardinality\(String\)$/],
  ['ServiceName', /^LowCardinality\(String\)$/],
  ['ResourceAttributes', /^Map\(LowCardinality\(String\), String\)$/],
  ['ScopeName', /^String$/],
  ['ScopeVersion', /^String$/],
  ['SpanAttributes', /^Map\(LowCardinality\(String\), String\)$/],
  ['Duration', /^UInt64$/],
  ['StatusCode', /^LowCardinality\(String\)$/],
  ['StatusMessage', /^String$/],
  ['Events.Timestamp', /^Array\(DateTime64\(9/],
  ['Events.Name', /^Array\(LowCardinality\(String\)\)$/],
  ['Events.Attributes', /^Array\(Map\(LowCardinality\(String\), String\)\)$/],
  ['Links.TraceId', /^Array\(String\)$/],
  ['Links.SpanId', /^Array\(String\)$/],
  ['Links.TraceState', /^Array\(String\)$/],
  ['Links.Attributes', /^Array\(Map\(LowCardinality\(String\), String\)\)$/],
] as const

describe('the views', () => {
  const directory = makeTemporaryDirectory()
  const launch = makeLaunch('viewed')
  let store: EmbeddedStore
  let http: HttpInterface

  beforeAll(async () => {
    store = await openEmbeddedStore({ directory })
    http = await serveHttpInterface({
      openSession: () => store.openSession(),
      host: '127.0.0.1',
      port: 0,
      readOnly: true,
    })
    for (const signals of [1, 2]) {
      const scope = { instances: [], requests: [launch.requestId], readAt: await store.now() }
      await store.replaceLaunches(scope, [{ ...launch, signals }])
    }
  })
  afterAll(async () => {
    await http.close()
    await store.close()
    rmSync(directory, { recursive: true, force: true })
  })

  async function ask(query: string): Promise<Response> {
    return fetch(`${http.url}/?${new URLSearchParams({ query, param_trace: launch.traceId }).toString()}`)
  }
  async function rows(query: string): Promise<readonly Record<string, unknown>[]> {
    const lines = (await (await ask(`${query} FORMAT JSONEachRow`)).text()).trimEnd().split('\n')
    return lines.map(line => JSON.parse(line) as Record<string, unknown>)
  }

  it('of spans has the names and types of the OpenTelemetry exporter', async () => {
    const columns = await rows('DESCRIBE TABLE otel_traces')
    expect(columns.map(column => column['name'])).toEqual(EXPORTER_COLUMNS.map(([name]) => name))
    for (const [index, [name, type]] of EXPORTER_COLUMNS.entries()) expect(columns[index]?.['type'], name).toMatch(type)
  })

  it('of spans shows each span once', async () => {
    const spans = await rows('SELECT * FROM otel_traces WHERE TraceId = {trace:String} ORDER BY Timestamp')
    expect(spans).toHaveLength(launch.spans.length)
    expect(spans[1]).toMatchObject({
      Timestamp: '2024-05-15 12:00:00.250000000',
      TraceId: launch.traceId,
      SpanId: launch.spans[1]?.spanId,
      ParentSpanId: launch.spans[0]?.spanId,
      SpanName: 'claim',
      ServiceName: 'nova-compute',
      StatusCode: 'Error',
      Duration: 300_000_000,
      ResourceAttributes: { 'service.name': 'nova-compute', 'host.name': 'compute-1' },
    })
    expect(spans[1]?.['SpanAttributes']).toMatchObject({ index: '1', 'openstack.request_id': launch.requestId })
    expect(spans[1]?.['Events.Attributes']).toMatchObject([{}, { message: 'Claim successful' }])
  })

  it('of traces in time spans all of it', async () => {
    const [time] = await rows('SELECT * FROM otel_traces_trace_id_ts WHERE TraceId = {trace:String}')
    expect(time).toEqual({ TraceId: launch.traceId, Start: '2024-05-15 12:00:00', End: '2024-05-15 12:00:00' })
  })

  it('of phases and of steps have a row for each', async () => {
    const phases = await rows('SELECT phase, seconds FROM launch_phases ORDER BY phase')
    expect(phases).toEqual([
      { phase: 'api', seconds: 0.5 },
      { phase: 'claim', seconds: 1.5 },
      { phase: 'domain_start', seconds: 2.5 },
    ])
    expect(await rows('SELECT step FROM launch_steps ORDER BY step')).toEqual([{ step: 'A4' }, { step: 'B13' }])
  })

  it.each([
    ["INSERT INTO links (link) VALUES ('x')", 403, '164'],
    ["SELECT * FROM file('/etc/hostname', 'LineAsString')", 403, '164'],
    ["SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')", 403, '164'],
    ['SET readonly = 0', 403, '164'],
    ['SELECT * FROM nothing', 404, '60'],
    ['SELECT FROM WHERE', 400, '62'],
  ])('are all that a reader over HTTP may see: %s', async (query, status, code) => {
    const answer = await ask(query)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('x-clickhouse-exception-code')).toBe(code)
    expect(await answer.text()).toMatch(new RegExp(`^Code: ${code}\\. DB::Exception: `))
  })
})
