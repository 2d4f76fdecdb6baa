import type { HrTime } from '@opentelemetry/api'
import { ValueType } from '@opentelemetry/api'
import { emptyResource } from '@opentelemetry/resources'
import { AggregationTemporality, DataPointType } from '@opentelemetry/sdk-metrics'
import type { DataPoint, Histogram, MetricData, MetricProducer } from '@opentelemetry/sdk-metrics'
import type { Registry } from 'prom-client'

/** One number that prom-client keeps; of a histogram, one of its buckets, its sum or its count. */
interface Sample {
  readonly value: number
  readonly labels: Readonly<Partial<Record<string, string | number>>>
  readonly metricName?: string
}

interface Moments {
  readonly startTime: HrTime
  readonly endTime: HrTime
}

function pointOf<Value>(labels: Sample['labels'], value: Value, moments: Moments): DataPoint<Value> {
  return { ...moments, attributes: { ...labels }, value }
}

/** A gauge that could not be read is NaN, which OTLP's JSON cannot say. */
function numberPoints(samples: readonly Sample[], moments: Moments): DataPoint<number>[] {
  return samples
    .filter(({ value }) => Number.isFinite(value))
    .map(({ labels, value }) => pointOf(labels, value, moments))
}

interface Bins {
  readonly labels: Sample['labels']
  /** Upper bound and cumulative count, in order; the last bound is infinite. */
  readonly cumulative: { readonly bound: number; readonly count: number }[]
  sum: number
  count: number
}

/** The samples of one histogram by their labels. */
function binsOf(samples: readonly Sample[]): readonly Bins[] {
  const all = new Map<string, Bins>()
  for (const { labels: given, value, metricName = '' } of samples) {
    const { le, ...labels } = given
    const key = JSON.stringify(labels)
    const bins = all.get(key) ?? { labels, cumulative: [], sum: 0, count: 0 }
    all.set(key, bins)
    if (le !== undefined) bins.cumulative.push({ bound: le === '+Inf' ? Infinity : Number(le), count: value })
    else if (metricName.endsWith('_sum')) bins.sum = value
    else if (metricName.endsWith('_count')) bins.count = value
  }
  return [...all.values()]
}

/** Prometheus counts everything up to a bound, OTLP what lies between two. */
function histogramOf({ cumulative, sum, count }: Bins): Histogram {
  const counts = cumulative.map((bin, index) => bin.count - (cumulative[index - 1]?.count ?? 0))
  const boundaries = cumulative.map(({ bound }) => bound).filter(bound => bound !== Infinity)
  return { buckets: { boundaries, counts }, sum, count }
}

/** Prometheus puts the unit into the name. */
function unitOf(name: string): string {
  if (/_seconds(?:_total)?$/.test(name)) return 's'
  return /_bytes(?:_total)?$/.test(name) ? 'By' : ''
}

interface Metric {
  readonly name: string
  readonly help: string
  readonly type: unknown
  readonly values: readonly Sample[]
}

function metricDataOf(metric: Metric, moments: Moments): MetricData | undefined {
  const { name, help, values } = metric
  const descriptor = { name, description: help, unit: unitOf(name), valueType: ValueType.DOUBLE }
  const common = { descriptor, aggregationTemporality: AggregationTemporality.CUMULATIVE }
  switch (metric.type) {
    case 'counter': {
      const dataPoints = numberPoints(values, moments)
      return { ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints }
    }
    case 'gauge':
      return { ...common, dataPointType: DataPointType.GAUGE, dataPoints: numberPoints(values, moments) }
    case 'histogram': {
      const dataPoints = binsOf(values).map(bins => pointOf(bins.labels, histogramOf(bins), moments))
      return { ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints }
    }
    default:
      return undefined
  }
}

function hrTimeOf(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000)
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)]
}

/**
 * What prom-client has counted, as OpenTelemetry's SDK reads metrics from elsewhere: the same names, labels and numbers as
 * on `/metrics`, histograms with their buckets, all cumulative since `startedAtMs`. Metrics without a value are left out.
 */
export function createRegistryMetrics(registry: Registry, startedAtMs: number): MetricProducer {
  return {
    collect: async () => {
      const moments = { startTime: hrTimeOf(startedAtMs), endTime: hrTimeOf(Date.now()) }
      const metrics = (await registry.getMetricsAsJSON())
        .map(metric => metricDataOf(metric, moments))
        .filter(metric => metric !== undefined && metric.dataPoints.length > 0)
      const scopeMetrics = [{ scope: { name: 'launchtrace' }, metrics: metrics.filter(metric => metric !== undefined) }]
      return { resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] }
    },
  }
}
