import { inspect } from 'node:util'

const REDACTED = '[redacted]'

/** A password or token. However it is printed, written as JSON or inspected, only `[redacted]` comes out. */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** The secret itself, to be handed to what needs it and to nothing that logs. */
  reveal(): string {
    return this.#text
  }

  toString(): string {
    return REDACTED
  }

  toJSON(): string {
    return REDACTED
  }

  [inspect.custom](): string {
    return REDACTED
  }
}
