import { formatMicros } from '../../src/core/time.ts'
import type { SourceStatus } from '../../src/pipeline/stage.ts'
import type { CounterName } from '../../src/telemetry/metric-names.ts'
import type { OwnTelemetry } from '../../src/telemetry/create-telemetry.ts'
import type { Role } from '../config/role.ts'
import type { RebuilderStatus } from '../live/rebuilder.ts'
import type { Reader } from './readers.ts'

/** How a process is doing, as `/api/status` answers and `launchtrace status` shows. Counts are since the start. */
export interface ProcessStatus {
  readonly role: Role
  readonly version: string
  readonly host: string
  readonly state: 'running' | 'draining'
  readonly uptime_seconds: number
  readonly memory_bytes: number
  readonly sources: readonly ({ readonly name: string } & SourceStatus)[]
  readonly counts: {
    readonly lines: number
    readonly messages: number
    readonly signals: number
    readonly durable: number
    readonly refused: number
    readonly launches_rebuilt: number
  }
  /** Absent where no launches are made. */
  readonly launches?: {
    readonly waiting: number
    readonly open: number
    readonly facts_reach: string
    readonly settled: boolean
  }
}

export interface StatusDeps {
  readonly role: Role
  readonly version: string
  readonly host: string
  readonly telemetry: OwnTelemetry
  readonly readers: readonly Reader[]
  readonly stop: AbortSignal
  readonly rebuilder?: { status(): RebuilderStatus }
}

function launchesOf({ waiting, open, asOf, settled }: RebuilderStatus): NonNullable<ProcessStatus['launches']> {
  return { waiting, open, facts_reach: formatMicros(asOf), settled }
}

/** What a process says of itself when it is asked. */
export async function describeProcess(deps: StatusDeps): Promise<ProcessStatus> {
  const { role, version, host, telemetry, readers, stop, rebuilder } = deps
  const sum = async (...names: readonly CounterName[]): Promise<number> =>
    (await Promise.all(names.map(name => telemetry.total(name)))).reduce((all, each) => all + each, 0)
  return {
    role,
    version,
    host,
    state: stop.aborted ? 'draining' : 'running',
    uptime_seconds: Math.round(process.uptime()),
    memory_bytes: process.memoryUsage.rss(),
    sources: readers.map(reader => ({ name: reader.name, ...reader.status() })),
    counts: {
      lines: await sum('launchtrace_source_lines_total'),
      messages: await sum('launchtrace_source_messages_total'),
      signals: await sum('launchtrace_outlet_received_total', 'launchtrace_inlet_received_total'),
      durable: await sum('launchtrace_outlet_forwarded_total', 'launchtrace_inlet_forwarded_total'),
      refused: await sum('launchtrace_outlet_dropped_total', 'launchtrace_inlet_dropped_total'),
      launches_rebuilt: await sum('launchtrace_rebuild_launches_total'),
    },
    ...(rebuilder === undefined ? {} : { launches: launchesOf(rebuilder.status()) }),
  }
}
