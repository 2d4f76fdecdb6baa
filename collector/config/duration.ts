import { z } from 'zod'
import { refuse } from './refuse.ts'

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const DURATION = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/

/** Milliseconds of a duration such as `500ms`, `1.5s`, `5m`, `2h` or `1d`; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit = ''] = DURATION.exec(text) ?? []
  const unitMs = UNIT_MS[unit]
  return unitMs === undefined ? undefined : Math.round(Number(count) * unitMs)
}

/** The shortest and the longest that is accepted, as people write them. */
export interface DurationRange {
  readonly atLeast: string
  readonly atMost: string
}

/** A duration as people write it, in milliseconds once it is read. */
export function duration({ atLeast, atMost }: DurationRange): z.ZodType<number, string> {
  const [least = 0, most = 0] = [atLeast, atMost].map(parseDuration)
  return z
    .string()
    .transform((text, context) => {
      const ms = parseDuration(text)
      if (ms !== undefined && ms >= least && ms <= most) return ms
      const message = ms === undefined ? 'is no duration.' : 'is out of range.'
      const advice = `It takes a number with its unit (ms, s, m, h or d) from ${atLeast} to ${atMost}.`
      return refuse(context, { quoted: text, message, advice })
    })
    .meta({ title: 'duration', pattern: DURATION.source })
}
