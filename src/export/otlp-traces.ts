import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { Launch } from '../core/launch.ts'
import { hearPartialSuccess } from '../telemetry/otlp-answers.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { exportErrorOf, ExportUnavailableError } from './errors.ts'
import { launchSpans } from './launch-spans.ts'

/** Contents of PEM files, and whether the certificate of the back end is checked (true unless told otherwise). */
export interface ExportTls {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly verify?: boolean
}

export interface TraceExporterOptions {
  /** The whole address, for example `https://host:4318/v1/traces`. */
  readonly url: string
  /** Sent with every request, for example an `Authorization`. Never logged. */
  readonly headers?: Readonly<Record<string, string>>
  readonly tls?: ExportTls
  /** Launchtrace's own version: the spans name what made them. */
  readonly serviceVersion: string
  readonly telemetry: Telemetry
  /** Time for one launch, the library's own repetitions included; 10 seconds unless given. */
  readonly timeoutMs?: number
}

/** Sends finished launches to an OpenTelemetry back end. */
export interface TraceExporter {
  /**
   * Resolves when the back end has accepted the spans of the launch, or the part of them that it wanted (the rest is
   * counted). What several launches of one request share is stored with the first of them, so sending every launch sends
   * every span once. Sending a launch again sends the same ids.
   * @throws ExportUnavailableError (retryable) when the back end is away, refuses the sender, or says nothing in time
   * @throws ExportRefusedError when it judged these spans and will never take them
   */
  send(launch: Launch): Promise<void>
  /** Waits for what is under way, at most as long as one launch may take. Safe to call twice. */
  close(): Promise<void>
}

const DEFAULT_TIMEOUT_MS = 10_000
/** Launches under way at a time; each is held as text, some hundred kilobytes. */
const MAX_CONCURRENT = 16
/** `ExportResultCode.SUCCESS` of OpenTelemetry's core package. */
const EXPORTED = 0
/** The library bounds the silence between two bytes of an answer; this bounds the whole. */
const PATIENCE = 2

/** The address without user info, which is a secret. */
function shown(url: string): string {
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}

function createAgent(protocol: string, tls: ExportTls = {}): HttpAgent {
  const keptAlive = { keepAlive: true, maxSockets: MAX_CONCURRENT }
  if (protocol === 'http:') return new HttpAgent(keptAlive)
  const { verify = true, ...certificates } = tls
  return new HttpsAgent({ ...keptAlive, ...certificates, rejectUnauthorized: verify })
}

class OtlpTraceExporter implements TraceExporter {
  readonly #options: TraceExporterOptions
  readonly #url: string
  readonly #timeoutMs: number
  readonly #agent: HttpAgent
  readonly #library: OTLPTraceExporter
  readonly #underWay = new Set<Promise<void>>()
  #isClosed = false

  constructor(options: TraceExporterOptions) {
    const { url, headers = {}, tls, timeoutMs = DEFAULT_TIMEOUT_MS } = options
    this.#options = options
    this.#url = shown(url)
    this.#timeoutMs = timeoutMs
    this.#agent = createAgent(new URL(url).protocol, tls)
    this.#library = new OTLPTraceExporter({
      url,
      headers: { ...headers },
      timeoutMillis: timeoutMs,
      concurrencyLimit: MAX_CONCURRENT,
      httpAgentOptions: () => this.#agent,
      userAgent: `launchtrace/${options.serviceVersion}`,
    })
  }

  async send(launch: Launch): Promise<void> {
    if (launch.spans.length === 0) return
    const sending = this.#send(launch)
    this.#underWay.add(sending)
    try {
      await sending
    } catch (error) {
      this.#options.telemetry.count('launchtrace_export_failures_total', {})
      throw error
    } finally {
      this.#underWay.delete(sending)
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.allSettled(this.#underWay)
    this.#agent.destroy()
  }

  async #send(launch: Launch): Promise<void> {
    this.#check()
    const { telemetry, serviceVersion } = this.#options
    const spans = launchSpans(launch, serviceVersion)
    let rejected = 0
    const onPartialSuccess = (count: number, reason: string): void => {
      rejected = Math.min(count, spans.length)
      telemetry.warn('The trace back end left something out of a launch.', { trace: launch.traceId, rejected, reason })
    }
    const cause = await this.#export(spans, onPartialSuccess)
    if (cause !== undefined) throw exportErrorOf(this.#url, cause)
    telemetry.count('launchtrace_export_launches_total', {})
    telemetry.count('launchtrace_export_spans_total', {}, spans.length - rejected)
    if (rejected > 0) telemetry.count('launchtrace_export_rejected_spans_total', {}, rejected)
  }

  #check(): void {
    if (this.#isClosed)
      throw new ExportUnavailableError(this.#url, { said: 'the exporter is closed', advice: 'Send it again later.' })
    if (this.#underWay.size >= MAX_CONCURRENT) {
      const said = `${String(MAX_CONCURRENT)} launches are under way`
      throw new ExportUnavailableError(this.#url, { said, advice: 'Wait for one of them.' })
    }
  }

  /** What failed; undefined when the back end accepted it. */
  async #export(
    spans: ReadableSpan[],
    onPartialSuccess: (count: number, reason: string) => void,
  ): Promise<Error | undefined> {
    const exported = new Promise<Error | undefined>(resolve => {
      hearPartialSuccess(onPartialSuccess, () => {
        this.#library.export(spans, ({ code, error }) => {
          const result: number = code
          resolve(result === EXPORTED ? undefined : (error ?? new Error('it gave no reason')))
        })
      })
    })
    const done = new AbortController()
    const late = sleep(this.#timeoutMs * PATIENCE, new Error('it did not answer in time'), { signal: done.signal })
    try {
      return await Promise.race([exported, late.catch(() => undefined)])
    } finally {
      done.abort()
    }
  }
}

/**
 * An exporter to the back end at `url`. The libraries behind it take 25 MB: import this module when it is asked for.
 * @throws {TypeError} when `url` is no address
 */
export function createTraceExporter(options: TraceExporterOptions): TraceExporter {
  return new OtlpTraceExporter(options)
}
