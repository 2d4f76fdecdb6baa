import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'

async function* textOf<Item>(
  first: IteratorResult<readonly Item[], unknown>,
  rest: AsyncIterator<readonly Item[], unknown>,
): AsyncGenerator<string> {
  yield '['
  let separator = ''
  for (let next = first; next.done !== true; next = await rest.next()) {
    if (next.value.length === 0) continue
    yield separator + next.value.map(item => JSON.stringify(item)).join(',\n')
    separator = ',\n'
  }
  yield ']\n'
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'
}

/**
 * Sends batches as one JSON array, reading the next batch only when the client has taken the one before: memory holds a
 * batch, however long the array. Rejects before anything is sent when the first batch fails; when a later one fails the
 * connection is cut, so that a client never takes a part for the whole. A client that leaves ends the reading.
 */
export async function sendJsonArray<Item>(response: Response, batches: AsyncIterable<readonly Item[]>): Promise<void> {
  const iterator = batches[Symbol.asyncIterator]()
  try {
    const first = await iterator.next()
    response.type('json')
    await pipeline(Readable.from(textOf(first, iterator)), response)
  } catch (error) {
    if (!isGone(error)) throw error
  } finally {
    await iterator.return?.()
  }
}
