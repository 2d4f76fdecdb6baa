/**
 * Every metric of the program: its name, what it means, and its labels. Counters end in `_total`; times are seconds, sizes
 * bytes. Every stage has `received`, `forwarded` and `dropped{reason}`, and received = forwarded + dropped + what is under way.
 */
export const METRICS = {
  launchtrace_source_lines_total: { kind: 'counter', help: 'Log lines read by a source.', labels: ['source'] },
  launchtrace_source_bytes_total: { kind: 'counter', help: 'Bytes read by a source.', labels: ['source'] },
  launchtrace_source_lines_forwarded_total: {
    kind: 'counter',
    help: 'Log lines that begin or continue a record. With those dropped they are all lines.',
    labels: ['source'],
  },
  launchtrace_source_lines_dropped_total: {
    kind: 'counter',
    help: 'Lines that begin or continue no record that was given out, by reason.',
    labels: ['source', 'reason'],
  },
  launchtrace_source_lines_cut_total: {
    kind: 'counter',
    help: 'Lines longer than the limit, which lost their end.',
    labels: ['source'],
  },
  launchtrace_source_lines_damaged_total: {
    kind: 'counter',
    help: 'Lines that are not UTF-8 and records longer than the limit: read, but not whole.',
    labels: ['source', 'reason'],
  },
  launchtrace_source_messages_total: { kind: 'counter', help: 'Messages received by a source.', labels: ['source'] },
  launchtrace_source_messages_dropped_total: {
    kind: 'counter',
    help: 'Messages that cannot be handed on: larger than the limit, or not what they say they are.',
    labels: ['source', 'reason'],
  },
  launchtrace_source_errors_total: {
    kind: 'counter',
    help: 'Failures of the outside world that a source met and retries.',
    labels: ['source', 'reason'],
  },
  launchtrace_source_lag: {
    kind: 'gauge',
    help: 'What is known to lie unread: bytes of files, messages of queues and topics.',
    labels: ['source', 'unit'],
  },
  launchtrace_extract_received_total: {
    kind: 'counter',
    help: 'Records and deliveries that were looked at, by service.',
    labels: ['service', 'kind'],
  },
  launchtrace_extract_forwarded_total: {
    kind: 'counter',
    help: 'Records and deliveries that state a fact of a launch.',
    labels: ['service', 'kind'],
  },
  launchtrace_extract_dropped_total: {
    kind: 'counter',
    help: 'Records and deliveries that state none (unknown) or cannot be read (undecodable).',
    labels: ['service', 'kind', 'reason'],
  },
  launchtrace_outlet_received_total: { kind: 'counter', help: 'Signals handed to an outlet.', labels: ['outlet'] },
  launchtrace_outlet_forwarded_total: {
    kind: 'counter',
    help: 'Signals that an outlet made durable.',
    labels: ['outlet'],
  },
  launchtrace_outlet_dropped_total: {
    kind: 'counter',
    help: 'Signals that an outlet will never accept, by reason.',
    labels: ['outlet', 'reason'],
  },
  launchtrace_outlet_retries_total: {
    kind: 'counter',
    help: 'Writes that failed and were tried again.',
    labels: ['outlet'],
  },
  launchtrace_outlet_write_seconds: {
    kind: 'histogram',
    help: 'Time until a batch of signals was durable, retries included.',
    labels: ['outlet'],
  },
  launchtrace_inlet_received_total: {
    kind: 'counter',
    help: 'Signals that agents sent to this collector.',
    labels: ['inlet'],
  },
  launchtrace_inlet_forwarded_total: {
    kind: 'counter',
    help: 'Signals of agents that are durable.',
    labels: ['inlet'],
  },
  launchtrace_inlet_dropped_total: {
    kind: 'counter',
    help: 'What agents sent and is no signal, by reason.',
    labels: ['inlet', 'reason'],
  },
  launchtrace_store_signals_total: { kind: 'counter', help: 'Signals written to the store.', labels: [] },
  launchtrace_rebuild_launches_total: { kind: 'counter', help: 'Launches rebuilt, counting every time.', labels: [] },
  launchtrace_rebuild_seconds: { kind: 'histogram', help: 'Time to rebuild one batch of launches.', labels: [] },
  launchtrace_rebuild_waiting: {
    kind: 'gauge',
    help: 'Launches and ids that new facts name and that wait to be rebuilt.',
    labels: [],
  },
  launchtrace_rebuild_failures_total: {
    kind: 'counter',
    help: 'Rebuilds that failed and are tried again.',
    labels: [],
  },
  launchtrace_launches_open: { kind: 'gauge', help: 'Launches in progress that this process watches.', labels: [] },
  launchtrace_export_spans_total: { kind: 'counter', help: 'Spans sent as OTLP.', labels: [] },
  launchtrace_export_launches_total: { kind: 'counter', help: 'Finished launches sent as OTLP.', labels: [] },
  launchtrace_export_rejected_spans_total: {
    kind: 'counter',
    help: 'Spans that a back end left out of a launch that it accepted otherwise.',
    labels: [],
  },
  launchtrace_export_failures_total: { kind: 'counter', help: 'Sendings that failed and are tried again.', labels: [] },
  launchtrace_export_waiting: { kind: 'gauge', help: 'Finished launches that wait to be sent.', labels: [] },
} as const satisfies Readonly<Record<string, MetricDefinition>>

interface MetricDefinition {
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels: readonly string[]
}

type NameOf<Kind> = {
  [Name in keyof typeof METRICS]: (typeof METRICS)[Name]['kind'] extends Kind ? Name : never
}[keyof typeof METRICS]

export type CounterName = NameOf<'counter'>
export type GaugeName = NameOf<'gauge'>
export type HistogramName = NameOf<'histogram'>
/** A value for every label of the metric. */
export type LabelsOf<Name extends keyof typeof METRICS> = Readonly<
  Record<(typeof METRICS)[Name]['labels'][number], string>
>
