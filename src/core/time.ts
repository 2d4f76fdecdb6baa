/** Microseconds since the Unix epoch, UTC. An integer: today's dates stay exact in a double until the year 2255. */
export type UnixMicros = number & { readonly __unit: 'unix-micros' }

/** Brands an integer number of microseconds; the fraction, if any, is dropped. */
export function micros(value: number): UnixMicros {
  return Math.trunc(value) as UnixMicros
}

/** Moves a moment by seconds, which may be negative; the result is rounded to whole microseconds. */
export function plusSeconds(at: UnixMicros, seconds: number): UnixMicros {
  return Math.round(at + seconds * 1e6) as UnixMicros
}

/** Seconds from `from` to `to`, exact to a microsecond; negative when `to` lies before `from`. */
export function secondsBetween(from: UnixMicros, to: UnixMicros): number {
  return (to - from) / 1e6
}

/** The inverse of `formatMicros`. */
export function parseMicros(text: string): UnixMicros {
  return micros(Date.parse(`${text.slice(0, 19)}Z`) * 1000 + Number(text.slice(20, 26)))
}

/** RFC 3339 with six digits and `Z`, as every interface of launchtrace prints a moment. */
export function formatMicros(at: UnixMicros): string {
  const wholeMs = Math.floor(at / 1000)
  const rest = at - wholeMs * 1000
  return `${new Date(wholeMs).toISOString().slice(0, -1)}${String(rest).padStart(3, '0')}Z`
}
