import { describeStore } from '../support/store-contract.ts'
import { httpPlace, serverPlace } from '../support/store.ts'

describeStore("the store over ClickHouse's HTTP protocol", httpPlace)

/** A real server, where one is at hand: `CLICKHOUSE_URL=http://127.0.0.1:8123 npx vitest run test/contract`. */
// eslint-disable-next-line no-restricted-properties -- A test takes its server from whoever starts it.
const url = process.env['CLICKHOUSE_URL']
if (url !== undefined) describeStore(`the store on the server ${url}`, () => serverPlace(url))
