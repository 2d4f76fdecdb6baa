import { z } from 'zod'
import { refuse } from './refuse.ts'

const UNIT_BYTES: Readonly<Record<string, number>> = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 }
const SIZE = /^(\d{1,6}(?:\.\d{1,3})?)(KiB|MiB|GiB|TiB)$/

/** Bytes of a size such as `512MiB` or `1.5GiB`; undefined when it is none. */
export function parseSize(text: string): number | undefined {
  const [, count, unit = ''] = SIZE.exec(text) ?? []
  const unitBytes = UNIT_BYTES[unit]
  return unitBytes === undefined ? undefined : Math.round(Number(count) * unitBytes)
}

/** The smallest and the largest that is accepted, as people write them. */
export interface SizeRange {
  readonly atLeast: string
  readonly atMost: string
}

/** A size as people write it, in bytes once it is read. */
export function size({ atLeast, atMost }: SizeRange): z.ZodType<number, string> {
  const [least = 0, most = 0] = [atLeast, atMost].map(parseSize)
  return z
    .string()
    .transform((text, context) => {
      const bytes = parseSize(text)
      if (bytes !== undefined && bytes >= least && bytes <= most) return bytes
      const message = bytes === undefined ? 'is no size.' : 'is out of range.'
      const advice = `It takes a number with its unit (KiB, MiB, GiB or TiB) from ${atLeast} to ${atMost}.`
      return refuse(context, { quoted: text, message, advice })
    })
    .meta({ title: 'size', pattern: SIZE.source })
}
