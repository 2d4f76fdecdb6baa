import type { Launch, Span } from '../../src/core/launch.ts'
import { formatMicros, secondsBetween } from '../../src/core/time.ts'
import { formatSeconds } from './duration.ts'
import { OUTCOME_STYLES } from './outcome.ts'
import { createPaint } from './paint.ts'
import type { Paint } from './paint.ts'
import { phaseBar, phaseMark, phaseSeconds, phasesOf } from './phase-bar.ts'
import { spanTree } from './span-tree.ts'
import type { TreeRow } from './span-tree.ts'
import { drawTable } from './table.ts'
import type { Column } from './table.ts'
import { clip, displayWidth, printable, wrap } from './text.ts'
import { axisLabels, axisOf, EDGE_LEGEND, timeBar } from './time-bar.ts'
import type { TimeAxis } from './time-bar.ts'
import { verdictOf } from './verdict.ts'

export interface WaterfallOptions {
  /** Columns of the terminal. */
  readonly width: number
  readonly colour: boolean
  /** Prints below each span the lines and notifications that prove it. */
  readonly evidence: boolean
}

interface Look extends WaterfallOptions {
  readonly paint: Paint
}

/** Seconds by which the clock of the span's host was found to be ahead; its times are corrected by that. */
const CLOCK_ATTRIBUTE = 'launchtrace.clock_offset_seconds'

const MAX_DEPTH_SHOWN = 12
const MAX_EVIDENCE_LINES = 12

function header(launch: Launch, { width, paint }: Look): readonly string[] {
  const { sentence, said } = verdictOf(launch)
  const style = OUTCOME_STYLES[launch.outcome]
  return [
    ...wrap(sentence, width, 6).map(line => paint(['bold', style], line)),
    ...wrap(said, width - 2, 8).map(line => `  ${line}`),
  ]
}

function factsOf(launch: Launch): readonly (readonly [string, string])[] {
  const { instanceId = '', endedAt } = launch
  const ended = endedAt === undefined ? '' : ` to ${formatMicros(endedAt)}`
  return [
    ['request', launch.requestId],
    ['trace', launch.traceId],
    ['instance', instanceId],
    ['time', formatMicros(launch.startedAt) + ended],
    ['project', launch.projectId],
    ['user', launch.userId],
    ['zone', launch.availabilityZone],
    ['flavor', launch.flavor],
    ['image', launch.imageId],
    ['volumes', launch.volumeIds.join(' ')],
    ['ports', launch.portIds.join(' ')],
    ['made of', `${String(launch.signals)} facts, ${String(launch.steps.length)} steps seen`],
  ]
}

function facts(launch: Launch, { width, paint }: Look): readonly string[] {
  return factsOf(launch)
    .filter(([, value]) => value !== '')
    .flatMap(([name, value]) =>
      wrap(value, width - 10, 8).map((line, index) => `${paint('dim', (index === 0 ? name : '').padEnd(10))}${line}`),
    )
}

/** Joins parts that must not be broken into lines of at most `width`. */
function flow(parts: readonly string[], width: number, widthOf: (part: string) => number): readonly string[] {
  const lines: string[] = []
  let used = Infinity
  for (const part of parts) {
    const room = widthOf(part) + 3
    if (used + room > width) [lines[lines.length], used] = [part, room - 3]
    else [lines[lines.length - 1], used] = [`${lines.at(-1) ?? ''}   ${part}`, used + room]
  }
  return lines
}

function phases(launch: Launch, { width, colour, paint }: Look): readonly string[] {
  const total = phaseSeconds(launch.phases)
  if (total === 0) return []
  const entries = phasesOf(launch.phases).map(([phase, seconds]) => {
    const text = ` ${phase} ${formatSeconds(seconds)}`
    return { drawn: phaseMark(phase, paint) + text, width: 1 + text.length }
  })
  const widths = new Map(entries.map(entry => [entry.drawn, entry.width]))
  const list = flow(
    entries.map(entry => entry.drawn),
    width,
    drawn => widths.get(drawn) ?? 0,
  )
  return ['', phaseBar(launch.phases, total / width, { paint, colour }), ...list]
}

