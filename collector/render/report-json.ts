import type { Cause, Outcome } from '../../src/core/launch.ts'
import { PHASES } from '../../src/core/launch.ts'
import { formatMicros, parseMicros } from '../../src/core/time.ts'
import type { PhaseLatency, TimeRange } from '../../src/store/store.ts'
import type { Report } from './report.ts'

interface RangeJson {
  readonly from: string
  readonly to: string
}

type PhasesJson = Readonly<Partial<Record<PhaseLatency['phase'], Omit<PhaseLatency, 'phase'>>>>

/** A report as `report --json` and `/api/report` print it: times RFC 3339, durations in seconds. */
export interface ReportJson {
  readonly range: RangeJson
  readonly before: RangeJson
  readonly phases: PhasesJson
  readonly phases_before: PhasesJson
  readonly outcomes: readonly { readonly outcome: Outcome; readonly launches: number; readonly before: number }[]
  readonly causes: readonly { readonly cause: Cause; readonly launches: number; readonly before: number }[]
  readonly hosts: readonly {
    readonly host: string
    readonly launches: number
    readonly failed: number
    readonly p95_seconds: number | null
  }[]
}

function rangeToJson({ from, to }: TimeRange): RangeJson {
  return { from: formatMicros(from), to: formatMicros(to) }
}

function rangeFromJson({ from, to }: RangeJson): TimeRange {
  return { from: parseMicros(from), to: parseMicros(to) }
}

function phasesToJson(phases: readonly PhaseLatency[]): PhasesJson {
  return Object.fromEntries(phases.map(({ phase, ...latency }) => [phase, latency]))
}

function phasesFromJson(phases: PhasesJson): readonly PhaseLatency[] {
  return (['launch', ...PHASES] as const).flatMap(phase => {
    const latency = phases[phase]
    return latency === undefined ? [] : [{ phase, ...latency }]
  })
}

export function reportToJson(report: Report): ReportJson {
  return {
    range: rangeToJson(report.range),
    before: rangeToJson(report.before),
    phases: phasesToJson(report.phases),
    phases_before: phasesToJson(report.phasesBefore),
    outcomes: report.outcomes.map(({ of, launches, before }) => ({ outcome: of, launches, before })),
    causes: report.causes.map(({ of, launches, before }) => ({ cause: of, launches, before })),
    hosts: report.hosts.map(({ p95Seconds, ...host }) => ({ ...host, p95_seconds: p95Seconds ?? null })),
  }
}

/** The inverse of `reportToJson`. */
export function reportFromJson(json: ReportJson): Report {
  return {
    range: rangeFromJson(json.range),
    before: rangeFromJson(json.before),
    phases: phasesFromJson(json.phases),
    phasesBefore: phasesFromJson(json.phases_before),
    outcomes: json.outcomes.map(({ outcome, ...counts }) => ({ of: outcome, ...counts })),
    causes: json.causes.map(({ cause, ...counts }) => ({ of: cause, ...counts })),
    hosts: json.hosts.map(({ p95_seconds, ...host }) => ({ ...host, p95Seconds: p95_seconds ?? undefined })),
  }
}
