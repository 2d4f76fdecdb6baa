import { Agent as HttpAgent, request as requestHttp } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import type { ClientTls } from './client-tls.ts'
import { toNodeTls } from './client-tls.ts'

/** An answer of a server. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** At most its first 64 KiB. */
  readonly body: string
}

export interface HttpPoster {
  /** Rejects when there is no answer within the time limit, and as soon as `stop` aborts. */
  post(body: Buffer, headers: Readonly<Record<string, string>>, stop: AbortSignal): Promise<HttpAnswer>
  /** Cuts connections that are kept for later. */
  close(): void
}

export interface HttpPosterOptions {
  readonly url: URL
  readonly tls?: ClientTls
  /** For a whole exchange. */
  readonly timeoutMs: number
}

const MAX_ANSWER_BYTES = 65_536
/** Connections to one collector; more writes wait for one. */
const MAX_CONNECTIONS = 4

async function readAnswer(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk as Uint8Array)
    if (size < MAX_ANSWER_BYTES) chunks.push(bytes.subarray(0, MAX_ANSWER_BYTES - size))
    size += bytes.length
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Posts to one address over a few connections that are kept open. */
export function createHttpPoster({ url, tls = {}, timeoutMs }: HttpPosterOptions): HttpPoster {
  const isSecure = url.protocol === 'https:'
  const pool = { keepAlive: true, maxSockets: MAX_CONNECTIONS }
  const agent = isSecure ? new HttpsAgent({ ...pool, ...toNodeTls(tls) }) : new HttpAgent(pool)
  const open = isSecure ? requestHttps : requestHttp
  return {
    post: async (body, headers, stop) => {
      const signal = AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)])
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const lengths = { 'Content-Length': String(body.length) }
        open(url, { method: 'POST', agent, signal, headers: { ...headers, ...lengths } }, resolve)
          .on('error', reject)
          .end(body)
      })
      return { status: response.statusCode ?? 0, headers: response.headers, body: await readAnswer(response) }
    },
    close: () => agent.destroy(),
  }
}
