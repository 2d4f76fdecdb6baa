import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** Adds colour to text that is printable already. */
export type Paint = (style: Style, text: string) => string

/** Without colour the text is returned as it is: what a reader needs to know never depends on colour alone. */
export function createPaint(colour: boolean): Paint {
  // The caller has decided; styleText would look at the stream and the environment again.
  return colour ? (style, text) => styleText(style, text, { validateStream: false }) : (_style, text) => text
}