const COLUMNS = (nameWidth: number): readonly Column[] => [
  { title: 'span', maxWidth: nameWidth },
  { title: 'service@host', maxWidth: Math.max(12, Math.floor(nameWidth * 0.8)) },
  { title: 'at', align: 'right' },
  { title: 'took', align: 'right' },
]

function placeOf({ service, host }: Pick<Span, 'service' | 'host'>): string {
  return host === '' ? service : `${service}@${host}`
}

function cellsOf({ span, depth }: TreeRow, launch: Launch): readonly string[] {
  const corrected = CLOCK_ATTRIBUTE in span.attributes ? '*' : ''
  return [
    '  '.repeat(Math.min(depth, MAX_DEPTH_SHOWN)) + (span.status === 'error' ? '✗ ' : '') + span.name,
    placeOf(span),
    corrected + formatSeconds(secondsBetween(launch.startedAt, span.startedAt)),
    formatSeconds(span.durationSeconds),
  ]
}

function evidenceLines({ span, depth }: TreeRow, { width, paint }: Look): readonly string[] {
  const indent = ' '.repeat(2 * Math.min(depth, MAX_DEPTH_SHOWN) + 4)
  const columns = Math.max(20, width - indent.length - 2)
  return span.evidence.flatMap(fact => {
    const head = clip(`${formatMicros(fact.at)} ${placeOf(fact)} (${fact.source})`, columns)
    const lines = wrap(fact.text, columns, MAX_EVIDENCE_LINES)
    return [paint('dim', indent + head), ...lines.map(line => `${indent}  ${line}`)]
  })
}

function spanLine(line: string, row: TreeRow, { axis, paint }: { axis: TimeAxis; paint: Paint }): string {
  const bar = timeBar(row.span, axis)
  return row.span.status === 'error' ? paint('red', `${line}  ${bar}`) : `${line}  ${paint('cyan', bar)}`
}

function spans(launch: Launch, look: Look): readonly string[] {
  if (launch.spans.length === 0) return []
  const { width, paint } = look
  const rows = spanTree(launch.spans)
  const [title = '', ...lines] = drawTable(
    COLUMNS(Math.max(16, Math.floor((width - 24) * 0.35))),
    rows.map(row => cellsOf(row, launch)),
  )
  const axis = axisOf(launch.spans, Math.max(12, width - displayWidth(title) - 2))
  const drawn = rows.flatMap((row, index) => [
    spanLine(lines[index] ?? '', row, { axis, paint }),
    ...(look.evidence ? evidenceLines(row, look) : []),
  ])
  return ['', paint('dim', `${title}  ${axisLabels(axis)}`.trimEnd()), ...drawn, paint('dim', EDGE_LEGEND)]
}

function clocks(launch: Launch): readonly string[] {
  const offsets = new Map<string, number>()
  for (const { host, attributes } of launch.spans) {
    const offset = Number(attributes[CLOCK_ATTRIBUTE])
    if (Number.isFinite(offset) && offset !== 0) offsets.set(host, offset)
  }
  return [...offsets].map(([host, offset]) => {
    const by = `${formatSeconds(Math.abs(offset))} ${offset > 0 ? 'ahead' : 'behind'}`
    return `* the clock of ${printable(host)} was ${by}; its times are corrected`
  })
}

/** One launch for a person: the verdict, what it is, where the time went, every span on a time axis. */
export function renderWaterfall(launch: Launch, options: WaterfallOptions): string {
  const look = { ...options, paint: createPaint(options.colour) }
  const lines = [
    ...header(launch, look),
    '',
    ...facts(launch, look),
    ...phases(launch, look),
    ...spans(launch, look),
    ...clocks(launch),
  ]
  return `${lines.map(line => line.trimEnd()).join('\n')}\n`
}
