import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'

/** A wire between two programs that a test can cut. */
export interface TcpProxy {
  readonly port: number
  /** `127.0.0.1:PORT`. */
  readonly address: string
  /** Breaks all connections off, and refuses new ones until `mend`. */
  cut(): void
  /** Keeps all connections open and lets nothing through, as a network that swallows packets does, until `mend`. */
  hang(): void
  /** Breaks all connections off once; new ones pass. */
  reset(): void
  mend(): void
  /** With `keep`: what clients sent, as it went over the wire, each connection for itself. */
  sent(): readonly Buffer[]
  close(): Promise<void>
}

type State = 'passing' | 'cut' | 'hanging'

class Proxy {
  readonly #target: number
  readonly #keeps: boolean
  readonly #sockets = new Set<Socket>()
  readonly #kept: Buffer[][] = []
  #state: State = 'passing'

  constructor(target: number, keeps: boolean) {
    this.#target = target
    this.#keeps = keeps
  }

  take(client: Socket): void {
    if (this.#state === 'cut') {
      client.resetAndDestroy()
      return
    }
    const server = connect(this.#target, '127.0.0.1')
    this.#join(client, server)
    this.#join(server, client)
    if (this.#keeps) this.#keep(client)
    if (this.#state === 'hanging') for (const socket of [client, server]) socket.pause()
  }

  become(state: State): void {
    this.#state = state
    for (const socket of this.#sockets) {
      if (state === 'cut') socket.resetAndDestroy()
      else if (state === 'hanging') socket.pause()
      else socket.resume()
    }
  }

  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  sent(): readonly Buffer[] {
    return this.#kept.map(chunks => Buffer.concat(chunks))
  }

  #keep(client: Socket): void {
    const chunks: Buffer[] = []
    this.#kept.push(chunks)
    client.on('data', (bytes: Buffer) => chunks.push(bytes))
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from)
    from.on('data', (bytes: Buffer) => {
      if (to.write(bytes)) return
      from.pause()
      to.once('drain', () => {
        if (this.#state !== 'hanging') from.resume()
      })
    })
    from.on('end', () => to.end())
    from.on('error', () => to.destroy())
    from.on('close', () => {
      this.#sockets.delete(from)
      to.destroy()
    })
  }
}

/** Opens a wire to a port of 127.0.0.1. @param keep - whether what clients send is kept */
export async function openProxy(target: number, { keep = false } = {}): Promise<TcpProxy> {
  const proxy = new Proxy(target, keep)
  const server = createServer({ allowHalfOpen: true }, client => proxy.take(client)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    port,
    address: `127.0.0.1:${port}`,
    cut: () => proxy.become('cut'),
    hang: () => proxy.become('hanging'),
    reset: () => proxy.reset(),
    mend: () => proxy.become('passing'),
    sent: () => proxy.sent(),
    close: async () => {
      server.close()
      proxy.become('cut')
      await once(server, 'close')
    },
  }
}
