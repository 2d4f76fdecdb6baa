import { createReadStream, type ReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Transform } from 'node:stream'
import { finished } from 'node:stream/promises'
import zlib from 'node:zlib'
import createUnbzip2 from 'unbzip2-stream'

/** How a file is packed, by its first bytes: names lie. */
export type Compression = 'none' | 'gzip' | 'zstd' | 'bzip2'

const CHUNK = 256 * 1024

const MAGIC: readonly (readonly [compression: Compression, bytes: string])[] = [
  ['gzip', '1f8b'],
  ['zstd', '28b52ffd'],
  ['bzip2', '425a68'],
]

/** Formats that are not read, and what to do with them. */
const REFUSED: readonly (readonly [bytes: string, what: string, advice: string])[] = [
  ['fd377a585a00', 'it is compressed with xz', 'Unpack it with `xz -d` first.'],
  ['04224d18', 'it is compressed with lz4', 'Unpack it with `lz4 -d` first.'],
  ['504b0304', 'it is a zip archive', 'Unpack it first and import the folder.'],
  ['377abcaf271c', 'it is a 7z archive', 'Unpack it first and import the folder.'],
  [
    '4c504b5348485248',
    "it is a systemd journal's own file",
    'Export it first: journalctl --file FILE -o export > journal.export',
  ],
]

/** How the bytes at a file's beginning say that it is packed. */
export function compressionOf(start: Buffer): Compression {
  const hex = start.toString('hex', 0, 8)
  return MAGIC.find(([, bytes]) => hex.startsWith(bytes))?.[0] ?? 'none'
}

/** What to tell of a file in a format that is not read; `undefined` when nothing speaks against it. */
export function refusalOf(start: Buffer): { readonly what: string; readonly advice: string } | undefined {
  const hex = start.toString('hex', 0, 8)
  const found = REFUSED.find(([bytes]) => hex.startsWith(bytes))
  if (found !== undefined) return { what: found[1], advice: found[2] }
  if (start.toString('latin1', 257, 262) !== 'ustar') return undefined
  return { what: 'it is a tar archive', advice: 'Unpack it first and import the folder.' }
}

/** A stream's chunks, which the types of streams leave open. */
async function* buffersOf(stream: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  for await (const chunk of stream) if (Buffer.isBuffer(chunk)) yield chunk
}

/** The unpacker's own errors have no codes, and its author's jokes for messages. */
function damaged(code: 'Z_DATA_ERROR' | 'Z_BUF_ERROR', cause: unknown): Error {
  return Object.assign(new Error('its bzip2 data is damaged', { cause }), { code })
}

/** Feeds bzip2 by hand: what was unpacked before an error must come out before it. */
async function* unbzip2(raw: ReadStream): AsyncGenerator<Buffer> {
  const unpacker = createUnbzip2()
  const ready: Buffer[] = []
  const failures: unknown[] = []
  unpacker.on('data', bytes => ready.push(Buffer.from(bytes)))
  unpacker.on('error', cause => failures.push(cause))
  for await (const chunk of buffersOf(raw)) {
    unpacker.write(chunk)
    yield* ready.splice(0)
    if (failures.length > 0) throw damaged('Z_DATA_ERROR', failures[0])
  }
  unpacker.end()
  yield* ready.splice(0)
  if (failures.length > 0) throw damaged('Z_BUF_ERROR', failures[0])
}

function createUnzip(compression: 'gzip' | 'zstd'): Transform {
  if (compression === 'gzip') {
    // A file that ends early gives what it has; `endsEarly` tells that it did.
    return zlib.createGunzip({ chunkSize: CHUNK, finishFlush: zlib.constants.Z_SYNC_FLUSH })
  }
  if (!('createZstdDecompress' in zlib)) throw new Error('zstd needs Node.js 22.15 or later')
  return zlib.createZstdDecompress({ chunkSize: CHUNK })
}

/** The unpacked bytes of a file and how far it has been read. */
export interface UnpackedFile {
  readonly chunks: AsyncIterable<Buffer>
  /** Bytes read of the file as it lies on the disk. */
  bytesRead(): number
  close(): void
}

/** Opens a file for reading from its beginning. Errors come out of `chunks`. */
export function openUnpacked(path: string, compression: Compression): UnpackedFile {
  const raw = createReadStream(path, { highWaterMark: CHUNK })
  const bytesRead = (): number => raw.bytesRead
  if (compression === 'none') return { chunks: buffersOf(raw), bytesRead, close: () => raw.destroy() }
  if (compression === 'bzip2') return { chunks: unbzip2(raw), bytesRead, close: () => raw.destroy() }
  const unzip = createUnzip(compression)
  raw.on('error', error => unzip.destroy(error))
  raw.pipe(unzip)
  const close = (): void => {
    raw.destroy()
    unzip.destroy()
  }
  return { chunks: buffersOf(unzip), bytesRead, close }
}

/** The first bytes of a file as it lies on the disk. */
export async function readStart(path: string, length: number): Promise<Buffer> {
  const file = await open(path, 'r')
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** The first unpacked bytes, as many as come up to `length` and a chunk; empty when none can be unpacked. */
export async function readUnpackedStart(path: string, compression: Compression, length: number): Promise<Buffer> {
  const file = openUnpacked(path, compression)
  const chunks: Buffer[] = []
  let total = 0
  try {
    for await (const chunk of file.chunks) {
      chunks.push(chunk)
      total += chunk.length
      if (total >= length) break
    }
  } catch {
    // Reading the whole file meets the same error and names it.
  } finally {
    file.close()
  }
  return Buffer.concat(chunks)
}

/**
 * Whether a gzip file ends before its data does. Its last four bytes state the unpacked size; only when they differ,
 * as they do in a file of several parts too, it is unpacked once more, strictly.
 */
export async function endsEarly(path: string, size: number, unpackedBytes: number): Promise<boolean> {
  const file = await open(path, 'r')
  const { buffer } = await file.read(Buffer.alloc(4), 0, 4, Math.max(0, size - 4)).finally(() => file.close())
  if (buffer.readUInt32LE(0) === unpackedBytes % 2 ** 32) return false
  try {
    const strict = createReadStream(path).pipe(zlib.createGunzip())
    strict.resume()
    await finished(strict)
    return false
  } catch {
    return true
  }
}
