import { closeSync, openSync, readSync } from 'node:fs'

/** Why a file has no text to give: the rest of a sentence that begins with its name. */
export class UnreadableError extends Error {}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  EISDIR: 'is a directory',
  ENOTDIR: 'is not there: what stands above it is no directory',
  ELOOP: 'leads in a circle of symbolic links',
  ENAMETOOLONG: 'has too long a name',
}

function asUnreadable(error: unknown): UnreadableError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return new UnreadableError(REASONS[code] ?? `cannot be read (${code === '' ? 'it has no usable name' : code})`, {
    cause: error,
  })
}

/** Reads no more than one byte above the limit, so that a device without an end does no harm. */
function readBytes(file: string, most: number): Buffer {
  const bytes = Buffer.alloc(most + 1)
  const descriptor = openSync(file, 'r')
  try {
    let filled = 0
    for (;;) {
      const read = readSync(descriptor, bytes, filled, bytes.length - filled, null)
      filled += read
      if (read === 0 || filled === bytes.length) return bytes.subarray(0, filled)
    }
  } finally {
    closeSync(descriptor)
  }
}

/**
 * The text of a small file.
 * @throws {UnreadableError} when it is not there, not readable, longer than `most` bytes, or no UTF-8 text
 */
export function readText(file: string, most: number): string {
  let bytes: Buffer
  try {
    bytes = readBytes(file, most)
  } catch (error) {
    throw asUnreadable(error)
  }
  if (bytes.length > most) throw new UnreadableError(`is longer than ${String(most)} bytes`)
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (!text.includes('\0')) return text
  } catch (error) {
    throw new UnreadableError('is no UTF-8 text', { cause: error })
  }
  throw new UnreadableError('is no text but binary')
}
