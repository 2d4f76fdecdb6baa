import type { Router } from 'express'
import { Router as createRouter } from 'express'
import type { Registry } from 'prom-client'
import type { ProcessStatus } from '../process/status.ts'
import { serveMetrics } from './metrics.ts'

export interface OwnRoutesDeps {
  readonly registry: Registry
  readonly status: () => Promise<ProcessStatus>
}

/** What a running process says of itself: `/metrics` and `/api/status`. */
export function createOwnRoutes({ registry, status }: OwnRoutesDeps): Router {
  return createRouter()
    .get('/metrics', serveMetrics(registry))
    .get('/api/status', async (_request, response) => {
      response.json(await status())
    })
}
