import type { RequestListener } from 'node:http'
import express from 'express'
import type { Router } from 'express'
import type { ServeConfig } from '../config/schema.ts'
import { checkHost, readOnly, securityHeaders } from '../server/guards.ts'
import type { ListenOptions, RunningServer } from '../server/listen.ts'
import { listen } from '../server/listen.ts'
import { sendProblem } from '../server/problem.ts'
import { readServerTls } from './tls-files.ts'

/** What every listener of a configuration has. */
type ListenerConfig = Pick<ServeConfig, 'listen' | 'token' | 'tls'>

/** How a listener of the configuration is opened. */
export function listenOptionsOf({ listen: { host, port }, token, tls }: ListenerConfig): ListenOptions {
  return {
    host,
    port,
    ...(token === undefined ? {} : { token: token.reveal() }),
    ...(tls === undefined ? {} : { tls: readServerTls(tls) }),
  }
}

/** Opens the program's own interface; probes need no token. */
export function serveOwn(listener: RequestListener, config: ServeConfig): Promise<RunningServer> {
  return listen(listener, { ...listenOptionsOf(config), openPaths: ['/healthz', '/readyz'] })
}

/** The interface of a process that stores nothing: how it is, and nothing else. */
export function createAgentApp(ownRoutes: Router, { allowedHosts, listen: { host } }: ServeConfig): RequestListener {
  const app = express()
  app.disable('x-powered-by').disable('etag')
  app.use(securityHeaders, checkHost([...allowedHosts, host]), readOnly)
  app.use(ownRoutes)
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }))
  app.get('/readyz', (_request, response) => void response.json({ status: 'ready' }))
  app.use((_request, response) => {
    const message = 'There is nothing here; an agent answers /api/status, /metrics, /healthz and /readyz.'
    sendProblem(response, { status: 404, code: 'LAUNCHTRACE_NOT_FOUND', message })
  })
  return app
}
