import type { Signal } from '../core/signal.ts'
import type { UnixMicros } from '../core/time.ts'
import type { Moment } from './moments.ts'
import { LAST_COUNTS, momentOf, ONLY_OF_CREATES, ORDERS } from './moments.ts'
import { solveOffsets } from './clock-graph.ts'
import { Gap } from './gap.ts'

/**
 * How far each clock runs ahead of the reference, in microseconds, by `clockOf`; clocks that agree are absent.
 * Estimated from causality: a message is not received before it is sent.
 */
export type ClockOffsets = ReadonlyMap<string, number>

/** The clock that a signal's time was read from: log files and notifications of one host may be shifted apart. */
export function clockOf(signal: Pick<Signal, 'host' | 'source'>): string {
  return `${signal.host}/${signal.source}`
}

/** A signal's time on the reference clock. */
export function correctedAt(signal: Signal, offsets: ClockOffsets): UnixMicros {
  return (signal.at - (offsets.get(clockOf(signal)) ?? 0)) as UnixMicros
}

/** Times of one thing's moments, first of each on each clock. */
type Story = Map<Moment, Map<string, number>>

/** Launches whose moments are remembered at a time: bounds memory to a few tens of megabytes. */
const STORIES = 20_000

/** Learns clock offsets from signals. Feed it every signal named in `MOMENT_SIGNALS`, in order of time. */
export class ClockEstimator {
  readonly #stories = new Map<string, Story>()
  /** By both clocks and the first moment of the order, so that one order which does not hold is outvoted by the others. */
  readonly #gaps = new Map<string, Gap>()
  readonly #voices = new Map<string, number>()

  add(signal: Signal): void {
    const moment = momentOf(signal)
    if (moment === undefined || signal.host === '') return
    const clock = clockOf(signal)
    if (moment === 'posted') this.#voices.set(clock, (this.#voices.get(clock) ?? 0) + 1)
    for (const thing of thingsOf(signal, moment)) this.#tell(thing, moment, { clock, at: signal.at })
  }

  /** The offsets that everything told so far amounts to. */
  offsets(): ClockOffsets {
    for (const story of this.#stories.values()) this.#learn(story)
    this.#stories.clear()
    return solveOffsets(this.#gaps, this.#voices)
  }

  #tell(thing: string, moment: Moment, { clock, at }: { clock: string; at: number }): void {
    const story: Story = this.#stories.get(thing) ?? new Map<Moment, Map<string, number>>()
    const times = story.get(moment) ?? new Map<string, number>()
    const pick = LAST_COUNTS.has(moment) ? Math.max : Math.min
    times.set(clock, pick(times.get(clock) ?? at, at))
    story.set(moment, times)
    this.#stories.set(thing, story)
    if (this.#stories.size > STORIES) this.#forgetOldest()
  }

  #forgetOldest(): void {
    for (const [thing, story] of this.#stories) {
      this.#learn(story)
      this.#stories.delete(thing)
      return
    }
  }

  #learn(story: Story): void {
    // A build that was tried on several hosts has several of each moment, and pairs of different tries prove nothing.
    if (new Set([...(story.get('claimed')?.keys() ?? []), ...(story.get('began')?.keys() ?? [])].map(hostOf)).size > 1)
      return
    const isCreate = story.has('posted')
    for (const [before, after] of ORDERS) {
      if (ONLY_OF_CREATES.has(after) && !isCreate) continue
      for (const sent of story.get(before) ?? []) {
        for (const received of story.get(after) ?? []) this.#compare(`${before} ${after}`, sent, received)
      }
    }
  }

  #compare(order: string, [from, sent]: readonly [string, number], [to, received]: readonly [string, number]): void {
    if (from === to) return
    const key = `${from}\n${to}\n${order}`
    const gap = this.#gaps.get(key) ?? new Gap()
    this.#gaps.set(key, gap)
    gap.add(received - sent)
  }
}

/**
 * What a moment is about: an instance or a port, or a request where the same is said for many reasons and only the id
 * of the launch tells that it was the build that asked.
 */
function thingsOf(signal: Signal, moment: Moment): readonly string[] {
  if (moment === 'posted') return [signal.request]
  if (ONLY_OF_CREATES.has(moment)) return signal.globalRequest === '' ? [] : [signal.globalRequest]
  const things = [...signal.instances, ...signal.ports]
  return moment === 'claimed' && signal.request !== '' ? [...things, signal.request] : things
}

function hostOf(clock: string): string {
  return clock.slice(0, clock.lastIndexOf('/'))
}
