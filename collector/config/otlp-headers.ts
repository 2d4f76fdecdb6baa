import { z } from 'zod'
import { refuse } from './refuse.ts'
import { secret } from './secret-field.ts'

const headerName = z.string().superRefine((value, context) => {
  if (/^[\w!#$%&'*+.^`|~-]{1,100}$/.test(value)) return
  refuse(context, {
    message: 'A header has a name that HTTP does not allow.',
    advice: 'Names are letters, digits and hyphens.',
  })
})

/** Headers of requests to an OTLP back end. Their values are secrets, for logins are what they are mostly for. */
export const otlpHeaders = z
  .record(headerName, secret().describe('Value of the header.'))
  .prefault({})
  .describe('HTTP headers to send along, by name: what the back end takes as a login.')
