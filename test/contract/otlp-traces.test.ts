import { readFileSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Launch } from '../../src/core/launch.ts'
import { createTraceExporter } from '../../src/export/otlp-traces.ts'
import type { TraceExporter, TraceExporterOptions } from '../../src/export/otlp-traces.ts'
import { openEmbeddedStore } from '../../src/store/embedded.ts'
import type { EmbeddedStore } from '../../src/store/embedded.ts'
import { serveHttpInterface } from '../../src/store/http-interface.ts'
import type { HttpInterface } from '../../src/store/http-interface.ts'
import { makeCertificates } from '../support/certificates.ts'
import { EXAMPLES } from '../support/corpus.ts'
import { attributeTexts, spansIn, startOtlpReceiver } from '../support/otlp-receiver.ts'
import type { OtlpReceiver, ReceivedSpan } from '../support/otlp-receiver.ts'
import { readFacts, rebuild } from '../support/reconstruction.ts'
import { makeFailedLaunch, makeTracedLaunch } from '../support/sample-launches.ts'
import { makeTemporaryDirectory } from '../support/store.ts'
import { recordTelemetry } from '../support/telemetry.ts'

let receiver: OtlpReceiver
let telemetry: ReturnType<typeof recordTelemetry>
const exporters: TraceExporter[] = []

beforeEach(async () => {
  receiver = await startOtlpReceiver()
  telemetry = recordTelemetry()
  return async () => {
    await receiver.close()
    await Promise.all(exporters.splice(0).map(exporter => exporter.close()))
  }
})

function exporterTo(url: string, options: Partial<TraceExporterOptions> = {}): TraceExporter {
  const exporter = createTraceExporter({
    url: `${url}/v1/traces`,
    serviceVersion: '1.2.3',
    telemetry,
    timeoutMs: 5_000,
    ...options,
  })
  exporters.push(exporter)
  return exporter
}

const launch = makeTracedLaunch()

describe('a launch of a real cloud', () => {
  const directory = makeTemporaryDirectory()
  let launches: readonly Launch[]
  let store: EmbeddedStore
  let http: HttpInterface

  beforeAll(async () => {
    const facts = await Promise.all(EXAMPLES.map(readFacts))
    launches = facts.flatMap(({ signals }) => rebuild(signals))
    store = await openEmbeddedStore({ directory })
    http = await serveHttpInterface({
      openSession: () => store.openSession(),
      host: '127.0.0.1',
      port: 0,
      readOnly: true,
    })
    const scope = { instances: [], requests: launches.map(({ requestId }) => requestId), readAt: await store.now() }
    await store.replaceLaunches(scope, launches)
  })
  afterAll(async () => {
    await http.close()
    await store.close()
    rmSync(directory, { recursive: true, force: true })
  })

  async function sendAll(): Promise<readonly ReceivedSpan[]> {
    const exporter = exporterTo(receiver.url)
    for (const each of launches) await exporter.send(each)
    return receiver.requests.flatMap(spansIn)
  }

  it('arrives with the ids under which it is stored, each span once', async () => {
    const received = await sendAll()
    const stored = launches.flatMap(({ traceId, spans }) =>
      spans.map(({ spanId, parentSpanId }) => [traceId, spanId, parentSpanId].join()),
    )
    expect(stored.length).toBeGreaterThan(500)
    expect(received.map(span => [span.traceId, span.spanId, span.parentSpanId ?? ''].join()).toSorted()).toEqual(
      stored.toSorted(),
    )
    expect(new Set(received.map(({ traceId, spanId }) => `${traceId} ${spanId}`)).size).toBe(received.length)
    expect(await telemetry.total('launchtrace_export_spans_total')).toBe(stored.length)
    expect(await telemetry.total('launchtrace_export_launches_total')).toBe(launches.length)
  })

  it('arrives as the view otel_traces shows it', async () => {
    const received = await sendAll()
    const query = `SELECT TraceId, SpanId, ParentSpanId, SpanName, SpanKind, ServiceName, ResourceAttributes, ScopeName,
      SpanAttributes, toString(toUnixTimestamp64Nano(Timestamp)) AS start, toString(Duration) AS took, StatusCode,
      StatusMessage, arrayMap(at -> toString(toUnixTimestamp64Nano(at)), \`Events.Timestamp\`) AS at,
      \`Events.Name\` AS names, \`Events.Attributes\` AS events
      FROM otel_traces ORDER BY TraceId, SpanId FORMAT JSONEachRow`
    const answer = await fetch(`${http.url}/?${new URLSearchParams({ query }).toString()}`)
    const rows = (await answer.text())
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as unknown)
    const shown = received
      .toSorted((a, b) => (a.traceId + a.spanId < b.traceId + b.spanId ? -1 : 1))
      .map(span => ({
        TraceId: span.traceId,
        SpanId: span.spanId,
        ParentSpanId: span.parentSpanId ?? '',
        SpanName: span.name,
        SpanKind: ['Unspecified', 'Internal', 'Server', 'Client'][span.kind],
        ServiceName: span.resource['service.name'],
        ResourceAttributes: span.resource,
        ScopeName: span.scope.name,
        SpanAttributes: attributeTexts(span.attributes),
        start: span.startTimeUnixNano,
        took: String(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)),
        StatusCode: ['Unset', 'Ok', 'Error'][span.status.code],
        StatusMessage: span.status.message ?? '',
        at: span.events.map(({ timeUnixNano }) => timeUnixNano),
        names: span.events.map(({ name }) => name),
        events: span.events.map(({ attributes }) => attributeTexts(attributes)),
      }))
    expect(rows).toEqual(shown)
    expect(shown.flatMap(({ names }) => names)).toContain('exception')
    expect(shown.flatMap(({ SpanAttributes }) => Object.keys(SpanAttributes))).toContain('launchtrace.cause')
  })
})

