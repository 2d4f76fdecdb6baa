import type { Signal } from '../core/signal.ts'
import { SignalsRefusedError } from '../pipeline/outlet-errors.ts'
import { encodeSignal, MAX_SIGNAL_LENGTH } from './signal-json.ts'

/** A signal as it is sent. */
export interface EncodedSignal {
  readonly signal: Signal
  readonly line: string
  /** Of the line in UTF-8. */
  readonly bytes: number
}

/** Bounds of one batch. */
export interface BatchLimits {
  readonly bytes: number
  readonly signals: number
}

/** Cuts signals into batches within the limits, in their order; one that is larger than the limit comes alone. */
export function* encodedBatches(
  signals: Iterable<Signal>,
  limits: BatchLimits,
): Generator<readonly EncodedSignal[], void> {
  let batch: EncodedSignal[] = []
  let held = 0
  for (const signal of signals) {
    const line = encodeSignal(signal)
    const bytes = Buffer.byteLength(line)
    if (batch.length > 0 && (held + bytes > limits.bytes || batch.length >= limits.signals)) {
      yield batch
      ;[batch, held] = [[], 0]
    }
    batch.push({ signal, line, bytes })
    held += bytes
  }
  if (batch.length > 0) yield batch
}

/** @throws {SignalsRefusedError} when a batch holds a signal that no collector would read */
export function refuseTooLong(outlet: string, batch: readonly EncodedSignal[]): void {
  const tooLong = batch.find(({ line }) => line.length > MAX_SIGNAL_LENGTH)
  if (tooLong === undefined) return
  const { signal, line } = tooLong
  const what = `${signal.name} of ${signal.host} has ${line.length} characters, and ${MAX_SIGNAL_LENGTH} is the most.`
  throw new SignalsRefusedError(outlet, { what })
}
