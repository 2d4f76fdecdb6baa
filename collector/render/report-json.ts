import { formatMicros } from '../../src/core/time.ts'
import type { PhaseLatency, TimeRange } from '../../src/store/store.ts'
import type { Report } from './report.ts'

function rangeToJson({ from, to }: TimeRange): { from: string; to: string } {
  return { from: formatMicros(from), to: formatMicros(to) }
}

/** Seconds by percentile. */
function phasesToJson(phases: readonly PhaseLatency[]): Record<string, Omit<PhaseLatency, 'phase'>> {
  return Object.fromEntries(phases.map(({ phase, ...latency }) => [phase, latency]))
}

/** A report for programs: times RFC 3339, durations in seconds. */
export function reportToJson(report: Report): Record<string, unknown> {
  return {
    range: rangeToJson(report.range),
    before: rangeToJson(report.before),
    phases: phasesToJson(report.phases),
    phases_before: phasesToJson(report.phasesBefore),
    outcomes: report.outcomes.map(({ of, launches, before }) => ({ outcome: of, launches, before })),
    causes: report.causes.map(({ of, launches, before }) => ({ cause: of, launches, before })),
    hosts: report.hosts.map(({ host, launches, failed, p95Seconds }) => ({
      host,
      launches,
      failed,
      p95_seconds: p95Seconds ?? null,
    })),
  }
}
