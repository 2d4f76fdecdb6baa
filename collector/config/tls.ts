import { z } from 'zod'
import { refuse } from './refuse.ts'
import { path } from './text.ts'
import { isEncrypted } from './url.ts'

interface Pair {
  readonly cert?: string
  readonly key?: string
}

function needsBoth({ cert, key }: Pair, context: z.RefinementCtx): void {
  if ((cert === undefined) === (key === undefined)) return
  const [given, missing] = cert === undefined ? ['key', 'cert'] : ['cert', 'key']
  const advice = `Give both, or neither for a connection without a client certificate.`
  refuse(context, { message: `${given} is given and ${missing} is missing.`, advice, path: [given] })
}

/** How this program proves who it is, and whom it believes, when it connects. */
export const clientTls = z
  .strictObject({
    ca: path()
      .exactOptional()
      .describe('Certificates of the authorities to believe, as PEM. Default: those of the system.'),
    cert: path().exactOptional().describe('Client certificate to show, as PEM; needs `key`.'),
    key: path().exactOptional().describe('Private key of `cert`, as PEM.'),
    verify: z
      .boolean()
      .default(true)
      .describe(
        'Whether the certificate of the other side is checked. `false` lets anyone in between read and change everything.',
      ),
  })
  .superRefine(needsBoth)
  .describe('TLS of the connection. `{}` switches it on with the authorities of the system where no URL says so.')

/** How a listener encrypts. */
export const listenerTls = z
  .strictObject({
    cert: path().describe('Certificate to show, with its chain, as PEM.'),
    key: path().describe('Private key of `cert`, as PEM.'),
    client_ca: path()
      .exactOptional()
      .describe('Authorities whose clients may connect, as PEM. Clients without such a certificate are refused.'),
  })
  .transform(({ client_ca: clientCa, ...rest }) => ({ ...rest, ...(clientCa === undefined ? {} : { clientCa }) }))
  .describe('Speaks HTTPS instead of HTTP.')

/** Refuses settings of TLS beside a URL that does not use it. */
export function checkTlsIsUsed(
  { url, tls }: { readonly url: string; readonly tls?: unknown },
  context: z.RefinementCtx,
): void {
  if (tls === undefined || isEncrypted(url)) return
  const scheme = url.slice(0, url.indexOf(':'))
  const advice = `Write ${scheme}s:// in url, or remove tls.`
  refuse(context, { message: `tls is given, and url is ${scheme}://, which is not encrypted.`, advice, path: ['tls'] })
}
