import type { RequestHandler } from 'express'
import { sendProblem } from './problem.ts'

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]']

const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const

/** The answers are data for programs: no page may embed, cache, or guess at them. */
export const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set(HEADERS)
  next()
}

function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '')
}

/**
 * Refuses requests that name a host other than loopback or one of `allowedHosts` (without port).
 * A foreign page can point its own name at 127.0.0.1 and then read answers as its own; the Host header gives it away.
 */
export function checkHost(allowedHosts: readonly string[]): RequestHandler {
  const allowed = new Set([...LOOPBACK_NAMES, ...allowedHosts.map(nameOf)])
  return ({ headers: { host = '' } }, response, next) => {
    if (allowed.has(nameOf(host))) next()
    else {
      const message = 'This host name is not served; use the address that launchtrace printed when it started.'
      sendProblem(response, { status: 403, code: 'LAUNCHTRACE_HOST_REFUSED', message })
    }
  }
}

/** Everything here is read only. */
export const readOnly: RequestHandler = ({ method }, response, next) => {
  if (method === 'GET' || method === 'HEAD') next()
  else {
    const message = `${method} is not possible here; use GET.`
    sendProblem(response.set('Allow', 'GET, HEAD'), { status: 405, code: 'LAUNCHTRACE_USAGE', message })
  }
}
