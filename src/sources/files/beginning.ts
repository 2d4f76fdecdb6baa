import { closeSync } from 'node:fs'
import { FINGERPRINT_BYTES, hasFingerprint } from './fingerprint.ts'
import { openRegular, readRange } from './regular-file.ts'
import type { Sibling } from './siblings.ts'
import type { Tail } from './tail.ts'
import type { Resume } from './trail.ts'

/** How far back from the end of a file its last line may begin. */
const LAST_LINE_BYTES = 1_048_576
const NEWLINE = 10

/** The first bytes of an open file, as many as a fingerprint is made of. @throws what the system says */
export function headOf(descriptor: number): Buffer {
  return readRange(descriptor, 0, FINGERPRINT_BYTES)
}

/** Whether a file that begins like this may be a copy of what another one holds, or held. */
export function isCopyOf(head: Buffer, { fingerprint }: Tail): boolean {
  return fingerprint !== undefined && fingerprint.length > 0 && hasFingerprint(head, fingerprint)
}

/** The same of a file that is not open. One that cannot be read is none. */
export function isCopyAt({ path, identity }: Sibling, original: Tail): boolean {
  try {
    const descriptor = openRegular(path, identity)
    try {
      return isCopyOf(headOf(descriptor), original)
    } finally {
      closeSync(descriptor)
    }
  } catch {
    return false
  }
}

/** Where the last line of an open file begins: only what comes later is taken. @throws what the system says */
export function endOf(descriptor: number, size: number, reach: number): Resume {
  const last = readRange(descriptor, Math.max(0, size - LAST_LINE_BYTES), size)
  const newline = last.lastIndexOf(NEWLINE)
  const offset = newline < 0 && size > LAST_LINE_BYTES ? size : size - last.length + newline + 1
  return { offset, from: Math.max(0, offset - reach) }
}
