import { basename, relative } from 'node:path'
import { catalogue, stepsOf } from '../src/catalogue/catalogue.ts'
import { micros } from '../src/core/time.ts'
import { createLogAssembler } from '../src/parse/assembler.ts'
import { createClock } from '../src/parse/clock.ts'
import { createInterest, createRecogniser } from '../src/parse/recognise.ts'
import { filesOf, otherIds, readText } from './repeat-recording.ts'
import { firstTime, shiftTimes } from './shift-times.ts'

/*
 * Plays a recording again as if it happened now, at its own pace and many times side by side, each copy with other ids
 * and from another place of the recording on.
 */

/** A record with the lines that continue it. */
interface Unit {
  readonly atMs: number
  /** Below the folder of the recording. */
  readonly file: string
  readonly lines: number
  readonly text: string
  /** What nova-compute states of one instance in it. */
  readonly facts: readonly Fact[]
}

/** That a launch showed a step of the launch flow. */
export interface Fact {
  readonly instance: string
  readonly step: string
}

function createFactsOf(): (text: string) => readonly Fact[] {
  const recognise = createRecogniser(catalogue)
  const facts: Fact[] = []
  const clock = createClock({ zone: 'UTC', reference: micros(Date.now() * 1000) })
  const place = { host: 'any', service: 'nova-compute', fallbackHost: '', fallbackService: '', domain: '', clock }
  const assembler = createLogAssembler({ ...place, wanted: createInterest(catalogue) }, record => {
    const signal = recognise(record)
    const [instance = '', ...others] = signal?.instances ?? []
    if (signal === undefined || instance === '' || others.length > 0) return
    facts.push(...stepsOf(signal.name).map(step => ({ instance, step })))
  })
  return text => {
    for (const line of text.split('\n')) assembler.push(line)
    assembler.flush()
    return facts.splice(0)
  }
}

/** Lines without a time belong to the one before them. A file without any time gives nothing. */
function* unitsOf(file: string, text: string): Generator<Unit> {
  const factsOf = basename(file).startsWith('nova-compute') ? createFactsOf() : undefined
  let [held, atMs]: [string[], number] = [[], Number.NaN]
  const unit = (): Unit => {
    const joined = held.join('\n')
    return { atMs, file, lines: held.length, text: `${joined}\n`, facts: factsOf?.(joined) ?? [] }
  }
  for (const line of text.trimEnd().split('\n')) {
    const own = firstTime(line)
    if (own === undefined) {
      held.push(line)
      continue
    }
    if (held.length > 0 && !Number.isNaN(atMs)) yield unit()
    held = [line]
    atMs = own
  }
  if (!Number.isNaN(atMs)) yield unit()
}

/** All records of a recording in the order of their times. */
export function readUnits(recording: string): readonly Unit[] {
  const files = filesOf(recording).filter(file => file.includes('.log'))
  const units = files.flatMap(file => {
    return [...unitsOf(relative(recording, file).replace(/\.gz$/, ''), readText(file))]
  })
  return units.toSorted((left, right) => left.atMs - right.atMs)
}

/** What is to be appended to a file, and what it states for the first time. */
export interface Due {
  readonly file: string
  readonly lines: number
  readonly text: string
  readonly facts: readonly Fact[]
}

interface Copy {
  readonly number: number
  readonly fromMs: number
  next: number
}

/** Facts of instances that a copy meets earlier than this may lack their beginning, and are not told of. */
const LEAD_IN_MS = 5000
/** Spreads any number of copies evenly over a recording. */
const GOLDEN = 0.618_033_988_749_895

export interface ReplayOptions {
  readonly units: readonly Unit[]
  readonly linesPerSecond: number
  readonly seconds: number
}

function firstSeen(units: readonly Unit[]): ReadonlyMap<string, number> {
  const seen = new Map<string, number>()
  for (const { atMs, facts } of units) {
    for (const { instance } of facts) if (!seen.has(instance)) seen.set(instance, atMs)
  }
  return seen
}

/** As many copies as together make so many lines a second. */
function copiesOf({ units, linesPerSecond, seconds }: ReplayOptions): Copy[] {
  const first = units[0]?.atMs ?? 0
  const room = Math.max(0, (units.at(-1)?.atMs ?? first) - first - seconds * 1000)
  const copies: Copy[] = []
  for (let lines = 0; lines < linesPerSecond * seconds && copies.length < 10_000;) {
    const number = copies.length + 1
    const fromMs = first + Math.floor(((number * GOLDEN) % 1) * room)
    const next = units.findIndex(({ atMs }) => atMs >= fromMs)
    copies.push({ number, fromMs, next })
    for (let at = next; (units[at]?.atMs ?? Infinity) < fromMs + seconds * 1000; at += 1) lines += units[at]?.lines ?? 0
  }
  return copies
}

/** Plays a recording: `due` gives what is to be written by a moment, its times moved to the moments it is played at. */
export function createReplay(options: ReplayOptions, startMs: number): { due(nowMs: number): readonly Due[] } {
  const { units } = options
  const copies = copiesOf(options)
  const seen = firstSeen(units)
  const told = new Set<string>()
  const tell = ({ number, fromMs }: Copy, { instance, step }: Fact): readonly Fact[] => {
    const key = `${number} ${instance} ${step}`
    if (told.has(key) || (seen.get(instance) ?? 0) < fromMs + LEAD_IN_MS) return []
    told.add(key)
    return [{ instance: otherIds(instance, number), step }]
  }
  const play = (copy: Copy, { file, lines, text, facts }: Unit): Due => ({
    file,
    lines,
    text: otherIds(shiftTimes(text, startMs - copy.fromMs), copy.number),
    facts: facts.flatMap(fact => tell(copy, fact)),
  })
  return {
    due: nowMs =>
      copies.flatMap(copy => {
        const due: Due[] = []
        for (let unit = units[copy.next]; unit !== undefined && unit.atMs - copy.fromMs <= nowMs - startMs;) {
          due.push(play(copy, unit))
          copy.next += 1
          unit = units[copy.next]
        }
        return due
      }),
  }
}
