import { PHASES } from '../../src/core/launch.ts'
import type { Launch, Phase } from '../../src/core/launch.ts'
import type { Paint } from './paint.ts'

type PhaseTimes = Launch['phases']

interface PhaseLook {
  readonly letter: string
  readonly style: Parameters<Paint>[0]
}

/** One letter each, so that a bar can be read without colours. */
const LOOKS = {
  api: { letter: 'A', style: ['bgBlue', 'white'] },
  schedule: { letter: 'S', style: ['bgCyan', 'black'] },
  dispatch: { letter: 'D', style: ['bgBlueBright', 'black'] },
  claim: { letter: 'C', style: ['bgCyanBright', 'black'] },
  network: { letter: 'N', style: ['bgGreen', 'black'] },
  block_device: { letter: 'B', style: ['bgYellow', 'black'] },
  image: { letter: 'I', style: ['bgMagenta', 'white'] },
  config_drive: { letter: 'F', style: ['bgYellowBright', 'black'] },
  plug_vifs: { letter: 'P', style: ['bgGreenBright', 'black'] },
  domain_start: { letter: 'M', style: ['bgMagentaBright', 'black'] },
  vif_wait: { letter: 'V', style: ['bgWhite', 'black'] },
  post: { letter: 'O', style: ['bgWhiteBright', 'black'] },
  reschedule: { letter: 'R', style: ['bgRed', 'white'] },
  unexplained: { letter: '?', style: ['bgGray', 'white'] },
} as const satisfies Readonly<Record<Phase, PhaseLook>>

/** Phases that took time, in the order in which a launch passes them. */
export function phasesOf(times: PhaseTimes): readonly (readonly [Phase, number])[] {
  return PHASES.flatMap(phase => {
    const seconds = times[phase] ?? 0
    return seconds > 0 ? [[phase, seconds] as const] : []
  })
}

/** Seconds of all phases together: the duration of a launch that has ended, the time so far of one that has not. */
export function phaseSeconds(times: PhaseTimes): number {
  return phasesOf(times).reduce((sum, [, seconds]) => sum + seconds, 0)
}

/** The phase that took longest; undefined when none took time. */
export function longestPhase(times: PhaseTimes): readonly [Phase, number] | undefined {
  return phasesOf(times).reduce<readonly [Phase, number] | undefined>(
    (longest, entry) => (longest === undefined || entry[1] > longest[1] ? entry : longest),
    undefined,
  )
}

function stretch(phase: Phase, cells: number, colour: boolean): string {
  const { letter } = LOOKS[phase]
  return colour ? letter.padEnd(cells).slice(0, cells) : letter.repeat(cells)
}

/**
 * The phases side by side, in order. `secondsPerCell` is the scale. Each border is rounded by itself, so the bar is as
 * long as the launch, and a phase shorter than half a cell may not show; a launch that short shows its longest phase.
 */
export function phaseBar(times: PhaseTimes, secondsPerCell: number, look: { paint: Paint; colour: boolean }): string {
  let [bar, seconds, drawn] = ['', 0, 0]
  for (const [phase, took] of phasesOf(times)) {
    seconds += took
    const end = Math.round(seconds / secondsPerCell)
    if (end > drawn) bar += look.paint(LOOKS[phase].style, stretch(phase, end - drawn, look.colour))
    drawn = end
  }
  const longest = longestPhase(times)
  return bar === '' && longest !== undefined ? phaseMark(longest[0], look.paint) : bar
}

/** What the letters mean, for the phases that took time in any of `launches`. */
export function phaseLegend(launches: readonly PhaseTimes[], paint: Paint): string {
  const shown = PHASES.filter(phase => launches.some(times => (times[phase] ?? 0) > 0))
  return shown.map(phase => `${paint(LOOKS[phase].style, LOOKS[phase].letter)} ${phase}`).join('  ')
}

/** The letter of a phase in its colour. */
export function phaseMark(phase: Phase, paint: Paint): string {
  return paint(LOOKS[phase].style, LOOKS[phase].letter)
}
