import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'

/** Bounds of what one request may bring. */
export interface BodyLimits {
  /** As sent. */
  readonly bytes: number
  /** Unpacked: a few kilobytes of gzip can hold gigabytes. */
  readonly unpackedBytes: number
}

/** The whole body, unpacked, or why there is none. `gone`: the client left; nobody waits for an answer. */
export type RequestBody =
  | { readonly kind: 'body'; readonly bytes: Buffer }
  | { readonly kind: 'refused'; readonly status: 400 | 413 | 415; readonly message: string }
  | { readonly kind: 'gone' }

const unpack = promisify(gunzip)

function tooLarge(limit: number): RequestBody {
  const message = `The body is larger than ${limit} bytes; send it in parts.`
  return { kind: 'refused', status: 413, message }
}

/** Undefined when there is more than `limit`. What a client sends beyond it is read and thrown away, so that it sees the answer. */
async function collect(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.from(chunk as Uint8Array)
    size += bytes.length
    if (size > limit) {
      request.resume()
      return undefined
    }
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

async function unpacked(packed: Buffer, limit: number): Promise<RequestBody> {
  try {
    return { kind: 'body', bytes: await unpack(packed, { maxOutputLength: limit }) }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(limit)
    return {
      kind: 'refused',
      status: 400,
      message: 'The body is no gzip; send it plain, or packed as Content-Encoding says.',
    }
  }
}

/** Reads the body of a request. Never holds more of it than the limits say, and never throws. */
export async function readRequestBody(request: IncomingMessage, limits: BodyLimits): Promise<RequestBody> {
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity' && encoding !== 'gzip') {
    return { kind: 'refused', status: 415, message: 'The body may be packed with gzip only.' }
  }
  if (Number(request.headers['content-length'] ?? 0) > limits.bytes) return tooLarge(limits.bytes)
  const sent = await collect(request, limits.bytes).catch(() => 'gone' as const)
  if (sent === 'gone') return { kind: 'gone' }
  if (sent === undefined) return tooLarge(limits.bytes)
  return encoding === 'gzip' ? unpacked(sent, limits.unpackedBytes) : { kind: 'body', bytes: sent }
}
