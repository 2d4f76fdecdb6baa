import type { Launch, Outcome } from '../../src/core/launch.ts'
import { formatMicros } from '../../src/core/time.ts'
import { formatSeconds } from './duration.ts'
import { OUTCOME_STYLES } from './outcome.ts'
import { createPaint } from './paint.ts'
import type { Paint } from './paint.ts'
import { phaseBar, phaseLegend, phaseSeconds } from './phase-bar.ts'
import { drawTable } from './table.ts'
import type { Cell, Column } from './table.ts'
import { displayWidth } from './text.ts'

export interface ListOptions {
  /** Columns of the terminal. */
  readonly width: number
  readonly colour: boolean
}

type Row = Omit<Launch, 'spans'>

/** Below this a bar says nothing and is left out. */
const MIN_BAR = 10
/** Beyond this the eye no longer compares. */
const MAX_BAR = 60
/** Narrower terminals get the bar and not the host, which `show` tells. */
const WIDTH_FOR_HOST = 100
/** What the columns of fixed width and the gaps before all columns take. */
const FIXED_WIDTH = 19 + 8 + 11 + 9 + 6 * 2

function columnsFor(width: number): readonly Column[] {
  const names = width < WIDTH_FOR_HOST ? 1 : 2
  const free = width - FIXED_WIDTH - Math.max(MIN_BAR, Math.round(width / 5))
  const maxWidth = Math.max(8, Math.min(28, Math.floor(free / names)))
  const host = names === 2 ? [{ title: 'host', maxWidth }] : []
  return [
    { title: 'started (UTC)' },
    { title: 'id' },
    { title: 'outcome' },
    { title: 'duration', align: 'right' },
    { title: 'name', maxWidth },
    ...host,
  ]
}

/** The first eight digits of the instance, or of the trace when the request was refused: `show` finds a launch by either. */
function shortId(launch: Pick<Launch, 'instanceId' | 'traceId'>): string {
  return (launch.instanceId ?? launch.traceId).slice(0, 8)
}

export function formatUtcSecond(at: Launch['startedAt']): string {
  return formatMicros(at).slice(0, 19).replace('T', ' ')
}

function durationOf(launch: Row): string {
  if (launch.durationSeconds !== undefined) return formatSeconds(launch.durationSeconds)
  const soFar = phaseSeconds(launch.phases)
  return soFar > 0 ? `${formatSeconds(soFar)}…` : '…'
}

function cellsOf(launch: Row, paint: Paint): readonly Cell[] {
  return [
    formatUtcSecond(launch.startedAt),
    shortId(launch),
    { text: launch.outcome, style: text => paint(OUTCOME_STYLES[launch.outcome], text) },
    durationOf(launch),
    launch.displayName,
    launch.host,
  ]
}

function countOutcomes(launches: readonly Row[], paint: Paint): string {
  const counts = new Map<Outcome, number>()
  for (const { outcome } of launches) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  const parts = [...counts].map(([outcome, count]) => paint(OUTCOME_STYLES[outcome], `${String(count)} ${outcome}`))
  return `${String(launches.length)} ${launches.length === 1 ? 'launch' : 'launches'}: ${parts.join(', ')}`
}

/** Every bar is drawn to the same scale, so a longer bar is a slower launch. */
function drawBars(launches: readonly Row[], cells: number, look: { paint: Paint; colour: boolean }): readonly string[] {
  const slowest = launches.reduce((seconds, { phases }) => Math.max(seconds, phaseSeconds(phases)), 0)
  if (cells < MIN_BAR || slowest === 0) return []
  const secondsPerCell = slowest / cells
  return [
    cells < 24 ? 'phases' : `phases, one letter = ${formatSeconds(secondsPerCell)}`,
    ...launches.map(({ phases }) => phaseBar(phases, secondsPerCell, look)),
  ]
}

/** Open phases that are told one by one. */
const OPEN_SHOWN = 20

/** In which phase each launch in progress stands, and for how long it has. */
function openPhases(launches: readonly Row[]): readonly string[] {
  const open = launches.filter(launch => launch.open !== undefined)
  if (open.length === 0) return []
  const told = open.slice(0, OPEN_SHOWN).map(launch => {
    const seconds = launch.open === undefined ? 0 : (launch.phases[launch.open.phase] ?? 0)
    return `  ${shortId(launch)}  in ${launch.open?.phase ?? ''} for ${formatSeconds(seconds)}  ${launch.displayName}`.trimEnd()
  })
  const rest = open.length - told.length
  return ['in progress:', ...told, ...(rest > 0 ? [`  and ${String(rest)} more`] : []), '']
}

/** Launches as a table in the given order, each with a bar of its phases; then the legend and a count by outcome. */
export function renderLaunchList(launches: readonly Row[], { width, colour }: ListOptions): string {
  if (launches.length === 0) return 'No launches.\n'
  const paint = createPaint(colour)
  const table = drawTable(
    columnsFor(width),
    launches.map(launch => cellsOf(launch, paint)),
  )
  const room = width - displayWidth(table[0] ?? '') - 2
  const bars = drawBars(launches, Math.min(MAX_BAR, room), { paint, colour })
  const lines = table.map((line, index) => `${line}  ${bars[index] ?? ''}`.trimEnd())
  const legend =
    bars.length > 0
      ? [
          phaseLegend(
            launches.map(launch => launch.phases),
            paint,
          ),
        ]
      : []
  return `${[...lines, '', ...openPhases(launches), ...legend, countOutcomes(launches, paint)].join('\n')}\n`
}
