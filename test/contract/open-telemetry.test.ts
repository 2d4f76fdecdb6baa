import { beforeEach, describe, expect, it } from 'vitest'
import { startOpenTelemetry } from '../../src/telemetry/open-telemetry.ts'
import type { OpenTelemetry } from '../../src/telemetry/open-telemetry.ts'
import { attributeTexts, metricsIn, spansIn, startOtlpReceiver } from '../support/otlp-receiver.ts'
import type { OtlpReceiver, ReceivedMetric } from '../support/otlp-receiver.ts'
import { recordTelemetry } from '../support/telemetry.ts'

describe("the program's own telemetry", () => {
  let receiver: OtlpReceiver
  let telemetry: ReturnType<typeof recordTelemetry>
  let own: OpenTelemetry

  beforeEach(async () => {
    receiver = await startOtlpReceiver()
    telemetry = recordTelemetry()
    own = await startOpenTelemetry({
      url: `${receiver.url}/otel/`,
      headers: { 'x-token': 'secret' },
      intervalMs: 3_600_000,
      serviceName: 'launchtrace',
      serviceVersion: '1.2.3',
      host: 'collector-1',
      registry: telemetry.registry,
      telemetry,
    })
    return async () => {
      await own.shutdown(100)
      await receiver.close()
    }
  })

  async function received(): Promise<ReadonlyMap<string, ReceivedMetric>> {
    await own.shutdown(5_000)
    const requests = receiver.requests.filter(({ path }) => path === '/otel/v1/metrics')
    expect(requests[0]?.headers).toMatchObject({ 'x-token': 'secret' })
    return new Map(requests.flatMap(metricsIn).map(metric => [metric.name, metric]))
  }

  it('has every metric with its name, labels and value', async () => {
    telemetry.count('launchtrace_source_lines_total', { source: 'files' }, 41)
    telemetry.count('launchtrace_source_lines_total', { source: 'journald' })
    telemetry.set('launchtrace_rebuild_waiting', {}, 7)
    const metrics = await received()
    const lines = metrics.get('launchtrace_source_lines_total')
    expect(lines?.description).toBe('Log lines read by a source.')
    expect(lines?.sum?.isMonotonic).toBe(true)
    expect(lines?.sum?.dataPoints.map(point => [attributeTexts(point.attributes)['source'], point.asDouble])).toEqual([
      ['files', 41],
      ['journald', 1],
    ])
    expect(metrics.get('launchtrace_rebuild_waiting')?.gauge?.dataPoints[0]?.asDouble).toBe(7)
  })

  it('has histograms with the buckets of /metrics', async () => {
    for (const seconds of [0.001, 0.2, 0.2, 1000]) telemetry.observe('launchtrace_rebuild_seconds', {}, seconds)
    telemetry.observe('launchtrace_outlet_write_seconds', { outlet: 'store' }, 0.3)
    const metrics = await received()
    const [point] = metrics.get('launchtrace_rebuild_seconds')?.histogram?.dataPoints ?? []
    expect(point?.explicitBounds).toEqual([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300])
    expect(point?.bucketCounts?.map(Number)).toEqual([1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1])
    expect([Number(point?.count), point?.sum]).toEqual([4, 1000.401])
    const [write] = metrics.get('launchtrace_outlet_write_seconds')?.histogram?.dataPoints ?? []
    expect(attributeTexts(write?.attributes ?? [])).toEqual({ outlet: 'store' })
  })

  it('has spans of its work, one in the other, and says which failed', async () => {
    const failing = own.tracer.trace('rebuild.batch', { launches: 3 }, async () => {
      await own.tracer.trace('outlet.write', { outlet: 'store' }, () => Promise.resolve())
      throw new Error('the store is away')
    })
    await expect(failing).rejects.toThrow('the store is away')
    await own.shutdown(5_000)
    const spans = receiver.requests.filter(({ path }) => path === '/otel/v1/traces').flatMap(spansIn)
    const [inner, outer] = spans
    expect(spans.map(({ name }) => name)).toEqual(['outlet.write', 'rebuild.batch'])
    expect(inner).toMatchObject({ traceId: outer?.traceId, parentSpanId: outer?.spanId, status: { code: 0 } })
    expect(outer).toMatchObject({ status: { code: 2, message: 'the store is away' } })
    expect(attributeTexts(outer?.attributes ?? [])).toEqual({ launches: '3' })
    expect(outer?.resource).toMatchObject({
      'service.name': 'launchtrace',
      'service.version': '1.2.3',
      'host.name': 'collector-1',
    })
  })

  it('sends nothing else: no logs, nothing that was detected or instrumented', async () => {
    await fetch(receiver.url, { method: 'POST', body: '{}' })
    await own.tracer.trace('source.write', {}, () => Promise.resolve())
    await own.shutdown(5_000)
    expect(new Set(receiver.requests.map(({ path }) => path))).toEqual(
      new Set(['/', '/otel/v1/traces', '/otel/v1/metrics']),
    )
    const [span, ...others] = receiver.requests.filter(({ path }) => path === '/otel/v1/traces').flatMap(spansIn)
    expect(others).toEqual([])
    expect(Object.keys(span?.resource ?? {}).toSorted()).toEqual([
      'host.name',
      'service.instance.id',
      'service.name',
      'service.version',
    ])
  })

  it('tells when it cannot be sent, and stops all the same', async () => {
    receiver.answer({ status: 400, body: {} })
    await own.tracer.trace('source.write', {}, () => Promise.resolve())
    await own.shutdown(5_000)
    const told = telemetry.lines.filter(({ level }) => level === 'warn')
    expect(new Set(told.map(({ fields }) => fields['what']))).toEqual(new Set(['traces', 'metrics']))
  })

  it('gives up at the deadline when the receiver says nothing', async () => {
    receiver.answer('silence')
    await own.tracer.trace('source.write', {}, () => Promise.resolve())
    await own.shutdown(100)
    expect(receiver.requests.length).toBeLessThanOrEqual(2)
  })
})
