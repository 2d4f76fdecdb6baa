import { z } from 'zod'
import { duration } from './duration.ts'
import { otlpHeaders } from './otlp-headers.ts'
import { name } from './text.ts'
import { url } from './url.ts'

const log = z
  .strictObject({
    level: z
      .enum(['debug', 'info', 'warn', 'error'])
      .default('info')
      .describe(
        'The least important lines to write. `warn` is what was recovered, `error` what was lost or needs a person.',
      ),
    format: z
      .enum(['auto', 'json', 'text'])
      .default('auto')
      .describe('`auto` writes text on a terminal and JSON elsewhere.'),
  })
  .prefault({})
  .describe('The log of the program itself, on stderr.')

const otlp = z
  .strictObject({
    url: url({ schemes: ['http', 'https'], example: 'http://localhost:4318', loginBelongsIn: 'headers' }).describe(
      'OTLP receiver; `/v1/traces` and `/v1/metrics` are added.',
    ),
    headers: otlpHeaders,
    interval: duration({ atLeast: '1s', atMost: '1h' })
      .prefault('30s')
      .describe('Time between two reports of metrics.'),
    service_name: name().default('launchtrace').describe('`service.name` of what it says of itself.'),
  })
  .transform(({ interval: intervalMs, service_name: serviceName, ...rest }) => ({ ...rest, intervalMs, serviceName }))
  .describe('Traces and metrics of the program itself, as OTLP over HTTP. Absent: `/metrics` only.')

/** What the program says of itself. */
export const telemetry = z
  .strictObject({ log, otlp: otlp.exactOptional() })
  .describe('What the program says of itself.')
