import { z } from 'zod'
import { isTimeZone } from '../../src/parse/clock.ts'
import { refuse } from './refuse.ts'

/** A path of this machine, or a pattern of paths. */
export function path(): z.ZodType<string, string> {
  return z.string().min(1).max(4096).meta({ title: 'path' })
}

/** A name of something: one word. With spaces it mostly is two settings, the colon of the second being forgotten. */
export function name(): z.ZodType<string, string> {
  return z
    .string()
    .superRefine((value, context) => {
      if (/^[^\s\p{C}]{1,255}$/u.test(value)) return
      const advice = 'It takes 1 to 255 characters without spaces.'
      refuse(context, { quoted: value, message: 'is no name.', advice })
    })
    .meta({ title: 'name' })
}

/** A time zone that `createClock` knows. */
export function timeZone(): z.ZodType<string, string> {
  return z
    .string()
    .superRefine((value, context) => {
      if (value !== '' && isTimeZone(value)) return
      const advice = 'It takes UTC, an offset such as +02:00, or a name such as Europe/Rome.'
      refuse(context, { quoted: value, message: 'is no time zone.', advice })
    })
    .meta({ title: 'time zone' })
}

/** A whole number in a range, both ends included. */
export function count(atLeast: number, atMost: number): z.ZodType<number, number> {
  return z.int().min(atLeast).max(atMost)
}

/** A list with at least one item. */
export function someOf<Item extends z.ZodType>(item: Item): z.ZodArray<Item> {
  return z.array(item).min(1).max(1000)
}
