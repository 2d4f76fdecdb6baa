import type { Span } from '../../src/core/launch.ts'

export interface TreeRow {
  readonly span: Span
  /** 0 for a root. */
  readonly depth: number
}

function byStart(a: Span, b: Span): number {
  return a.startedAt - b.startedAt || (a.spanId < b.spanId ? -1 : 1)
}

/**
 * Spans as an indented list: each below its parent, children in order of time. A span whose parent is unknown is a root,
 * and every span appears once even if parents form a circle.
 */
export function spanTree(spans: readonly Span[]): readonly TreeRow[] {
  const known = new Set(spans.map(span => span.spanId))
  const children = Map.groupBy([...spans].sort(byStart), span =>
    known.has(span.parentSpanId) ? span.parentSpanId : '',
  )
  const rows: TreeRow[] = []
  const seen = new Set<Span>()
  const visit = (roots: readonly Span[]): void => {
    // An own stack: depth comes from data.
    const waiting = roots.map(span => ({ span, depth: 0 })).reverse()
    for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
      if (seen.has(row.span)) continue
      seen.add(row.span)
      rows.push(row)
      const depth = row.depth + 1
      for (const span of (children.get(row.span.spanId) ?? []).toReversed()) waiting.push({ span, depth })
    }
  }
  visit(children.get('') ?? [])
  for (const span of [...spans].sort(byStart)) if (!seen.has(span)) visit([span])
  return rows
}
