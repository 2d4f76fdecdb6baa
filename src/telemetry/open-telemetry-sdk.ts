import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Attributes } from '@opentelemetry/api'
import { context, metrics, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics'
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { NodeSDK } from '@opentelemetry/sdk-node'
import type { SpanExporter } from '@opentelemetry/sdk-trace'
import { AlwaysOnSampler, BatchSpanProcessor } from '@opentelemetry/sdk-trace'
import { ATTR_SERVICE_INSTANCE_ID, ATTR_SERVICE_NAME, ATTR_SERVICE_VERSION } from '@opentelemetry/semantic-conventions'
import type { OpenTelemetry, OpenTelemetryOptions } from './open-telemetry.ts'
import { hearPartialSuccess } from './otlp-answers.ts'
import { withoutLogin } from './printable-value.ts'
import { createRegistryMetrics } from './registry-metrics.ts'
import type { Fields, Telemetry } from './telemetry.ts'
import type { Tracer } from './tracer.ts'

/** Longest time for one sending, repetitions included. */
const TIMEOUT_MS = 10_000
/** Spans that wait to be sent, about a kilobyte each; more are dropped by the SDK. */
const MAX_SPANS = 2048
const HOST_NAME = 'host.name'

interface Result {
  readonly code: number
  readonly error?: Error
}
type Send<Items> = (items: Items, done: (result: Result) => void) => void

/** What is not sent is not kept either: the next report has the metrics again, and lost spans of our own are no loss. */
function heardBy<Items>(telemetry: Telemetry, what: string, send: Send<Items>): Send<Items> {
  const onPartialSuccess = (rejected: number, reason: string): void => {
    telemetry.warn("A part of the program's own telemetry was rejected.", { what, rejected, reason })
  }
  return (items, done) => {
    hearPartialSuccess(onPartialSuccess, () => {
      send(items, result => {
        if (result.error !== undefined)
          telemetry.warn("The program's own telemetry could not be sent.", { what, error: result.error.message })
        done(result)
      })
    })
  }
}

function configOf({ url, headers, serviceVersion }: OpenTelemetryOptions, path: string): object {
  return {
    url: `${url.replace(/\/+$/, '')}${path}`,
    headers: { ...headers },
    timeoutMillis: TIMEOUT_MS,
    userAgent: `launchtrace/${serviceVersion}`,
  }
}

function createTraceSending(options: OpenTelemetryOptions): SpanExporter {
  const exporter = new OTLPTraceExporter(configOf(options, '/v1/traces'))
  return {
    export: heardBy(options.telemetry, 'traces', (spans, done) => {
      exporter.export(spans, done)
    }),
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  }
}

function createMetricSending(options: OpenTelemetryOptions): PushMetricExporter {
  const exporter = new OTLPMetricExporter(configOf(options, '/v1/metrics'))
  return {
    export: heardBy(options.telemetry, 'metrics', (batch, done) => {
      exporter.export(batch, done)
    }),
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  }
}

/** What sends: both end on their own, so that one that fails does not cut off the other. */
interface Sending {
  readonly spans: BatchSpanProcessor
  readonly metrics: PeriodicExportingMetricReader
}

function createSending(options: OpenTelemetryOptions): Sending {
  const { intervalMs, registry } = options
  return {
    spans: new BatchSpanProcessor({ exporter: createTraceSending(options), maxQueueSize: MAX_SPANS }),
    metrics: new PeriodicExportingMetricReader({
      exporter: createMetricSending(options),
      exportIntervalMillis: intervalMs,
      exportTimeoutMillis: Math.min(intervalMs, TIMEOUT_MS),
      metricProducers: [createRegistryMetrics(registry, performance.timeOrigin)],
    }),
  }
}

function createSdk({ serviceName, serviceVersion, host }: OpenTelemetryOptions, sending: Sending): NodeSDK {
  return new NodeSDK({
    resource: resourceFromAttributes({
      [ATTR_SERVICE_NAME]: serviceName,
      [ATTR_SERVICE_VERSION]: serviceVersion,
      [ATTR_SERVICE_INSTANCE_ID]: randomUUID(),
      [HOST_NAME]: host,
    }),
    autoDetectResources: false,
    textMapPropagator: null,
    instrumentations: [],
    // Without a list the SDK sends logs as well.
    logRecordProcessors: [],
    sampler: new AlwaysOnSampler(),
    spanProcessors: [sending.spans],
    metricReaders: [sending.metrics],
  })
}

function attributesOf(fields: Fields): Attributes {
  return { ...fields }
}

function createTracer(serviceVersion: string): Tracer {
  const tracer = trace.getTracer('launchtrace', serviceVersion)
  return {
    trace: (name, fields, work) =>
      tracer.startActiveSpan(name, { attributes: attributesOf(fields) }, async span => {
        try {
          return await work()
        } catch (error) {
          const message = withoutLogin(error instanceof Error ? error.message : String(error))
          span.setStatus({ code: SpanStatusCode.ERROR, message })
          span.recordException({ name: error instanceof Error ? error.name : 'Error', message })
          throw error
        } finally {
          span.end()
        }
      }),
  }
}

/** The part of `startOpenTelemetry` that needs the SDK. */
export function startSdk(options: OpenTelemetryOptions): OpenTelemetry {
  const sending = createSending(options)
  const sdk = createSdk(options, sending)
  sdk.start()
  const tracer = createTracer(options.serviceVersion)
  let stopping: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    for (const registered of [trace, metrics, context]) registered.disable()
    // Each failure has been told where it happened.
    await Promise.allSettled([sending.spans.shutdown(), sending.metrics.shutdown()])
    await sdk.shutdown().catch(() => undefined)
  }
  return {
    tracer,
    shutdown: async deadlineMs => {
      stopping ??= stop()
      const done = new AbortController()
      const late = sleep(deadlineMs, undefined, { signal: done.signal }).catch(() => undefined)
      await Promise.race([stopping, late])
      done.abort()
    },
  }
}
