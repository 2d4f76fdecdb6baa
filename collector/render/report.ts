import type { Cause, Outcome } from '../../src/core/launch.ts'
import { PHASES } from '../../src/core/launch.ts'
import type { HostSummary, PhaseLatency, TimeRange } from '../../src/store/store.ts'
import { formatSeconds } from './duration.ts'
import { formatUtcSecond } from './launch-list.ts'
import { OUTCOME_STYLES } from './outcome.ts'
import { createPaint } from './paint.ts'
import type { Paint } from './paint.ts'
import { drawTable } from './table.ts'
import type { Cell, Column } from './table.ts'

/** How often something happened in the range, and in the range before. */
export interface Count<Of> {
  readonly of: Of
  readonly launches: number
  readonly before: number
}

/** A time range beside the equally long one before it. */
export interface Report {
  readonly range: TimeRange
  readonly before: TimeRange
  readonly phases: readonly PhaseLatency[]
  readonly phasesBefore: readonly PhaseLatency[]
  readonly outcomes: readonly Count<Outcome>[]
  /** Of failed launches, most frequent first. */
  readonly causes: readonly Count<Cause>[]
  /** Worst first. */
  readonly hosts: readonly HostSummary[]
}

export interface ReportOptions {
  /** Columns of the terminal. */
  readonly width: number
  readonly colour: boolean
}

/** A change of p95 below this is noise. */
const NOTABLE_CHANGE = 0.1

const right = (title: string): Column => ({ title, align: 'right' })

function rangeText({ from, to }: TimeRange): string {
  return `${formatUtcSecond(from)} to ${formatUtcSecond(to)}`
}

/** How `now` compares with `before`, worse in red. */
function changeCell(now: number, before: number | undefined, paint: Paint): Cell {
  if (before === undefined) return 'new'
  if (before === 0) return now === 0 ? '=' : 'new'
  const change = now / before - 1
  if (Math.abs(change) < NOTABLE_CHANGE) return '='
  const text = `${change > 0 ? '+' : '-'}${String(Math.round(Math.abs(change) * 100))} %`
  return { text, style: cell => paint(change > 0 ? 'red' : 'green', cell) }
}

function phaseTable({ phases, phasesBefore }: Report, paint: Paint): readonly string[] {
  const order: readonly string[] = ['launch', ...PHASES]
  const sorted = phases.toSorted((a, b) => order.indexOf(a.phase) - order.indexOf(b.phase))
  const before = new Map(phasesBefore.map(row => [row.phase, row]))
  const columns = [{ title: 'phase' }, ...['launches', 'p50', 'p95', 'p99', 'p95 before', 'change'].map(right)]
  const rows = sorted.map(row => {
    const then = before.get(row.phase)?.p95
    const latency = [row.p50, row.p95, row.p99].map(formatSeconds)
    const past = then === undefined ? '-' : formatSeconds(then)
    return [row.phase, String(row.launches), ...latency, past, changeCell(row.p95, then, paint)]
  })
  return drawTable(columns, rows)
}

function countTable<Of extends string>(
  title: string,
  counts: readonly Count<Of>[],
  cell: (of: Of) => Cell,
): readonly string[] {
  const columns = [{ title }, right('launches'), right('share'), right('before')]
  const total = counts.reduce((sum, { launches }) => sum + launches, 0)
  const rows = counts.map(({ of, launches, before }) => {
    const share = total === 0 ? '-' : `${((launches / total) * 100).toFixed(1)} %`
    return [cell(of), String(launches), share, String(before)]
  })
  return drawTable(columns, rows)
}

function hostTable(
  hosts: readonly HostSummary[],
  { width, paint }: { width: number; paint: Paint },
): readonly string[] {
  const columns = [
    { title: 'host', maxWidth: Math.max(12, width - 40) },
    right('launches'),
    right('failed'),
    right('p95'),
  ]
  const rows = hosts.map(({ host, launches, failed, p95Seconds }): readonly Cell[] => [
    host === '' ? '(none)' : host,
    String(launches),
    { text: String(failed), style: text => (failed > 0 ? paint('red', text) : text) },
    p95Seconds === undefined ? '-' : formatSeconds(p95Seconds),
  ])
  return drawTable(columns, rows)
}

function section(title: string, table: readonly string[], paint: Paint): readonly string[] {
  // The titles alone say nothing.
  return table.length < 2 ? [] : ['', paint('bold', title), ...table]
}

/** How launches went over a time range, against the range before. */
export function renderReport(report: Report, { width, colour }: ReportOptions): string {
  const paint = createPaint(colour)
  const outcomes = countTable('outcome', report.outcomes, of => ({
    text: of,
    style: text => paint(OUTCOME_STYLES[of], text),
  }))
  const lines = [
    `Launches that started ${rangeText(report.range)} UTC`,
    `compared with         ${rangeText(report.before)} UTC`,
    ...section('Where the time went (seconds of the critical path)', phaseTable(report, paint), paint),
    ...section('How they ended', outcomes, paint),
    ...section(
      'Why they failed',
      countTable('cause', report.causes, of => of),
      paint,
    ),
    ...section('Worst hosts', hostTable(report.hosts, { width, paint }), paint),
  ]
  return `${lines.map(line => line.trimEnd()).join('\n')}\n`
}
