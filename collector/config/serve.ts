import { z } from 'zod'
import { listenAddress } from './address.ts'
import { checkTokenIsThere, TOKEN_ADVICE } from './listener.ts'
import { secret } from './secret-field.ts'
import { name } from './text.ts'
import { listenerTls } from './tls.ts'

/** The program's own HTTP interface. */
export const serve = z
  .strictObject({
    listen: listenAddress()
      .prefault('127.0.0.1:8080')
      .describe('Where the page, the API, health and metrics are served.'),
    token: secret().exactOptional().describe(TOKEN_ADVICE),
    tls: listenerTls.exactOptional(),
    allowed_hosts: z
      .array(name())
      .default([])
      .describe(
        'Host names, beside loopback and the address itself, under which it may be asked. Others are refused with 403.',
      ),
  })
  .superRefine(checkTokenIsThere)
  .transform(({ allowed_hosts: allowedHosts, ...rest }) => ({ ...rest, allowedHosts }))
  .describe('The HTTP interface of this process: API, `/healthz`, `/readyz`, `/metrics`.')
