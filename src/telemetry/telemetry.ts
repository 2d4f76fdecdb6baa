import type { CounterName, GaugeName, HistogramName, LabelsOf } from './metric-names.ts'
import type { Tracer } from './tracer.ts'

/** Values of a log line. Never a token, a password, or what a user typed into a request. */
export type Fields = Readonly<Record<string, string | number | boolean | undefined>>

/**
 * What the program says of itself. Handed down by the collector; nothing is global.
 * `info` is for what happens to the process itself, `warn` for what was recovered or is being retried, `error` for what was lost
 * or needs a person. Messages are constant sentences, values are fields. Never per record: count instead.
 */
export interface Telemetry extends Tracer {
  count<Name extends CounterName>(name: Name, labels: LabelsOf<Name>, by?: number): void
  set<Name extends GaugeName>(name: Name, labels: LabelsOf<Name>, value: number): void
  observe<Name extends HistogramName>(name: Name, labels: LabelsOf<Name>, value: number): void
  info(message: string, fields?: Fields): void
  warn(message: string, fields?: Fields): void
  error(message: string, fields?: Fields): void
}
