import { z } from 'zod'
import { Secret } from './secret.ts'

/** Characters that a secret may have. */
export const LONGEST_SECRET = 65_536

const inFile = z
  .strictObject({
    file: z.string().min(1).describe('File that holds the secret; a newline at its end is not part of it.'),
  })
  .meta({ title: 'a secret in a file' })

const inEnvironment = z
  .strictObject({ env: z.string().min(1).describe('Environment variable that holds the secret.') })
  .meta({ title: 'a secret in the environment' })

/**
 * A secret: the text itself, `{file: PATH}` or `{env: NAME}`. `writeOnly`, JSON Schema's word for what is never shown again,
 * marks it for everything that walks the schema. Files and variables are read before the schema sees the value.
 */
export function secret(): z.ZodType<Secret, string | { file: string } | { env: string }> {
  return z
    .union([z.string().min(1).max(LONGEST_SECRET), inFile, inEnvironment])
    .transform(value => new Secret(typeof value === 'string' ? value : ''))
    .meta({ title: 'secret', writeOnly: true })
}
