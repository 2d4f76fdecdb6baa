import type { Fields } from './telemetry.ts'

/** What the program traces of itself. */
export type OwnSpanName = 'source.write' | 'outlet.write' | 'rebuild.batch' | 'export.send'

/** Measures the program's own work as spans. Handed down by the collector, as telemetry is. */
export interface Tracer {
  /**
   * Runs `work` in a span; spans that begin inside of it are its children. A rejection makes the span an error and passes
   * on. Never per record: one span a batch.
   */
  trace<Result>(name: OwnSpanName, fields: Fields, work: () => Promise<Result>): Promise<Result>
}

/** For a process that was not asked to trace itself: runs the work and costs nothing. */
export const NO_TRACER: Tracer = { trace: (_name, _fields, work) => work() }
