import express from 'express'
import type { ErrorRequestHandler, Express, Router } from 'express'
import { checkHost, securityHeaders } from './guards.ts'
import { problemOf, sendProblem } from './problem.ts'

export interface IntakeAppDeps {
  /** For example of `createSignalsRoute` and `createLogsRoute`. */
  readonly routes: readonly Router[]
  /** Is told of every failure that is not the client's. */
  readonly reportError: (error: unknown) => void
  /** Whether the listener asks for a token. Where it does not, a foreign page must not get in by another name of loopback. */
  readonly hasToken: boolean
}

function handleError({ reportError }: IntakeAppDeps): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  // eslint-disable-next-line max-params
  return (error: unknown, _request, response, _next) => {
    const problem = problemOf(error)
    if (problem.status >= 500) reportError(error)
    if (response.headersSent) response.destroy()
    else sendProblem(response, problem)
  }
}

/**
 * What a listener answers that only takes telemetry in. Pages in a browser cannot send to it: the routes take content types
 * that browsers ask about first, and are told no.
 */
export function createIntakeApp(deps: IntakeAppDeps): Express {
  const app = express()
  app.disable('x-powered-by').disable('etag')
  app.use(securityHeaders)
  if (!deps.hasToken) app.use(checkHost([]))
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }))
  for (const route of deps.routes) app.use(route)
  app.use((_request, response) => {
    const message = 'There is nothing here; agents send to /v1/signals, and OpenTelemetry to /v1/logs.'
    sendProblem(response, { status: 404, code: 'LAUNCHTRACE_NOT_FOUND', message })
  })
  app.use(handleError(deps))
  return app
}
