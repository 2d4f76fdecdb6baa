import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import express from 'express'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { collectProcessMetrics, serveMetrics } from '../../../collector/server/metrics.ts'
import { recordTelemetry } from '../../support/telemetry.ts'

/** What Prometheus 2 sends. */
const SCRAPER =
  'application/openmetrics-text;version=1.0.0;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.1'

describe('/metrics', () => {
  let server: Server
  let url: string

  beforeEach(async () => {
    const telemetry = recordTelemetry()
    collectProcessMetrics(telemetry.registry)
    telemetry.count('launchtrace_source_lines_total', { source: 'files' }, 3)
    telemetry.set('launchtrace_rebuild_waiting', {}, 2)
    telemetry.observe('launchtrace_rebuild_seconds', {}, 0.2)
    const app = express()
    app.get('/metrics', serveMetrics(telemetry.registry))
    server = createServer(app).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    url = `http://127.0.0.1:${String(typeof address === 'object' && address !== null ? address.port : 0)}/metrics`
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  async function scrape(accept: string): Promise<{ readonly type: string | null; readonly text: string }> {
    const response = await fetch(url, { headers: { accept } })
    return { type: response.headers.get('content-type'), text: await response.text() }
  }

  it("is Prometheus's text unless asked otherwise", async () => {
    for (const accept of ['*/*', 'text/plain', 'text/html,*/*;q=0.8']) {
      const { type, text } = await scrape(accept)
      expect(type).toBe('text/plain; version=0.0.4; charset=utf-8')
      expect(text).toContain(
        '# TYPE launchtrace_source_lines_total counter\nlaunchtrace_source_lines_total{source="files"} 3\n',
      )
      expect(text).not.toContain('# EOF')
    }
  })

  it('is OpenMetrics when asked for, and neither format changes the other', async () => {
    await scrape(SCRAPER)
    const plain = await scrape('text/plain')
    const open = await scrape(SCRAPER)
    expect(plain.text).toContain('\nlaunchtrace_source_lines_total{source="files"} 3\n')
    expect(open.type).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
    expect(open.text).toContain(
      '# HELP launchtrace_source_lines Log lines read by a source.\n# TYPE launchtrace_source_lines counter\nlaunchtrace_source_lines_total{source="files"} 3\n',
    )
    expect(open.text).toContain('# TYPE launchtrace_rebuild_seconds histogram\n')
    // A gauge that is called so.
    expect(open.text).toContain('# TYPE nodejs_active_handles_total gauge\n')
    expect(open.text).toMatch(/\n# EOF\n$/)
    expect(open.text).not.toMatch(/\n\n/)
  })

  it('tells of the process itself', async () => {
    const { text } = await scrape('*/*')
    for (const name of [
      'process_resident_memory_bytes',
      'process_cpu_seconds_total',
      'nodejs_eventloop_lag_p99_seconds',
    ])
      expect(text).toMatch(new RegExp(`^${name} [0-9.e+-]+$`, 'm'))
  })
})
