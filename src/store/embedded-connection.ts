import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import type { ClickHouseClientConfigOptions } from '@clickhouse/client'
import type { Session } from 'chdb'
import type { ChdbConnection, ConnBaseQueryParams as ChdbParams } from 'chdb/connection'
import type { SessionPool } from './session-pool.ts'

type Connection = NonNullable<ClickHouseClientConfigOptions['connection']>
type QueryParams = Parameters<Connection['query']>[0]
type QueryResult = Awaited<ReturnType<Connection['query']>>

/**
 * The writer does all that writes; reads stream from a pool of sessions. The stock connection would hold every answer
 * whole in memory, and it runs all questions that have parameters one after another in the whole process, so that one
 * slow report would stop ingestion.
 */
export function createEmbeddedConnection(writer: ChdbConnection, sessions: SessionPool): Connection {
  return {
    ping: () => writer.ping({ select: true }),
    insert: params => writer.insert({ ...toChdbParams(params), values: params.values }),
    command: params => writer.command(toChdbParams(params)),
    exec: params => writer.exec({ ...toChdbParams(params), ...(params.values && { values: params.values }) }),
    query: params => streamQuery(sessions, params),
    close: () => writer.close(),
  }
}

/** chDB types its parameters with a copy of the client's classes of its own; the values are the same. */
function toChdbParams({ query, query_params, clickhouse_settings }: QueryParams): ChdbParams {
  const settings: Record<string, string | number | boolean> = {}
  for (const [name, value] of Object.entries(clickhouse_settings ?? {}))
    if (value !== undefined && typeof value !== 'object') settings[name] = value
  return { query, clickhouse_settings: settings, ...(query_params && { query_params }) }
}

async function streamQuery(sessions: SessionPool, params: QueryParams): Promise<QueryResult> {
  const session = await sessions.acquire()
  const blocks = readBlocks(session, params, reusable => sessions.release(session, reusable))
  // A question that the engine refuses must fail here, as it does over HTTP, not in the middle of the answer.
  const first = await blocks.next()
  const stream = Readable.from(first.done === true ? [] : prepend(first.value, blocks), { objectMode: false })
  return { stream, query_id: params.query_id ?? randomUUID(), response_headers: {}, http_status_code: 200 }
}

async function* readBlocks(
  session: Session,
  params: QueryParams,
  release: (reusable: boolean) => void,
): AsyncGenerator<Uint8Array, void> {
  let finished = false
  try {
    for await (const block of session.queryStreamBind(params.query, params.query_params ?? {})) yield block.raw()
    finished = true
  } finally {
    release(finished)
  }
}

async function* prepend(first: Uint8Array, rest: AsyncGenerator<Uint8Array, void>): AsyncGenerator<Uint8Array, void> {
  try {
    yield first
    yield* rest
  } finally {
    await rest.return()
  }
}
