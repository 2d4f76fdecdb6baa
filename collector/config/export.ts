import { z } from 'zod'
import { duration } from './duration.ts'
import { otlpHeaders } from './otlp-headers.ts'
import { checkTlsIsUsed, clientTls } from './tls.ts'
import { url } from './url.ts'

const otlp = z
  .strictObject({
    url: url({
      schemes: ['http', 'https'],
      example: 'https://tempo.example:4318/v1/traces',
      loginBelongsIn: 'headers',
    }).describe('Where traces are posted, with its path: mostly `/v1/traces`.'),
    headers: otlpHeaders,
    settle: duration({ atLeast: '0s', atMost: '1h' })
      .prefault('30s')
      .describe('How long to wait for late facts once a launch has ended: it is sent once, as it is then.'),
    tls: clientTls.exactOptional(),
  })
  .superRefine(checkTlsIsUsed)
  .transform(({ settle: settleMs, ...rest }) => ({ ...rest, settleMs }))
  .describe('Sends finished launches as OTLP traces over HTTP to any OpenTelemetry back end. Absent: sends none.')

/** Where finished launches go beside the store. */
export const exporting = z
  .strictObject({ otlp: otlp.exactOptional() })
  .describe('Where finished launches are sent beside the store. An `agent` has none.')
