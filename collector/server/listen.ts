import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import type { RequestListener, Server, ServerOptions, ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { isIPv6 } from 'node:net'
import { isLoopback } from '../config/address.ts'
import { UsageError } from '../usage-error.ts'
import { createTokenCheck } from './token.ts'

export interface ListenOptions {
  /** Whoever reaches the port may do everything, unless there is a token; so one is required beyond loopback. */
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** Asked of every request as `Authorization: Bearer …`. */
  readonly token?: string
  /** Paths that answer without the token: those that say only whether the process lives. */
  readonly openPaths?: readonly string[]
  /** Speaks HTTPS. */
  readonly tls?: ServerTls
}

/** How a listener proves who it is. All texts are PEM. */
export interface ServerTls {
  /** With its chain. */
  readonly cert: string
  readonly key: string
  /** Authorities whose clients may connect; absent lets in clients without a certificate. */
  readonly clientCa?: string
}

/** A server that is listening. */
export interface RunningServer {
  /** Without a slash at the end. */
  readonly url: string
  /** Takes no more requests, lets those under way finish for up to `graceMs`, then cuts them. Safe to call twice. */
  close(graceMs: number): Promise<void>
}

/** A client that takes nothing for so long holds a reader of the store for nothing. */
const IDLE_MS = 120_000
/** A client that is slower than this at sending its headers, or all of a request, or at TLS, keeps others out. */
const HEADERS_MS = 10_000
const REQUEST_MS = 60_000
const HANDSHAKE_MS = 10_000
const KEEP_ALIVE_MS = 30_000
const MAX_HEADER_BYTES = 16_384
const MAX_CONNECTIONS = 1000

const LIMITS: ServerOptions = {
  headersTimeout: HEADERS_MS,
  requestTimeout: REQUEST_MS,
  connectionsCheckingInterval: 2000,
  keepAliveTimeout: KEEP_ALIVE_MS,
  maxHeaderSize: MAX_HEADER_BYTES,
}

function urlOf(server: Server, { host, tls }: ListenOptions): string {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return `${tls === undefined ? 'http' : 'https'}://${isIPv6(host) ? `[${host}]` : host}:${String(port)}`
}

function explain(error: unknown, { host, port }: ListenOptions): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const where = `port ${String(port)} of ${host}`
  if (code === 'EADDRINUSE')
    return new UsageError(`Another program listens on ${where}; choose another port.`, { cause: error })
  if (code === 'EACCES')
    return new UsageError(`This user may not listen on ${where}; choose a port above 1023.`, { cause: error })
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new UsageError(`${host} is no address of this machine; listen on one of its own.`, { cause: error })
  return error
}

function refuseStranger(response: ServerResponse): void {
  const message = 'This needs a token; send it as Authorization: Bearer TOKEN.'
  response.writeHead(401, { 'Content-Type': 'application/json; charset=utf-8', 'WWW-Authenticate': 'Bearer' })
  response.end(JSON.stringify({ error: { code: 'LAUNCHTRACE_UNAUTHORIZED', message } }))
}

/** Nothing behind it ever sees a request without the token. */
function guarded(listener: RequestListener, { token, openPaths = [] }: ListenOptions): RequestListener {
  if (token === undefined) return listener
  const bearsToken = createTokenCheck(token)
  return (request, response) => {
    const path = request.url?.split('?', 1)[0] ?? ''
    if (openPaths.includes(path) || bearsToken(request)) listener(request, response)
    else refuseStranger(response)
  }
}

function createTlsServer({ cert, key, clientCa }: ServerTls, listener: RequestListener): Server {
  const mutual = clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true }
  try {
    const handshake = { handshakeTimeout: HANDSHAKE_MS, minVersion: 'TLSv1.2' } as const
    return createHttpsServer({ ...LIMITS, ...handshake, cert, key, ...mutual }, listener)
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause)
    throw new UsageError(`The certificate and key of the listener cannot be used: ${said}.`, { cause })
  }
}

async function closeServer(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  const cut = setTimeout(() => {
    server.closeAllConnections()
  }, graceMs)
  await closed
  clearTimeout(cut)
}

/**
 * Serves `listener` until closed. Clients that are slow, or send more headers than anybody needs, are cut off.
 * @throws {UsageError} when the port is taken or not allowed, when the certificate cannot be used, or when others than this
 * machine could reach it and there is no token
 */
export async function listen(listener: RequestListener, options: ListenOptions): Promise<RunningServer> {
  const { host, port, tls, token } = options
  if (!isLoopback(host) && (token ?? '') === '')
    throw new UsageError(`${host} can be reached by others; set a token, or listen on 127.0.0.1.`)
  const answer = guarded(listener, options)
  const server = tls === undefined ? createHttpServer(LIMITS, answer) : createTlsServer(tls, answer)
  server.setTimeout(IDLE_MS)
  server.maxConnections = MAX_CONNECTIONS
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw explain(error, options)
  }
  return { url: urlOf(server, options), close: graceMs => closeServer(server, graceMs) }
}
