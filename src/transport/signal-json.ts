import type { RequestMeaning, Signal, SignalSource } from '../core/signal.ts'
import { NAME_LIMIT, signalIdOf, TEXT_LIMIT, VALUE_LIMIT } from '../parse/recognise-fields.ts'

/** Longest line that is read as a signal, in UTF-16 code units. A signal has a few hundred, and thousands when it names many ids. */
export const MAX_SIGNAL_LENGTH = 1_048_576

/**
 * Why a line is no signal. `wrong_id`: its id is not the hash of its content, so storing it could overwrite another fact;
 * an agent that is broken, or newer than this collector, sends such lines.
 */
export type Refusal = 'too_long' | 'not_json' | `invalid_${keyof Signal}` | 'wrong_id'

export type DecodedSignal =
  { readonly kind: 'signal'; readonly signal: Signal } | { readonly kind: 'refused'; readonly reason: Refusal }

/** One line of JSON without its newline. Names every field: what else an object may carry stays where it is. */
export function encodeSignal(signal: Signal): string {
  return JSON.stringify(pick(signal))
}

/**
 * Reads a line that `encodeSignal` made, here or in another version: fields that are not known are ignored, those that are
 * known are checked one by one. Total: refuses with a reason and never throws.
 */
export function decodeSignal(line: string): DecodedSignal {
  if (line.length > MAX_SIGNAL_LENGTH) return refused('too_long')
  const value = parse(line)
  if (typeof value !== 'object' || value === null) return refused('not_json')
  const invalid = FIELDS.find(field => !CHECKS[field](Reflect.get(value, field)))
  if (invalid !== undefined) return refused(`invalid_${invalid}`)
  // Every field has been checked.
  const signal = pick(value as Signal)
  return signalIdOf(signal) === signal.id ? { kind: 'signal', signal } : refused('wrong_id')
}

function refused(reason: Refusal): DecodedSignal {
  return { kind: 'refused', reason }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function pick(signal: Signal): Signal {
  const { id, name, at, host, service, source, requestMeaning, request, globalRequest, project, user } = signal
  const { instances, ports, volumes, aliases, attributes, text } = signal
  const origin = { id, name, at, host, service, source }
  const context = { requestMeaning, request, globalRequest, project, user }
  return { ...origin, ...context, instances, ports, volumes, aliases, attributes, text }
}

type Check = (value: unknown) => boolean

const SOURCES: Readonly<Record<SignalSource, true>> = { log: true, notification: true }
const MEANINGS: Readonly<Record<RequestMeaning, true>> = { launch: true, other: true, service: true, none: true }

const ID = /^[0-9a-f]{32}$/
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const ALIAS = /^[a-z]+:./s

/** No store takes halves of characters. */
function isText(value: unknown, limit: number): value is string {
  return typeof value === 'string' && value.length <= limit && value.isWellFormed()
}

function isName(value: unknown): value is string {
  return isText(value, NAME_LIMIT)
}

function matches(pattern: RegExp): Check {
  return value => isName(value) && pattern.test(value)
}

function listOf(check: Check): Check {
  return value => Array.isArray(value) && value.every(check)
}

function keyOf(table: Readonly<Record<string, true>>): Check {
  return value => typeof value === 'string' && Object.hasOwn(table, value)
}

function isRequest(value: unknown): boolean {
  return isName(value) && (value === '' || value.startsWith('req-'))
}

function isAttributes(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.entries(value).every(([name, text]) => isName(name) && isText(text, VALUE_LIMIT))
}

/** Lists have no bound of their own: a request creates any number of instances, and the line is bounded. */
const CHECKS: Readonly<Record<keyof Signal, Check>> = {
  id: matches(ID),
  name: value => isName(value) && value !== '',
  at: value => Number.isSafeInteger(value) && Number(value) >= 0,
  host: isName,
  service: isName,
  source: keyOf(SOURCES),
  requestMeaning: keyOf(MEANINGS),
  request: isRequest,
  globalRequest: isRequest,
  project: isName,
  user: isName,
  instances: listOf(matches(UUID)),
  ports: listOf(matches(UUID)),
  volumes: listOf(matches(UUID)),
  aliases: listOf(matches(ALIAS)),
  attributes: isAttributes,
  text: value => isText(value, TEXT_LIMIT),
}

const FIELDS = Object.keys(CHECKS).filter((name): name is keyof Signal => Object.hasOwn(CHECKS, name))
