import { quoteKey } from './quote.ts'

/** Keys and indexes that lead to a value of the configuration. */
export type Path = readonly (string | number)[]

/** A mistake, before it is known where it was made. */
export interface Mistake {
  readonly path: Path
  /** What is wrong: a sentence. Never holds a secret. */
  readonly message: string
  /** What to do about it. */
  readonly advice: string
  /** Character of the file, where the path alone does not say it. */
  readonly offset?: number
  /** What set the value, where it was not the file: a variable or an option. */
  readonly origin?: string
}

/** A mistake in the configuration, and where it was made. */
export interface ConfigProblem {
  /** As people write it: `sources.files[0].paths`; empty for the whole. */
  readonly path: string
  /** `agent.yaml:3:5`, the name of a variable, an option, or `configuration` where nothing is there to point at. */
  readonly where: string
  /** Counted from 1; absent where the mistake is not in a file. */
  readonly line?: number
  readonly column?: number
  readonly message: string
  readonly advice: string
  /** The line of the file with a caret below; what may be secret is left out of it. */
  readonly excerpt?: string
}

/** A path as people write it. */
export function writePath(path: Path): string {
  return path.reduce<string>((before, key) => {
    if (typeof key === 'number') return `${before}[${String(key)}]`
    const word = /^[\w-]{1,60}$/.test(key) ? key : quoteKey(key)
    return before === '' ? word : `${before}.${word}`
  }, '')
}
