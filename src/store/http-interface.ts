import { randomUUID, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { Session } from 'chdb'
import { toHttpFailure } from './http-errors.ts'
import { runStatement } from './http-run.ts'
import { readHttpStatement } from './http-statement.ts'

export interface HttpInterfaceOptions {
  /** A fresh session of the engine; closed when its request is answered. */
  readonly openSession: () => Session
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  /** Refuses everything that writes, reads files or calls out; settings that a client sends still hold. */
  readonly readOnly: boolean
  /** Asked from every request when given, under any user name. */
  readonly password?: string
}

export interface HttpInterface {
  readonly url: string
  close(): Promise<void>
}

/** ClickHouse's own limit on a request line; a list of ids in a parameter is long. */
const MAX_HEADER_BYTES = 1_048_576
/** The body of one insert is held in memory once. */
const MAX_BODY_BYTES = 268_435_456

async function readBody(request: IncomingMessage): Promise<string> {
  const source = request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of source) {
    const bytes = Buffer.from(chunk as Uint8Array)
    size += bytes.length
    if (size > MAX_BODY_BYTES) throw new Error(`The body is larger than ${String(MAX_BODY_BYTES)} bytes.`)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function passwordOf(request: IncomingMessage, query: URLSearchParams): string {
  const basic = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  if (basic !== undefined)
    return Buffer.from(basic, 'base64')
      .toString('utf8')
      .replace(/^[^:]*:/, '')
  const key = request.headers['x-clickhouse-key']
  return (typeof key === 'string' ? key : undefined) ?? query.get('password') ?? ''
}

function isSame(given: string, wanted: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(wanted)]
  return left.length === right.length && timingSafeEqual(left, right)
}

function fail(response: ServerResponse, error: unknown): void {
  const { status, code, body } = toHttpFailure(error)
  // An answer that has begun can only be broken off: the client sees that it is not whole.
  if (response.headersSent) response.destroy()
  else response.writeHead(status, { 'X-ClickHouse-Exception-Code': String(code) }).end(body)
}

type Answer = (request: IncomingMessage, response: ServerResponse, query: URLSearchParams) => Promise<void>

function createAnswer({ openSession, readOnly, password }: HttpInterfaceOptions): Answer {
  return async (request, response, query) => {
    response.setHeader('X-ClickHouse-Server-Display-Name', 'launchtrace')
    if (password !== undefined && !isSame(passwordOf(request, query), password)) {
      fail(
        response,
        new Error('Code: 516. DB::Exception: Authentication failed: wrong password. (AUTHENTICATION_FAILED)'),
      )
      return
    }
    const header = (name: string): string | undefined => request.headers[name]?.toString()
    const statement = readHttpStatement({ query, body: await readBody(request), header })
    const session = openSession()
    try {
      const blocks = await runStatement(session, statement, { readOnly: readOnly || request.method === 'GET' })
      response.setHeader('X-ClickHouse-Query-Id', statement.queryId ?? randomUUID())
      response.setHeader('X-ClickHouse-Format', statement.format)
      response.setHeader('X-ClickHouse-Timezone', 'UTC')
      await pipeline(Readable.from(blocks, { objectMode: false }), response)
    } finally {
      session.close()
    }
  }
}

/** ClickHouse's HTTP interface served from the embedded engine, for Grafana and every ClickHouse client that speaks HTTP. */
export async function serveHttpInterface(options: HttpInterfaceOptions): Promise<HttpInterface> {
  const answer = createAnswer(options)
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const isProbe = url.pathname === '/ping' || (request.method === 'GET' && !url.searchParams.has('query'))
    if (isProbe) response.end('Ok.\n')
    else answer(request, response, url.searchParams).catch((error: unknown) => fail(response, error))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, options.host, resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${String(port)}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeIdleConnections()
      }),
  }
}
