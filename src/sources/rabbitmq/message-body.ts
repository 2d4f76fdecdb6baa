import { unzipSync } from 'node:zlib'
import { MAX_BODY_LENGTH } from '../deliveries.ts'

/** What the library gives of a message, as far as a body needs it. */
export interface ReceivedMessage {
  readonly body: unknown
  readonly headers: Readonly<Record<string, unknown>> | undefined
}

/** Kombu's name for bodies that `kombu_compression = gzip` made; they are zlib's (kombu: compression.py). */
const COMPRESSED = 'application/x-gzip'

function inflate(body: Buffer): Buffer | undefined {
  try {
    return unzipSync(body, { maxOutputLength: MAX_BODY_LENGTH })
  } catch {
    return undefined
  }
}

/**
 * The text of a body; undefined when it is too large, or is said to be compressed and is not. Bytes that are no UTF-8
 * become replacement characters. The library has already decoded bodies that claim to be JSON without an encoding.
 */
export function readBody({ body, headers }: ReceivedMessage): string | undefined {
  if (!Buffer.isBuffer(body)) return typeof body === 'string' ? body : JSON.stringify(body)
  const bytes = headers?.['compression'] === COMPRESSED ? inflate(body) : body
  if (bytes === undefined || bytes.length > MAX_BODY_LENGTH) return undefined
  return bytes.toString('utf8')
}
