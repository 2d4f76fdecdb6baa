import { once } from 'node:events'
import { micros } from '../src/core/time.ts'
import type { Store } from '../src/store/store.ts'
import { createApi } from './server/api.ts'
import { listen } from './server/listen.ts'
import type { Terminal } from './terminal.ts'

/** How long requests that are under way may take when the server stops. */
const GRACE_MS = 3000

export interface ServeOptions {
  readonly port: number
  readonly terminal: Terminal
  readonly stop: AbortSignal
}

/** Serves the HTTP interface over a store on loopback until `stop`. */
export async function serveUntilStopped(store: Store, { port, terminal, stop }: ServeOptions): Promise<void> {
  const api = createApi({
    store,
    now: () => micros(Date.now() * 1000),
    reportError: error => {
      terminal.err(`A request failed: ${error instanceof Error ? error.message : String(error)}\n`)
    },
  })
  const server = await listen(api, { host: '127.0.0.1', port })
  terminal.err(
    `Serving ${server.url}/api/launches, ${server.url}/api/launches/ID and ${server.url}/api/phases. Ctrl-C stops.\n`,
  )
  if (!stop.aborted) await once(stop, 'abort')
  await server.close(GRACE_MS)
}
