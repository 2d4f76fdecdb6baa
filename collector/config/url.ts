import { z } from 'zod'
import { refuse } from './refuse.ts'

/** What a URL of the configuration may be. */
export interface UrlRule {
  /** Accepted schemes, without a colon. */
  readonly schemes: readonly string[]
  readonly example: string
  /** Where a login belongs that stands in the URL; undefined where it may stand there. */
  readonly loginBelongsIn?: string
}

function whyRefused(value: string, { schemes, loginBelongsIn }: UrlRule): string | undefined {
  const url = URL.parse(value)
  if (url === null || url.host === '' || /\s/.test(value)) return 'is no URL.'
  if (!schemes.includes(url.protocol.slice(0, -1))) return `has a scheme other than ${schemes.join(' and ')}.`
  if (url.search !== '' || url.hash !== '') return 'holds a "?" or "#", which have no meaning here.'
  const hasLogin = url.username !== '' || url.password !== ''
  return hasLogin && loginBelongsIn !== undefined ? `holds a login, which belongs in ${loginBelongsIn}.` : undefined
}

/** A URL with a scheme that is spoken there. */
export function url(rule: UrlRule): z.ZodType<string, string> {
  return z
    .string()
    .superRefine((value, context) => {
      const message = whyRefused(value, rule)
      if (message !== undefined)
        refuse(context, { quoted: value, message, advice: `It takes a URL such as ${rule.example}.` })
    })
    .meta({ title: 'URL' })
}

/** Whether the connection to a URL is encrypted. */
export function isEncrypted(address: string): boolean {
  return /^(?:https|amqps):/i.test(address)
}
