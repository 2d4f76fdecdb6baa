import type { z } from 'zod'
import { splitCredentials } from './credentials.ts'
import { refuse } from './refuse.ts'
import type { Secret } from './secret.ts'

/** A login that may stand in the URL or beside it. */
export interface Login {
  readonly url: string
  readonly user?: string
  readonly password?: Secret
}

/** Refuses a login that is stated twice. */
export function checkLoginIsOne(login: Login, context: z.RefinementCtx): void {
  const inUrl = splitCredentials(login.url)
  for (const field of ['user', 'password'] as const) {
    if (inUrl[field] === undefined || login[field] === undefined) continue
    const message = `url holds a ${field}, and ${field} is given too.`
    refuse(context, { message, advice: `Remove one of them; ${field} is the better place.`, path: [field] })
  }
}

/** Refuses a password of nobody. */
export function checkLoginHasUser(login: Login, context: z.RefinementCtx): void {
  const { user, password } = { ...splitCredentials(login.url), ...login }
  if (password === undefined || user !== undefined) return
  const message = 'password is given, and neither url nor user says whose it is.'
  refuse(context, { message, advice: 'Name the user.', path: ['password'] })
}

/** The login with user and password out of the URL. */
export function separateLogin<Given extends Login>(login: Given): Given {
  return { ...login, ...splitCredentials(login.url) }
}
