import type { RequestHandler } from 'express'
import { collectDefaultMetrics, Registry } from 'prom-client'

/** Adds what Node.js knows of the process to `/metrics`: resident memory, processor time, event-loop lag, collections. */
export function collectProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry })
}

/** The blocks of prom-client's text: two comments, then the samples of one metric. */
const BLOCK_END = /\n\n/

/** In OpenMetrics a counter is called without `_total` in its comments, and only there. */
function toOpenMetricsBlock(block: string): string {
  return / counter$/m.test(block) ? block.replace(/^(# (?:HELP|TYPE) \S+?)_total /gm, '$1 ') : block
}

/**
 * The same metrics as OpenMetrics 1.0. Prom-client can print that too, but renames the counters themselves to do it: from
 * then on they would have lost their `_total` in the other format.
 */
function toOpenMetrics(text: string): string {
  return `${text.trimEnd().split(BLOCK_END).map(toOpenMetricsBlock).join('\n')}\n# EOF\n`
}

/** With and without the versions that scrapers name; the first stands for who takes anything. */
const PLAIN = ['text/plain', 'text/plain;version=0.0.4']
const OPEN = ['application/openmetrics-text', 'application/openmetrics-text;version=1.0.0']

/** Answers with everything that `registry` counts, as OpenMetrics for who asks for it and else as Prometheus's text. */
export function serveMetrics(registry: Registry): RequestHandler {
  return async (request, response) => {
    const text = await registry.metrics()
    const accepted = request.accepts([...PLAIN, ...OPEN])
    const isOpen = OPEN.some(type => type === accepted)
    // Express would put its own parameters in order; scrapers compare the type as it stands.
    response.setHeader('Content-Type', isOpen ? Registry.OPENMETRICS_CONTENT_TYPE : Registry.PROMETHEUS_CONTENT_TYPE)
    response.setHeader('Vary', 'Accept')
    response.end(isOpen ? toOpenMetrics(text) : text)
  }
}
