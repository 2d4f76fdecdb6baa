import type { Signal } from '../core/signal.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { Refusal } from './signal-json.ts'
import { decodeSignal } from './signal-json.ts'

/** Makes what was received durable: resolves when every signal is, and rejects only when the process stops before that. */
export type AcceptSignals = (signals: readonly Signal[]) => Promise<void>

/** What lines turned out to be. */
export interface DecodedLines {
  readonly signals: readonly Signal[]
  readonly refused: ReadonlyMap<Refusal, number>
}

/** Reads lines as signals; those that are none are told by reason and take no other with them. */
export function decodeLines(lines: Iterable<string>): DecodedLines {
  const signals: Signal[] = []
  const refused = new Map<Refusal, number>()
  for (const line of lines) {
    const decoded = decodeSignal(line)
    if (decoded.kind === 'signal') signals.push(decoded.signal)
    else refused.set(decoded.reason, (refused.get(decoded.reason) ?? 0) + 1)
  }
  return { signals, refused }
}

/** Counts what an inlet received and what of it is no signal. */
export function countDecoded(telemetry: Telemetry, inlet: string, { signals, refused }: DecodedLines): void {
  const dropped = refused.values().reduce((sum, count) => sum + count, 0)
  telemetry.count('launchtrace_inlet_received_total', { inlet }, signals.length + dropped)
  for (const [reason, count] of refused) telemetry.count('launchtrace_inlet_dropped_total', { inlet, reason }, count)
}
