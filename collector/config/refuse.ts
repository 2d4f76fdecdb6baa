import { z } from 'zod'
import { quote } from './quote.ts'

/** What is wrong with a value, and what it takes instead. */
export interface Refusal {
  /** The value to begin the message with; left out where the message names fields instead. */
  readonly quoted?: unknown
  /** A sentence. */
  readonly message: string
  /** What to do: a sentence or more. */
  readonly advice: string
  /** Of the field below the checked value that is to be pointed at. */
  readonly path?: readonly (string | number)[]
}

/** Tells zod why a value is refused. Returned from a transformation it stands for the value that there is none of. */
export function refuse(context: z.RefinementCtx, { quoted, message, advice, path = [] }: Refusal): never {
  const text = quoted === undefined ? message : `${quote(quoted)} ${message}`
  // Rules between fields are not asked about a value that is none; rules between fields do not silence each other.
  const isBetweenFields = quoted === undefined
  context.addIssue({ code: 'custom', message: text, path: [...path], params: { advice }, continue: isBetweenFields })
  return z.NEVER
}
