import type { Outcome } from '../src/core/launch.ts'
import type { UnixMicros } from '../src/core/time.ts'
import type { LaunchFilter } from '../src/store/store.ts'
import { MOMENT_FORMS, parseMoment } from './moment.ts'
import { UsageError } from './usage-error.ts'

/** What a user may write, by the name of the flag without dashes, which is the name of the query parameter too. */
export const FILTER_NAMES = ['since', 'until', 'outcome', 'host', 'project', 'instance', 'slowest', 'limit'] as const
export type FilterName = (typeof FILTER_NAMES)[number]

export type FilterTexts = Readonly<Partial<Record<FilterName, string | undefined>>>

export interface FilterContext {
  /** What an age counts back from. */
  readonly now: UnixMicros
  /** How a message calls a filter: `--since` on the command line, `since` in a query. */
  readonly label: (name: FilterName) => string
}

const OUTCOMES = {
  active: true,
  error: true,
  deleted: true,
  in_progress: true,
  lost: true,
} as const satisfies Readonly<Record<Outcome, true>>

const MAX_TEXT = 255
const MAX_COUNT = 1_000_000_000

function isOutcome(text: string): text is Outcome {
  return Object.hasOwn(OUTCOMES, text)
}

/** Reads one filter; undefined when it is not one. */
interface Reader<Value> {
  readonly read: (text: string, context: FilterContext) => Value | undefined
  readonly accepted: string
}

const moment: Reader<UnixMicros> = { read: (text, { now }) => parseMoment(text, now), accepted: MOMENT_FORMS }

const outcome: Reader<Outcome> = {
  read: text => (isOutcome(text) ? text : undefined),
  accepted: `one of ${Object.keys(OUTCOMES).join(', ')}`,
}

const words: Reader<string> = {
  read: text => (text.trim() !== '' && text.length <= MAX_TEXT ? text : undefined),
  accepted: `a name or id of 1 to ${String(MAX_TEXT)} characters`,
}

const instance: Reader<string> = {
  read: text => (/^[0-9a-f][0-9a-f-]{0,35}$/i.test(text) ? text.toLowerCase() : undefined),
  accepted: 'an instance uuid or the beginning of one',
}

const count: Reader<number> = {
  read: text => (/^[1-9]\d{0,9}$/.test(text) && Number(text) <= MAX_COUNT ? Number(text) : undefined),
  accepted: `a whole number from 1 to ${String(MAX_COUNT)}`,
}

/** Quoted, so that an odd value is visible, and cut: it came from outside. */
function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}

function createPick(texts: FilterTexts, context: FilterContext) {
  return <Name extends FilterName, Value>(
    name: Name,
    { read, accepted }: Reader<Value>,
  ): Partial<Record<Name, Value>> => {
    const text = texts[name]
    if (text === undefined) return {}
    const value = read(text, context)
    if (value === undefined) throw new UsageError(`${context.label(name)} is ${quote(text)}; it takes ${accepted}.`)
    return { [name]: value } as Partial<Record<Name, Value>>
  }
}

function checkOrder({ since, until }: LaunchFilter, texts: FilterTexts, { label }: FilterContext): void {
  if (since === undefined || until === undefined || since < until) return
  const [from, to] = [quote(texts.since ?? ''), quote(texts.until ?? '')]
  throw new UsageError(`${label('since')} ${from} is not before ${label('until')} ${to}; swap them or widen the range.`)
}

/**
 * Reads the filters of the command line and of the HTTP interface.
 * @throws {UsageError} naming the value and what is accepted
 */
export function parseLaunchFilter(texts: FilterTexts, context: FilterContext): LaunchFilter {
  const pick = createPick(texts, context)
  const filter: LaunchFilter = {
    ...pick('since', moment),
    ...pick('until', moment),
    ...pick('outcome', outcome),
    ...pick('host', words),
    ...pick('project', words),
    ...pick('instance', instance),
    ...pick('slowest', count),
    ...pick('limit', count),
  }
  checkOrder(filter, texts, context)
  return filter
}
