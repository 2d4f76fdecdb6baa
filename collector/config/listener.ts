import type { z } from 'zod'
import type { Address } from './address.ts'
import { isLoopback } from './address.ts'
import { refuse } from './refuse.ts'
import type { Secret } from './secret.ts'

/** What every listener has. */
interface Listener {
  readonly listen: Address
  readonly token?: Secret
}

export const TOKEN_ADVICE =
  'Clients send it as `Authorization: Bearer TOKEN`. Required when others than this machine can connect.'

/** Refuses a listener that others can reach and that lets everyone in. */
export function checkTokenIsThere({ listen, token }: Listener, context: z.RefinementCtx): void {
  if (token !== undefined || isLoopback(listen.host)) return
  const message = `listen is ${listen.host}, which others can reach, and token is missing.`
  refuse(context, { message, advice: 'Set token, or listen on 127.0.0.1.', path: ['listen'] })
}
