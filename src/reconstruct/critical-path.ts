import type { EdgeOrigin, Phase } from '../core/launch.ts'
import { PHASES } from '../core/launch.ts'
import type { UnixMicros } from '../core/time.ts'

/** A phase of one launch as it really ran. Edges may be unknown. */
export interface Interval {
  readonly phase: Phase
  readonly start: UnixMicros | undefined
  readonly startOrigin: EdgeOrigin
  readonly end: UnixMicros | undefined
  readonly endOrigin: EdgeOrigin
}

/** A stretch of a launch in which this one phase was being waited for. */
export interface Stretch {
  readonly phase: Phase
  readonly from: UnixMicros
  readonly to: UnixMicros
}

/** What is known of one try: its phases, and how it ended. */
export interface TryIntervals {
  readonly startedAt: UnixMicros
  /** When it failed and the build was handed back or given up; undefined when it did not fail. */
  readonly failedAt: UnixMicros | undefined
  readonly failedPhase: Phase | undefined
  /** When the compute node was done with it, its cleaning up included. */
  readonly leftAt: UnixMicros
  readonly intervals: ReadonlyMap<Phase, Interval>
  /** The last moment at which disks were seen being made (a download, a clone, a conversion ended); undefined when unseen. */
  readonly imageWorkEnd: UnixMicros | undefined
}

/** Phases of a try in the order in which they are waited for; `network` is woven in where it is waited for. */
const CHAIN: readonly Phase[] = ['claim', 'block_device', 'image', 'plug_vifs', 'domain_start', 'vif_wait']

function order(phase: Phase): number {
  return PHASES.indexOf(phase)
}

/** Lays stretches end to end; what lies before the pen is never written again, so the sum is always the whole. */
class Pen {
  readonly stretches: Stretch[] = []
  last: Phase = 'api'
  readonly #end: UnixMicros
  /** Nothing is drawn beyond it while it is set: a try that has failed waits for nothing any more. */
  limit = Infinity
  at: UnixMicros

  constructor(start: UnixMicros, end: UnixMicros) {
    this.at = start
    this.#end = end
  }

  /** Gives everything up to `to` to `phase`. */
  draw(phase: Phase, to: UnixMicros | undefined): void {
    if (to === undefined) return
    const until = Math.min(to, this.#end, this.limit) as UnixMicros
    const isLater = until > this.at
    if (isLater) {
      this.stretches.push({ phase, from: this.at, to: until })
      this.at = until
    }
    // A phase that ended while another one was waited for takes nothing back.
    if (phase !== 'unexplained' && (isLater || order(phase) > order(this.last))) this.last = phase
  }
}

/** Between two known ends more than one phase may lie unseen: then nothing says which of them it was. */
function gapBefore(phase: Phase, last: Phase): Phase {
  const skipped = order(last) < order('image')
  if (phase === 'vif_wait' && skipped) return 'unexplained'
  return phase
}

function drawImage(pen: Pen, of: TryIntervals): void {
  const image = of.intervals.get('image')
  const networkEnd = of.intervals.get('network')?.end
  const plugEnd = of.intervals.get('plug_vifs')?.end
  const measured = image?.end !== undefined && image.end !== plugEnd ? image.end : of.imageWorkEnd
  if (measured !== undefined) {
    pen.draw('image', measured)
    pen.draw('network', networkEnd)
    return
  }
  // Disks from a cached image take milliseconds and say nothing; a port that is not there yet is waited for right after.
  if (networkEnd !== undefined && networkEnd > pen.at) pen.draw('network', networkEnd)
  else pen.draw('image', image?.end)
}

function drawConfigDrive(pen: Pen, of: TryIntervals): void {
  const drive = of.intervals.get('config_drive')
  if (drive?.start === undefined) return
  pen.draw(pen.last === 'plug_vifs' ? 'domain_start' : 'plug_vifs', drive.start)
  pen.draw('config_drive', drive.end)
}

function drawTry(pen: Pen, of: TryIntervals): void {
  for (const phase of CHAIN) {
    const interval = of.intervals.get(phase)
    if (phase === 'block_device') pen.draw('network', interval?.start)
    if (phase === 'image') drawImage(pen, of)
    else pen.draw(gapBefore(phase, pen.last), interval?.end)
    if (phase === 'plug_vifs') drawConfigDrive(pen, of)
  }
}

/** What is left after the last known phase: the end of a build that is over, or the phase that is open now. */
function openPhase(last: Phase, intervals: ReadonlyMap<Phase, Interval>): Phase {
  const begun = CHAIN.filter(phase => {
    const interval = intervals.get(phase)
    return interval?.start !== undefined && interval.end === undefined && order(phase) > order(last)
  })
  const next = begun[0]
  if (next !== undefined) return next
  switch (last) {
    case 'api':
      return 'schedule'
    case 'schedule':
    case 'reschedule':
      return 'dispatch'
    case 'dispatch':
      return 'claim'
    case 'claim':
    case 'network':
      return intervals.has('image') ? 'image' : 'network'
    case 'block_device':
      return 'image'
    case 'image':
      return 'plug_vifs'
    case 'plug_vifs':
    case 'config_drive':
      return 'domain_start'
    case 'domain_start':
      return 'vif_wait'
    case 'vif_wait':
    case 'post':
    case 'unexplained':
      return 'post'
  }
}

/** Everything the critical path is drawn from. */
export interface PathInput {
  readonly start: UnixMicros
  readonly end: UnixMicros
  /** `api`, `schedule` and `dispatch`. */
  readonly intervals: ReadonlyMap<Phase, Interval>
  readonly tries: readonly TryIntervals[]
  readonly ended: 'active' | 'failed' | 'open'
}

/**
 * Gives every moment between start and end to exactly one phase: the one that was being waited for. `open` is the phase
 * in which the launch stood at its end. What no signal can tell apart is `unexplained`.
 */
export function drawCriticalPath(input: PathInput): { readonly stretches: readonly Stretch[]; readonly open: Phase } {
  const pen = new Pen(input.start, input.end)
  pen.draw('api', input.intervals.get('api')?.end ?? input.intervals.get('schedule')?.start)
  pen.draw('schedule', input.intervals.get('schedule')?.end)
  input.tries.forEach((of, index) => {
    const scheduled = pen.last === 'schedule'
    if (index > 0) pen.draw('reschedule', of.startedAt)
    else pen.draw(scheduled ? 'dispatch' : 'schedule', input.intervals.get('dispatch')?.end ?? of.startedAt)
    pen.limit = of.failedAt ?? Infinity
    drawTry(pen, of)
    if (of.failedAt !== undefined) pen.draw(of.failedPhase ?? openPhase(pen.last, of.intervals), of.failedAt)
    pen.limit = Infinity
  })
  const intervals = input.tries.at(-1)?.intervals ?? new Map<Phase, Interval>()
  const open = input.tries.at(-1)?.failedPhase ?? openPhase(pen.last, intervals)
  pen.draw(lastPhase(input, { last: pen.last, open, intervals }), input.end)
  return { stretches: pen.stretches, open }
}

interface Closing {
  readonly last: Phase
  readonly open: Phase
  readonly intervals: ReadonlyMap<Phase, Interval>
}

function lastPhase({ ended, tries }: PathInput, { last, open }: Closing): Phase {
  if (ended === 'open') return open
  if (ended === 'failed') return tries.at(-1)?.failedAt === undefined ? open : 'post'
  return order(last) < order('image') ? 'unexplained' : 'post'
}
