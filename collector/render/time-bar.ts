import type { EdgeOrigin, Span } from '../../src/core/launch.ts'
import type { UnixMicros } from '../../src/core/time.ts'
import { micros, secondsBetween } from '../../src/core/time.ts'
import { formatSeconds } from './duration.ts'

/** The time that the width of a waterfall stands for. */
export interface TimeAxis {
  readonly from: UnixMicros
  readonly seconds: number
  readonly cells: number
}

const EDGES = { measured: '|', derived: ':', inferred: '~' } as const satisfies Readonly<Record<EdgeOrigin, string>>

/** How sure: the weaker edge speaks for a span too short to show both. */
const DOUBT: readonly EdgeOrigin[] = ['measured', 'derived', 'inferred']

export const EDGE_LEGEND = '| measured  : derived from a stated duration  ~ inferred from neighbours'

/** An axis that holds every span. */
export function axisOf(spans: readonly Span[], cells: number): TimeAxis {
  const from = micros(spans.reduce((first, { startedAt }) => Math.min(first, startedAt), spans[0]?.startedAt ?? 0))
  const ends = spans.map(span => secondsBetween(from, span.startedAt) + span.durationSeconds)
  return { from, seconds: ends.reduce((last, end) => Math.max(last, end), 0), cells }
}

function weaker({ start, end }: Span['edges']): EdgeOrigin {
  return DOUBT.indexOf(start) > DOUBT.indexOf(end) ? start : end
}

/** Where the span lies on the axis, with a mark on each edge that says where the edge comes from. */
export function timeBar(span: Span, { from, seconds, cells }: TimeAxis): string {
  const perCell = seconds > 0 ? seconds / cells : 1
  const start = secondsBetween(from, span.startedAt)
  const first = Math.min(cells - 1, Math.max(0, Math.floor(start / perCell)))
  const last = Math.min(cells, Math.max(first + 1, Math.round((start + span.durationSeconds) / perCell)))
  const length = last - first
  const { edges } = span
  const bar = length < 2 ? EDGES[weaker(edges)] : EDGES[edges.start] + '━'.repeat(length - 2) + EDGES[edges.end]
  return ' '.repeat(first) + bar
}

/** The scale above the bars: a label at the start of every quarter. */
export function axisLabels({ seconds, cells }: TimeAxis): string {
  const ticks = cells >= 48 ? 4 : 2
  const width = Math.floor(cells / ticks)
  const labels = Array.from({ length: ticks }, (_, tick) => formatSeconds((seconds * tick) / ticks))
  return labels.map(label => `╵${label}`.padEnd(width).slice(0, width)).join('')
}
