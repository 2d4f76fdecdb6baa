import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { onTestFinished } from 'vitest'

/** A way to a server that can be cut. */
export interface LossyNetwork {
  readonly port: number
  /** Ends every connection. */
  breakConnections(): void
  /** Nothing passes any more in either direction, and nobody is told. */
  freeze(): void
  /** New connections pass; those that were frozen never do. */
  mend(): void
}

/** Leads a free port of 127.0.0.1 to `target`, until the test ends. */
export async function makeLossyNetwork(target: number): Promise<LossyNetwork> {
  const sockets = new Set<Socket>()
  let isFrozen = false
  const server = createServer(near => {
    const far = connect(target, '127.0.0.1')
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
    }
    if (isFrozen) return
    near.pipe(far).pipe(near)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const)
      one.on('close', () => other.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const breakConnections = (): void => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  onTestFinished(() => {
    breakConnections()
    server.close()
  })
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    breakConnections,
    freeze: () => {
      isFrozen = true
      for (const socket of sockets) socket.unpipe().pause()
    },
    mend: () => (isFrozen = false),
  }
}
