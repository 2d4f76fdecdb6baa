import type { Registry } from 'prom-client'
import type { Telemetry } from './telemetry.ts'
import type { Tracer } from './tracer.ts'

export interface OpenTelemetryOptions {
  /** OTLP receiver over HTTP, for example `http://localhost:4318`; `/v1/traces` and `/v1/metrics` are added. */
  readonly url: string
  /** Sent with every request. Never logged. */
  readonly headers: Readonly<Record<string, string>>
  /** Time between two reports of metrics. */
  readonly intervalMs: number
  readonly serviceName: string
  readonly serviceVersion: string
  /** Name of this machine. */
  readonly host: string
  /** Where the metrics are counted. */
  readonly registry: Registry
  /** Hears when something could not be sent. */
  readonly telemetry: Telemetry
}

/** The program's own traces and metrics while they are sent. */
export interface OpenTelemetry {
  readonly tracer: Tracer
  /** Sends what is left and stops; resolves after `deadlineMs` at the latest. Safe to call twice. */
  shutdown(deadlineMs: number): Promise<void>
}

/**
 * Starts to send the program's own metrics and traces with OpenTelemetry's SDK, which is loaded only now: it takes some
 * 45 MB. Nothing is instrumented by itself. One at a time in a process, for the SDK registers itself for all of it.
 */
export async function startOpenTelemetry(options: OpenTelemetryOptions): Promise<OpenTelemetry> {
  const { startSdk } = await import('./open-telemetry-sdk.ts')
  return startSdk(options)
}
