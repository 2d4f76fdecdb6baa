import { closeSync, constants, fstatSync, openSync, readSync, type BigIntStats } from 'node:fs'

/** Why a file is not read, as it is counted. */
export type Trouble =
  'permission' | 'vanished' | 'io' | 'too_many_open' | 'not_a_file' | 'compressed' | 'binary' | 'other'

const BY_CODE = new Map<string, Trouble>([
  ['EACCES', 'permission'],
  ['EPERM', 'permission'],
  ['ENOENT', 'vanished'],
  ['ENOTDIR', 'vanished'],
  ['ESTALE', 'vanished'],
  ['EIO', 'io'],
  ['EMFILE', 'too_many_open'],
  ['ENFILE', 'too_many_open'],
  ['EISDIR', 'not_a_file'],
  ['ENXIO', 'not_a_file'],
])

/** Says in one word what kept the system from reading. */
export function troubleOf(cause: unknown): Trouble {
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  return BY_CODE.get(code) ?? 'other'
}

/** Device and inode: what a file is, whatever it is called. */
export function identityOf(stat: BigIntStats): string {
  return `${stat.dev}:${stat.ino}`
}

/**
 * Opens a file for reading, and only that: what has come to stand in its place since it was looked at (a pipe, which would
 * keep us waiting, or another file) is refused. @throws what the system says
 */
export function openRegular(path: string, identity: string): number {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const stat = fstatSync(descriptor, { bigint: true })
  if (stat.isFile() && identityOf(stat) === identity) return descriptor
  closeSync(descriptor)
  throw Object.assign(new Error(`${path} was replaced`), { code: 'ENOENT' })
}

/** A copy to keep: a part of a longer buffer, or of one that is shared, would keep all of it. */
export function ownCopy(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length)
  bytes.copy(copy)
  return copy
}

/** The bytes from `from` up to `to`; fewer where the file ends before. @throws what the system says */
export function readRange(descriptor: number, from: number, to: number): Buffer {
  const bytes = Buffer.allocUnsafe(Math.max(0, to - from))
  let length = 0
  while (length < bytes.length) {
    const count = readSync(descriptor, bytes, length, bytes.length - length, from + length)
    if (count === 0) break
    length += count
  }
  return bytes.subarray(0, length)
}
