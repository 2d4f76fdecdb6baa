import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import { isIPv6 } from 'node:net'
import { UsageError } from '../usage-error.ts'

export interface ListenOptions {
  /** A loopback address: whoever reaches the port may read everything. */
  readonly host: '127.0.0.1' | '::1' | 'localhost'
  /** 0 takes a free one. */
  readonly port: number
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

function urlOf(server: Server, host: string): string {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return `http://${isIPv6(host) ? `[${host}]` : host}:${String(port)}`
}

function explain(error: unknown, { host, port }: ListenOptions): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const where = `port ${String(port)} of ${host}`
  if (code === 'EADDRINUSE')
    return new UsageError(`Another program listens on ${where}; choose another port.`, { cause: error })
  if (code === 'EACCES')
    return new UsageError(`This user may not listen on ${where}; choose a port above 1023.`, { cause: error })
  return error
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
 * Serves `listener` until closed.
 * @throws {UsageError} when the port is taken or not allowed
 */
export async function listen(listener: RequestListener, options: ListenOptions): Promise<RunningServer> {
  const server = createServer(listener)
  server.setTimeout(IDLE_MS)
  server.listen(options.port, options.host)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw explain(error, options)
  }
  return { url: urlOf(server, options.host), close: graceMs => closeServer(server, graceMs) }
}
