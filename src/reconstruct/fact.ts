import type { Signal } from '../core/signal.ts'
import type { UnixMicros } from '../core/time.ts'
import { plusSeconds } from '../core/time.ts'

/** A signal with its time on the common clock. */
export interface Fact {
  readonly signal: Signal
  /** `signal.at` less the offset of the clock that said it. */
  readonly at: UnixMicros
}

/** The order of facts in a launch: time, then id, so that the order of arrival can never show. */
export function compareFacts(a: Fact, b: Fact): number {
  return a.at - b.at || (a.signal.id < b.signal.id ? -1 : a.signal.id > b.signal.id ? 1 : 0)
}

/** A number among the attributes; undefined when absent or not a number. */
export function numberOf(signal: Signal, attribute: string): number | undefined {
  const text = signal.attributes[attribute]
  if (text === undefined || text === '') return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}

/** An attribute's text; empty when absent. */
export function textOf(signal: Signal, attribute: string): string {
  return signal.attributes[attribute] ?? ''
}

/** When the work began that a fact ends: its time less the duration that it states. Undefined when it states none. */
export function statedStart(fact: Fact): UnixMicros | undefined {
  const took = numberOf(fact.signal, 'took_seconds')
  return took === undefined ? undefined : plusSeconds(fact.at, -took)
}

/**
 * Whether a fact's time is only good to a second: the access lines that uWSGI and Apache write themselves. Where the
 * service says the same thing, its own line is better.
 */
export function isCoarse(signal: Signal): boolean {
  return signal.attributes['precision_seconds'] !== undefined
}
