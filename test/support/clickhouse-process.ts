import { openEmbeddedStore } from '../../src/store/embedded.ts'
import { serveHttpInterface } from '../../src/store/http-interface.ts'

/* A ClickHouse as far as clients over HTTP can tell: the embedded engine on a directory, until somebody kills it. */
const [directory = '', port = '', password = ''] = process.argv.slice(2)
const engine = await openEmbeddedStore({ directory })

await serveHttpInterface({
  openSession: () => engine.openSession(),
  host: '127.0.0.1',
  port: Number(port),
  readOnly: false,
  password,
})