describe('a launch sent as OTLP', () => {
  it('follows the semantic conventions', async () => {
    await exporterTo(receiver.url, { headers: { Authorization: 'Bearer secret' } }).send(
      makeFailedLaunch({
        spans: launch.spans.map(span => ({
          ...span,
          attributes: { ...span.attributes, 'launchtrace.kind': 'call', 'http.response.status_code': '503' },
        })),
      }),
    )
    const [request] = receiver.requests
    expect(request).toMatchObject({ path: '/v1/traces', headers: { authorization: 'Bearer secret' } })
    const spans = receiver.requests.flatMap(spansIn)
    expect(spans[0]).toMatchObject({
      kind: 2,
      resource: { 'service.namespace': 'openstack', 'service.name': 'nova-api', 'host.name': 'control-1' },
      scope: { name: 'launchtrace', version: '1.2.3' },
    })
    expect(spans[0]?.attributes).toContainEqual({ key: 'http.response.status_code', value: { intValue: 503 } })
  })

  it('is counted for what the back end left out of it', async () => {
    receiver.answer({ status: 200, body: { partialSuccess: { rejectedSpans: '2', errorMessage: 'too old' } } })
    await exporterTo(receiver.url).send(launch)
    expect(await telemetry.total('launchtrace_export_rejected_spans_total')).toBe(2)
    expect(await telemetry.total('launchtrace_export_spans_total')).toBe(launch.spans.length - 2)
    expect(telemetry.lines).toMatchObject([{ level: 'warn', fields: { rejected: 2, reason: 'too old' } }])
  })

  it('counts what each of two back ends left out apart', async () => {
    const other = recordTelemetry()
    receiver.answer({ status: 200, body: { partialSuccess: { rejectedSpans: 1 } } }, { status: 200 })
    await Promise.all([
      exporterTo(receiver.url).send(launch),
      exporterTo(receiver.url, { telemetry: other }).send(launch),
    ])
    const counts = await Promise.all(
      [telemetry, other].map(each => each.total('launchtrace_export_rejected_spans_total')),
    )
    expect(counts.toSorted()).toEqual([0, 1])
  })

  it('is sent again while the back end is busy', async () => {
    receiver.answer({ status: 503 }, { status: 200 })
    await exporterTo(receiver.url).send(launch)
    expect(receiver.requests).toHaveLength(2)
    expect(receiver.requests[0]?.body).toEqual(receiver.requests[1]?.body)
    expect(await telemetry.total('launchtrace_export_spans_total')).toBe(launch.spans.length)
  })

  it.each([400, 413, 422])('is refused for good with status %i', async status => {
    receiver.answer({ status, body: { message: 'no' } })
    await expect(exporterTo(receiver.url).send(launch)).rejects.toMatchObject({
      code: 'LAUNCHTRACE_EXPORT_REFUSED',
      retryable: false,
      message: expect.stringContaining(`HTTP status ${String(status)}`) as string,
    })
    expect(await telemetry.total('launchtrace_export_spans_total')).toBe(0)
    expect(await telemetry.total('launchtrace_export_failures_total')).toBe(1)
  })

  it.each([401, 404, 500, 503])('may be accepted later after status %i', async status => {
    receiver.answer({ status, headers: { 'retry-after': '3600' } })
    const sending = exporterTo(receiver.url).send(launch)
    await expect(sending).rejects.toMatchObject({ code: 'LAUNCHTRACE_EXPORT_UNAVAILABLE', retryable: true })
  })

  it('may be accepted later when nothing listens, and the error tells no secret', async () => {
    await receiver.close()
    const url = receiver.url.replace('//', '//user:secret@')
    receiver = await startOtlpReceiver()
    const sending = exporterTo(url, { timeoutMs: 300 }).send(launch)
    await expect(sending).rejects.toMatchObject({ code: 'LAUNCHTRACE_EXPORT_UNAVAILABLE', retryable: true })
    await expect(sending).rejects.toThrow(/^http:\/\/127\.0\.0\.1:\d+\/v1\/traces did not take .*ECONNREFUSED/)
  })

  it('may be accepted later when the back end says nothing', async () => {
    receiver.answer('silence')
    const sending = exporterTo(receiver.url, { timeoutMs: 200 }).send(launch)
    await expect(sending).rejects.toMatchObject({ code: 'LAUNCHTRACE_EXPORT_UNAVAILABLE', retryable: true })
  })

  it('goes over TLS to a back end that both sides trust, and to no other', async () => {
    const directory = makeTemporaryDirectory()
    const { ca, server, client } = await makeCertificates(directory)
    const read = (path: string): string => readFileSync(path, 'utf8')
    const pem = { ca: read(ca), cert: read(client.cert), key: read(client.key) }
    const secure = await startOtlpReceiver({ key: read(server.key), cert: read(server.cert), ca: pem.ca })
    try {
      await exporterTo(secure.url, { tls: pem }).send(launch)
      expect(secure.requests).toHaveLength(1)
      await expect(exporterTo(secure.url).send(launch)).rejects.toMatchObject({ retryable: true })
      expect(secure.requests).toHaveLength(1)
    } finally {
      await secure.close()
      rmSync(directory, { recursive: true, force: true })
    }
  })

  it('is not sent after the end', async () => {
    const exporter = exporterTo(receiver.url)
    await exporter.close()
    await exporter.close()
    await expect(exporter.send(launch)).rejects.toMatchObject({ retryable: true })
    expect(receiver.requests).toEqual([])
  })

  it('is not sent at all when it has no spans', async () => {
    await exporterTo(receiver.url).send({ ...launch, spans: [] })
    expect(receiver.requests).toEqual([])
  })
})
