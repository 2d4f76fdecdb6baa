import type { ClickHouseClient } from '@clickhouse/client'

/** A question and its parameters. Values travel only as parameters, never inside the text. */
export interface Question {
  readonly query: string
  readonly params?: Readonly<Record<string, unknown>>
}

/** Whole numbers of 64 bits come as numbers: microseconds of today fit a double exactly. */
const READ_SETTINGS = 'SETTINGS output_format_json_quote_64bit_integers = 0'

/**
 * Sorting and grouping spill to disk beyond 128 MiB, and blocks are small, so that a stream of any length needs little
 * memory on both sides.
 */
const STREAM_SETTINGS = `${READ_SETTINGS}, max_bytes_before_external_sort = 134217728,
  max_bytes_before_external_group_by = 134217728, max_block_size = 2048`

/** All rows of an answer that is known to be small. */
export async function readRows<Row>(client: ClickHouseClient, question: Question): Promise<readonly Row[]> {
  const result = await client.query({
    query: `${question.query} ${READ_SETTINGS}`,
    format: 'JSONEachRow',
    query_params: { ...question.params },
  })
  return result.json<Row>()
}

/** The rows of an answer of any size, as they come, in blocks of at most a few thousand. */
export async function* streamRows<Row>(client: ClickHouseClient, question: Question): AsyncIterable<readonly Row[]> {
  const result = await client.query({
    query: `${question.query} ${STREAM_SETTINGS}`,
    format: 'JSONEachRow',
    query_params: { ...question.params },
  })
  for await (const block of result.stream<Row>()) yield block.map(row => row.json())
}

/** Regroups blocks of any size into batches of exactly `size`, the last one shorter. */
export async function* inBatchesOf<Item>(
  size: number,
  blocks: AsyncIterable<readonly Item[]>,
): AsyncIterable<readonly Item[]> {
  let waiting: Item[] = []
  for await (const block of blocks) {
    waiting.push(...block)
    while (waiting.length >= size) {
      yield waiting.slice(0, size)
      waiting = waiting.slice(size)
    }
  }
  if (waiting.length > 0) yield waiting
}

/** Parts of at most `size` items. */
export function* chunksOf<Item>(size: number, items: readonly Item[]): Iterable<readonly Item[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}

/**
 * How many ids one question carries: over HTTP they travel in the URL, and a ClickHouse server takes at most 128 KiB
 * in one field (`http_max_field_value_size`).
 */
export const IDS_PER_QUESTION = 1000

/**
 * Writes rows so that they are durable when this resolves: no server-side queue, one part on disk for each insert.
 * The limit on partitions of one insert is lifted: an import of old logs spans as many months as it spans.
 */
export async function insertRows(client: ClickHouseClient, table: string, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return
  await client.insert({
    table,
    values: [...rows],
    format: 'JSONEachRow',
    clickhouse_settings: { async_insert: 0, max_partitions_per_insert_block: '0' },
  })
}
