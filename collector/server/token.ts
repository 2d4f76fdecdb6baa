import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** A token is whatever the configuration says, blanks in it too. */
const BEARER = /^Bearer +(.*\S) *$/i

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/**
 * Tells whether a request bears `token` as `Authorization: Bearer …`. How long it takes says nothing of how much of the
 * token was right, nor of its length.
 */
export function createTokenCheck(token: string): (request: IncomingMessage) => boolean {
  const wanted = digest(token)
  return ({ headers: { authorization = '' } }) =>
    timingSafeEqual(digest(BEARER.exec(authorization)?.[1] ?? ''), wanted) && token !== ''
}
