import { z } from 'zod'
import { checkLoginIsOne, separateLogin } from './login.ts'
import { refuse } from './refuse.ts'
import { secret } from './secret-field.ts'
import { name, path } from './text.ts'
import { checkTlsIsUsed } from './tls.ts'
import { url } from './url.ts'

const DATABASE = /^\/(?:[a-z_]\w{0,63}\/?)?$/i

const clickhouse = z
  .strictObject({
    url: url({ schemes: ['http', 'https'], example: 'http://localhost:8123/launchtrace' })
      .superRefine((value, context) => {
        if (DATABASE.test(URL.parse(value)?.pathname ?? '/')) return
        const advice = 'Its path takes the name of a database: a letter, then letters, digits and underscores.'
        refuse(context, { quoted: value, message: 'names no database.', advice })
      })
      .describe('HTTP interface of the server; the path names the database, `launchtrace` where there is none.'),
    user: name()
      .exactOptional()
      .describe('User of the server. Default: `default`. It needs to make tables in the database.'),
    password: secret()
      .exactOptional()
      .describe(
        'Password of the user. Where none is given, `LAUNCHTRACE_CLICKHOUSE_PASSWORD` of the environment is it.',
      ),
    tls: z
      .strictObject({ ca: path().describe('Certificates of the authorities to believe, as PEM.') })
      .exactOptional()
      .describe('TLS of the connection. Absent: the authorities of the system, where the URL is `https`.'),
  })
  .superRefine(checkTlsIsUsed)
  .superRefine(checkLoginIsOne)
  .transform(value => {
    const login = separateLogin(value)
    const { origin, pathname } = new URL(login.url)
    const database = pathname.replaceAll('/', '')
    return { ...login, url: origin, database: database === '' ? 'launchtrace' : database }
  })
  .describe('A ClickHouse server, 24.8 or later. Absent: the engine inside this program.')

/** Where facts and launches are kept. */
export const store = z
  .strictObject({
    data: path()
      .exactOptional()
      .describe(
        'Directory of the embedded store, held by one process at a time. Default: `launchtrace` in `$XDG_DATA_HOME` or `~/.local/share`.',
      ),
    clickhouse: clickhouse.exactOptional(),
  })
  .superRefine(({ data, clickhouse: server }, context) => {
    if (data === undefined || server === undefined) return
    const message = 'data and clickhouse are both given, and there is one store.'
    refuse(context, { message, advice: 'Remove one of them.', path: ['data'] })
  })
  .describe('Where facts and launches are kept: `data` or `clickhouse`. An `agent` has none.')
