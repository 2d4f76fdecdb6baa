import express from 'express'
import type { ErrorRequestHandler, Express, Request, RequestHandler, Response, Router } from 'express'
import type { Launch } from '../../src/core/launch.ts'
import { plusSeconds } from '../../src/core/time.ts'
import type { UnixMicros } from '../../src/core/time.ts'
import type { LaunchFilter, Store, TimeRange } from '../../src/store/store.ts'
import { FILTER_NAMES, parseLaunchFilter } from '../filters.ts'
import type { FilterName, FilterTexts } from '../filters.ts'
import { launchToJson, spanToJson } from '../render/json.ts'
import type { LaunchJson } from '../render/json.ts'
import { reportToJson } from '../render/report-json.ts'
import { UsageError } from '../usage-error.ts'
import { makeReport } from '../reading/launch-reader.ts'
import { findWholeLaunches } from '../reading/whole-launch.ts'
import { checkHost, readOnly, securityHeaders } from './guards.ts'
import { sendJsonArray } from './json-array.ts'
import { problemOf, sendProblem } from './problem.ts'

export interface ApiDeps {
  readonly store: Store
  /** What `since=2h` counts back from. */
  readonly now: () => UnixMicros
  /** Is told of every failure that is not the client's; the client sees only that there was one. */
  readonly reportError: (error: unknown) => void
  /** False while the process starts or drains; true when absent. */
  readonly isReady?: () => boolean
  /** Host names beside loopback under which the interface may be reached, for example behind a proxy. */
  readonly allowedHosts?: readonly string[]
  /** What the process says of itself, where it does more than serve. */
  readonly ownRoutes?: Router
}

const RANGE_NAMES: readonly FilterName[] = ['since', 'until']

function isOneOf(names: readonly FilterName[], name: string): name is FilterName {
  return names.some(known => known === name)
}

function textsOf({ query }: Request, names: readonly FilterName[]): FilterTexts {
  const texts: Partial<Record<FilterName, string>> = {}
  for (const [name, text] of Object.entries(query)) {
    if (!isOneOf(names, name)) {
      throw new UsageError(`There is no parameter ${JSON.stringify(name.slice(0, 60))}; there are ${names.join(', ')}.`)
    }
    if (typeof text !== 'string') throw new UsageError(`${name} is given more than once; give it once.`)
    texts[name] = text
  }
  return texts
}

function filterOf(request: Request, names: readonly FilterName[], now: UnixMicros): LaunchFilter {
  return parseLaunchFilter(textsOf(request, names), { now, label: name => name })
}

async function* toJson(batches: AsyncIterable<readonly Launch[]>): AsyncGenerator<readonly LaunchJson[]> {
  for await (const batch of batches) yield batch.map(launchToJson)
}

function listLaunches({ store, now }: ApiDeps): RequestHandler {
  return async (request, response) => {
    const filter = filterOf(request, FILTER_NAMES, now())
    if (request.method === 'HEAD') response.type('json').end()
    else await sendJsonArray(response, toJson(store.readLaunches(filter)))
  }
}

function checkId(id: string): void {
  if (/^[0-9a-z-]{4,64}$/i.test(id)) return
  throw new UsageError(
    `${JSON.stringify(id.slice(0, 60))} is no id; give a request id, trace id or instance uuid, or at least 4 characters of one.`,
  )
}

function sendCandidates(response: Response, launches: readonly Launch[]): void {
  const message = `${String(launches.length)} launches match; ask for one of them by its instance uuid.`
  const problem = { status: 300, code: 'LAUNCHTRACE_AMBIGUOUS', message } as const
  sendProblem(response, problem, { launches: launches.map(launchToJson) })
}

function showLaunch({ store }: ApiDeps): RequestHandler<{ id: string }> {
  return async ({ params: { id } }, response) => {
    checkId(id)
    const launches = await findWholeLaunches(store, id.toLowerCase())
    const [launch] = launches
    if (launches.length > 1) sendCandidates(response, launches)
    else if (launch !== undefined) response.json({ launch: launchToJson(launch), spans: launch.spans.map(spanToJson) })
    else {
      const message = `No launch has the id ${id}; /api/launches lists those there are.`
      sendProblem(response, { status: 404, code: 'LAUNCHTRACE_NOT_FOUND', message })
    }
  }
}

/** What the query leaves open is taken from the stored signals; undefined when there are none. */
async function rangeOf({ since, until }: LaunchFilter, store: Store): Promise<TimeRange | undefined> {
  if (since !== undefined && until !== undefined) return { from: since, to: until }
  const whole = await store.signalRange()
  if (whole === undefined) return undefined
  // A launch may start with the last signal, and ranges are half open.
  return { from: since ?? whole.from, to: until ?? plusSeconds(whole.to, 1) }
}

function listPhases({ store, now }: ApiDeps): RequestHandler {
  return async (request, response) => {
    const range = await rangeOf(filterOf(request, RANGE_NAMES, now()), store)
    response.json(range === undefined ? [] : await store.phaseLatency(range))
  }
}

function showReport({ store, now }: ApiDeps): RequestHandler {
  return async (request, response) => {
    const report = await makeReport(store, filterOf(request, RANGE_NAMES, now()))
    if (report !== undefined) response.json(reportToJson(report))
    else
      sendProblem(response, { status: 404, code: 'LAUNCHTRACE_NOT_FOUND', message: 'There are no facts to report on.' })
  }
}

function readiness({ store, isReady = () => true }: ApiDeps): RequestHandler {
  return async (_request, response) => {
    if (isReady()) {
      await store.signalRange()
      response.json({ status: 'ready' })
    } else {
      const message = 'launchtrace is starting or stopping; try again in a few seconds.'
      sendProblem(response, { status: 503, code: 'LAUNCHTRACE_NOT_READY', message })
    }
  }
}

function handleError({ reportError }: ApiDeps): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  // eslint-disable-next-line max-params
  return (error: unknown, _request, response, _next) => {
    const problem = problemOf(error)
    if (problem.status >= 500) reportError(error)
    if (response.headersSent) response.destroy()
    else sendProblem(response, problem)
  }
}

/** The HTTP interface over `store`: launches, phases and health as JSON, read only. */
export function createApi(deps: ApiDeps): Express {
  const app = express()
  app.disable('x-powered-by').disable('etag')
  app.use(securityHeaders, checkHost(deps.allowedHosts ?? []), readOnly)
  app.get('/api/launches', listLaunches(deps))
  app.get('/api/launches/:id', showLaunch(deps))
  app.get('/api/phases', listPhases(deps))
  app.get('/api/report', showReport(deps))
  if (deps.ownRoutes !== undefined) app.use(deps.ownRoutes)
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }))
  app.get('/readyz', readiness(deps))
  app.use((_request, response) => {
    const message =
      'There is nothing here; see /api/launches, /api/launches/ID, /api/phases, /api/report, /healthz and /readyz.'
    sendProblem(response, { status: 404, code: 'LAUNCHTRACE_NOT_FOUND', message })
  })
  app.use(handleError(deps))
  return app
}
