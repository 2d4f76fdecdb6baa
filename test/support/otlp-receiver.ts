import { once } from 'node:events'
import type { IncomingHttpHeaders, Server } from 'node:http'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'

/** One request to the receiver, decoded. */
export interface OtlpRequest {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

/** What the receiver answers; `silence` keeps the connection and says nothing. */
export type OtlpAnswer =
  { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } | 'silence'

/** A back end for OTLP in JSON over HTTP. */
export interface OtlpReceiver {
  readonly url: string
  readonly requests: readonly OtlpRequest[]
  /** Answers for the requests to come, one each; then the last one again. 200 when none are given. */
  answer(...answers: readonly OtlpAnswer[]): void
  close(): Promise<void>
}

/** A key and a certificate make it speak TLS; with `ca` it asks for a certificate of that authority. */
export interface OtlpReceiverTls {
  readonly key: string
  readonly cert: string
  readonly ca?: string
}

const ACCEPTED: OtlpAnswer = { status: 200, body: {} }

function urlOf(server: Server, scheme: string): string {
  const address = server.address()
  return `${scheme}://127.0.0.1:${String(typeof address === 'object' && address !== null ? address.port : 0)}`
}

/** Listens on a free port until closed. */
export async function startOtlpReceiver(tls?: OtlpReceiverTls): Promise<OtlpReceiver> {
  const requests: OtlpRequest[] = []
  let answers: readonly OtlpAnswer[] = [ACCEPTED]
  const server =
    tls === undefined
      ? createServer()
      : createTlsServer({ ...tls, requestCert: tls.ca !== undefined, rejectUnauthorized: true })
  server.on('request', (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
      requests.push({ path: request.url ?? '', headers: request.headers, body })
      const [answer = ACCEPTED, ...rest] = answers
      if (rest.length > 0) answers = rest
      if (answer === 'silence') return
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
      response.end(JSON.stringify(answer.body ?? {}))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: urlOf(server, tls === undefined ? 'http' : 'https'),
    requests,
    answer: (...given) => {
      answers = given
    },
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** An attribute value of OTLP's JSON as the text that ClickHouse would show. */
function textOf(value: unknown): string {
  return String(typeof value === 'object' && value !== null ? Object.values(value)[0] : '')
}

interface JsonAttribute {
  readonly key: string
  readonly value: unknown
}

/** OTLP's list of attributes as a record of texts. */
export function attributeTexts(attributes: readonly JsonAttribute[]): Readonly<Record<string, string>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, textOf(value)]))
}

interface JsonSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly JsonAttribute[]
  readonly events: readonly {
    readonly timeUnixNano: string
    readonly name: string
    readonly attributes: readonly JsonAttribute[]
  }[]
  readonly status: { readonly code: number; readonly message?: string }
}

interface JsonTraces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly JsonAttribute[] }
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string; readonly version?: string }
      readonly spans: readonly JsonSpan[]
    }[]
  }[]
}

/** A received span with what stood around it. */
export interface ReceivedSpan extends JsonSpan {
  readonly resource: Readonly<Record<string, string>>
  readonly scope: { readonly name: string; readonly version?: string }
}

/** All spans of a request. */
export function spansIn({ body }: OtlpRequest): readonly ReceivedSpan[] {
  const { resourceSpans } = body as JsonTraces
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) =>
      spans.map(span => ({ ...span, scope, resource: attributeTexts(resource.attributes) })),
    ),
  )
}

interface JsonPoint {
  readonly attributes: readonly JsonAttribute[]
  readonly asDouble?: number
  readonly asInt?: number | string
  readonly count?: number | string
  readonly sum?: number
  readonly bucketCounts?: readonly (number | string)[]
  readonly explicitBounds?: readonly number[]
}

/** One metric as OTLP's JSON has it. */
export interface ReceivedMetric {
  readonly name: string
  readonly description?: string
  readonly sum?: { readonly isMonotonic: boolean; readonly dataPoints: readonly JsonPoint[] }
  readonly gauge?: { readonly dataPoints: readonly JsonPoint[] }
  readonly histogram?: { readonly dataPoints: readonly JsonPoint[] }
}

interface JsonMetrics {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly JsonAttribute[] }
    readonly scopeMetrics: readonly { readonly metrics: readonly ReceivedMetric[] }[]
  }[]
}

/** All metrics of a request. */
export function metricsIn({ body }: OtlpRequest): readonly ReceivedMetric[] {
  const { resourceMetrics } = body as JsonMetrics
  return resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
}
