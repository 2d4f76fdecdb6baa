import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { micros } from '../src/core/time.ts'
import type { Store } from '../src/store/store.ts'
import { servedAtFile } from './open-store.ts'
import { createApi } from './server/api.ts'
import { listen } from './server/listen.ts'
import type { Terminal } from './terminal.ts'

/** How long requests that are under way may take when the server stops. */
const GRACE_MS = 3000

export interface ServeOptions {
  readonly port: number
  readonly terminal: Terminal
  readonly stop: AbortSignal
  /** Directory of the embedded store: commands that find it held read there whom to ask. Absent for a server's store. */
  readonly directory?: string
}

/** Serves the HTTP interface over a store on loopback until `stop`. */
export async function serveUntilStopped(
  store: Store,
  { port, terminal, stop, directory }: ServeOptions,
): Promise<void> {
  const api = createApi({
    store,
    now: () => micros(Date.now() * 1000),
    reportError: error => {
      terminal.err(`A request failed: ${error instanceof Error ? error.message : String(error)}\n`)
    },
  })
  const server = await listen(api, { host: '127.0.0.1', port })
  terminal.err(
    `Serving ${server.url}/api/launches, /api/launches/ID, /api/phases and /api/report. Ctrl-C stops.\n` +
      `Other terminals: npx launchtrace launches --url ${server.url}, and show and report likewise.\n`,
  )
  if (directory !== undefined) await writeFile(servedAtFile(directory), `${server.url}\n`)
  if (!stop.aborted) await once(stop, 'abort')
  if (directory !== undefined) await rm(servedAtFile(directory), { force: true })
  await server.close(GRACE_MS)
}
