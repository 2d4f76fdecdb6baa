import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { CounterName, GaugeName, HistogramName } from './metric-names.ts'
import { METRICS } from './metric-names.ts'
import type { Fields, Telemetry } from './telemetry.ts'
import type { Tracer } from './tracer.ts'
import { NO_TRACER } from './tracer.ts'

/** Writes one line of the program's own log. */
export type WriteLine = (level: 'info' | 'warn' | 'error', message: string, fields: Fields) => void

/** The telemetry of a process, with the registry from which `/metrics` is printed. */
export interface OwnTelemetry extends Telemetry {
  readonly registry: Registry
  /** The sum of a counter over all its labels, for people. */
  readonly total: (name: CounterName) => Promise<number>
}

/** Seconds: from an insert into the embedded store to a server that was away for minutes. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]

interface Instruments {
  readonly counters: ReadonlyMap<string, Counter>
  readonly gauges: ReadonlyMap<string, Gauge>
  readonly histograms: ReadonlyMap<string, Histogram>
}

function createInstruments(registry: Registry): Instruments {
  const counters = new Map<string, Counter>()
  const gauges = new Map<string, Gauge>()
  const histograms = new Map<string, Histogram>()
  for (const [name, { kind, help, labels }] of Object.entries(METRICS)) {
    const common = { name, help, labelNames: [...labels], registers: [registry] }
    if (kind === 'counter') counters.set(name, new Counter(common))
    else if (kind === 'gauge') gauges.set(name, new Gauge(common))
    else histograms.set(name, new Histogram({ ...common, buckets: BUCKETS }))
  }
  return { counters, gauges, histograms }
}

/**
 * A telemetry that counts into a registry of its own and writes its log with `write`. `tracerNow` gives what traces the
 * program's own work, which may begin later.
 */
export function createTelemetry(write: WriteLine, tracerNow = (): Tracer => NO_TRACER): OwnTelemetry {
  const registry = new Registry()
  const { counters, gauges, histograms } = createInstruments(registry)
  return {
    registry,
    trace: (name, fields, work) => tracerNow().trace(name, fields, work),
    count: (name: CounterName, labels: object, by = 1) => counters.get(name)?.inc({ ...labels }, by),
    set: (name: GaugeName, labels: object, value: number) => gauges.get(name)?.set({ ...labels }, value),
    observe: (name: HistogramName, labels: object, value: number) =>
      histograms.get(name)?.observe({ ...labels }, value),
    info: (message, fields = {}) => {
      write('info', message, fields)
    },
    warn: (message, fields = {}) => {
      write('warn', message, fields)
    },
    error: (message, fields = {}) => {
      write('error', message, fields)
    },
    total: async name => {
      const metric = await counters.get(name)?.get()
      return (metric?.values ?? []).reduce((sum, { value }) => sum + value, 0)
    },
  }
}
