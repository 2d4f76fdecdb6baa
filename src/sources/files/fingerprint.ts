import { createHash } from 'node:crypto'

/** Bytes at a file's beginning by which its content is known again: more than one line, so there is a time in them. */
export const FINGERPRINT_BYTES = 1024

/** What a file's content began with. */
export interface Fingerprint {
  /** Bytes that were there, at most `FINGERPRINT_BYTES`. */
  readonly length: number
  /** 32 hex digits. */
  readonly hash: string
}

/** The fingerprint of a file that begins with these bytes. */
export function fingerprintOf(start: Buffer): Fingerprint {
  const bytes = start.subarray(0, FINGERPRINT_BYTES)
  return { length: bytes.length, hash: createHash('sha256').update(bytes).digest('hex').slice(0, 32) }
}

/** Whether a file that begins with these bytes may be the one that had the fingerprint, or a copy of it. */
export function hasFingerprint(start: Buffer, { length, hash }: Fingerprint): boolean {
  return start.length >= length && fingerprintOf(start.subarray(0, length)).hash === hash
}
