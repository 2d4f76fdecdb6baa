import { appendFileSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import type { Recorded } from './corpus.ts'
import type { Rotation, RotationWay } from './log-rotation.ts'
import { createRotation } from './log-rotation.ts'
import type { PublishedNotification } from './publisher.ts'

/** What was written until now. */
export interface Written {
  readonly lines: number
  readonly notifications: number
}

/** A recording that is happening again. */
export interface Replay {
  /** Resolves when so much of it has happened: 0 to 1. Rejects when the replay failed. */
  reaches(share: number): Promise<void>
  /** Resolves at the end of it. */
  readonly done: Promise<Written>
  written(): Written
}

export interface ReplayOptions {
  readonly recording: Recorded
  /** Logs are written below it as they lay below the recording's: `HOST/SERVICE.log`. */
  readonly folder: string
  /** How long all of it takes. */
  readonly seconds: number
  /** Resolves when the broker has the notifications. Left out: none are published. */
  readonly publish?: (notifications: readonly PublishedNotification[]) => Promise<void>
  /** How the largest logs are rotated while it goes, by turns; empty: not at all. Default: in every way. */
  readonly rotate?: readonly RotationWay[]
}

/** Whole records with the lines that continue them, written in one go. */
interface RecordedLines {
  readonly kind: 'lines'
  readonly atMs: number
  readonly path: string
  readonly text: string
}

/** One message as it was delivered. */
interface RecordedMessage extends PublishedNotification {
  readonly kind: 'message'
  readonly atMs: number
}

/** Something that happened at a time of the recording, in milliseconds since the epoch. */
type RecordedEvent = RecordedLines | RecordedMessage

/** Between two looks at the clock. Milliseconds. */
const TICK_MS = 20
/** Messages that wait for the broker's word; the replay waits beyond it. */
const MOST_UNCONFIRMED = 500
/** What a broker may take to confirm the last of them. */
const CONFIRM_MS = 60_000

/** ISO 8601 with a blank or a T, and C's ctime as uWSGI prints it. */
const STAMP = /^\[?(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:[.,]\d+)?)|\[\w{3} (\w{3} +\d+ \d\d:\d\d:\d\d \d{4})\]/
/** How far back a line may belong to a record that others were written into. */
const INTERLEAVED = 20

function readText(path: string): string {
  const bytes = readFileSync(path)
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString()
}

interface Group {
  readonly stamp: string
  readonly lines: string[]
}

/** Lines of one stamp stay together, with what carries none and what came between them: a record is never cut. */
function groupLines(text: string): readonly Group[] {
  const groups: Group[] = []
  for (const line of text.split(/(?<=\n)/)) {
    const stamp = STAMP.exec(line)?.[0]
    const last = groups.at(-1)
    const since = stamp === undefined ? groups.length - 1 : groups.findLastIndex(group => group.stamp === stamp)
    if (since >= 0 && since >= groups.length - INTERLEAVED) {
      const together = groups.splice(since + 1).flatMap(({ lines }) => lines)
      groups[since]?.lines.push(...together, line)
    } else if (stamp === undefined && last !== undefined) last.lines.push(line)
    else groups.push({ stamp: stamp ?? '', lines: [line] })
  }
  return groups
}

function momentOf(stamp: string): number {
  const [, date, time = '', ctime] = STAMP.exec(stamp) ?? []
  return Date.parse(date === undefined ? `${ctime ?? ''} UTC` : `${date}T${time.replace(',', '.')}Z`)
}

function linesOf(logs: string, name: string): readonly RecordedLines[] {
  let atMs = Number.NEGATIVE_INFINITY
  const path = name.replace(/\.gz$/, '')
  return groupLines(readText(join(logs, name))).map(({ stamp, lines }) => {
    const moment = momentOf(stamp)
    if (moment > atMs) atMs = moment
    return { kind: 'lines', atMs, path, text: lines.join('') }
  })
}

function logsIn(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  return files
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .filter(name => /\.log(?:\.gz)?$/.test(name))
}

function messagesOf(path: string): readonly RecordedMessage[] {
  const lines = readText(path).split('\n')
  return lines.flatMap(line => {
    if (line === '') return []
    const {
      exchange = '',
      routing_key: routingKey = '',
      body = '',
      received_at: at = '',
    } = JSON.parse(line) as Record<string, string>
    return [{ kind: 'message', atMs: Date.parse(at), exchange, routingKey, body } as const]
  })
}

/** Everything of a recording, in the order of its times. */
function eventsOf({ logs, notifications }: Recorded): readonly RecordedEvent[] {
  const lines = logsIn(logs).flatMap(name => linesOf(logs, name))
  const messages = notifications === undefined ? [] : messagesOf(notifications)
  return [...lines, ...messages].toSorted((one, other) => one.atMs - other.atMs)
}

const EVERY_WAY: readonly RotationWay[] = ['rename', 'copytruncate', 'date']

/** The largest logs, each with its own way of rotation. */
function rotationsOf(
  events: readonly RecordedEvent[],
  { folder, rotate: ways = EVERY_WAY }: ReplayOptions,
): readonly Rotation[] {
  const sizes = new Map<string, number>()
  for (const event of events) {
    if (event.kind === 'lines') sizes.set(event.path, (sizes.get(event.path) ?? 0) + event.text.length)
  }
  const largest = [...sizes].toSorted(([, one], [, other]) => other - one).slice(0, 6)
  return largest.flatMap(([path], index) => {
    const way = ways[index % ways.length]
    return way === undefined ? [] : [createRotation(join(folder, path), way)]
  })
}

/** When each rotated log is rotated, as shares of the replay; every log a little later than the one before it. */
const ROTATED_AT = [0.2, 0.5, 0.75]

class Player implements Replay {
  readonly done: Promise<Written>
  readonly #options: ReplayOptions
  readonly #events: readonly RecordedEvent[]
  readonly #rotations: { readonly share: number; readonly rotation: Rotation }[]
  readonly #underWay = new Set<Promise<void>>()
  readonly #waiters: { readonly share: number; readonly resolve: () => void }[] = []
  #next = 0
  #share = 0
  #lines = 0
  #notifications = 0
  #unconfirmed = 0

  constructor(options: ReplayOptions) {
    const events = eventsOf(options.recording)
    this.#options = options
    this.#events = events
    const rotations = rotationsOf(events, options)
    this.#rotations = ROTATED_AT.flatMap(at =>
      rotations.map((rotation, index) => ({ share: at + index / 50, rotation })),
    )
    this.done = this.#play()
    // Whoever waits for a share or for the end hears of a failure.
    this.done.catch(() => undefined)
  }

  written(): Written {
    return { lines: this.#lines, notifications: this.#notifications }
  }

  async reaches(share: number): Promise<void> {
    if (this.#share >= share) return
    const { promise, resolve } = Promise.withResolvers<undefined>()
    this.#waiters.push({ share, resolve: () => resolve(undefined) })
    await Promise.race([promise, this.done])
  }

  async #play(): Promise<Written> {
    const first = this.#events[0]?.atMs ?? 0
    const lengthMs = Math.max(1, (this.#events.at(-1)?.atMs ?? 0) - first)
    const started = performance.now()
    while (this.#next < this.#events.length) {
      this.#share = Math.min(1, (performance.now() - started) / 1000 / this.#options.seconds)
      this.#happen(first + this.#share * lengthMs)
      this.#rotate()
      for (const { share, resolve } of this.#waiters) if (share <= this.#share) resolve()
      while (this.#underWay.size > 0 && this.#unconfirmed >= MOST_UNCONFIRMED) await Promise.race(this.#underWay)
      await sleep(TICK_MS)
    }
    await Promise.race([Promise.all(this.#underWay), this.#tooLate()])
    return this.written()
  }

  async #tooLate(): Promise<never> {
    await sleep(CONFIRM_MS, undefined, { ref: false })
    throw new Error(`The broker has not confirmed ${this.#unconfirmed} messages.`)
  }

  /** Everything up to a time of the recording: what one log gets is written in one go. */
  #happen(untilMs: number): void {
    const texts = new Map<string, string>()
    const messages: RecordedMessage[] = []
    for (let event = this.#events[this.#next]; event !== undefined && event.atMs <= untilMs;) {
      if (event.kind === 'message') messages.push(event)
      else texts.set(event.path, (texts.get(event.path) ?? '') + event.text)
      this.#next += 1
      event = this.#events[this.#next]
    }
    for (const [path, text] of texts) this.#append(path, text)
    if (messages.length > 0) this.#publish(messages)
  }

  #append(path: string, text: string): void {
    const whole = join(this.#options.folder, path)
    mkdirSync(dirname(whole), { recursive: true })
    appendFileSync(whole, text)
    this.#lines += text.split('\n').length - 1
  }

  #publish(messages: readonly RecordedMessage[]): void {
    const { publish } = this.#options
    if (publish === undefined) return
    this.#unconfirmed += messages.length
    const under = publish(messages).then(() => {
      this.#underWay.delete(under)
      this.#unconfirmed -= messages.length
      this.#notifications += messages.length
    })
    // Whoever waits for the end hears of a failure.
    under.catch(() => undefined)
    this.#underWay.add(under)
  }

  #rotate(): void {
    for (const due of this.#rotations.filter(({ share }) => share <= this.#share)) {
      due.rotation.rotate()
      this.#rotations.splice(this.#rotations.indexOf(due), 1)
    }
  }
}

/** Lets a recording happen again, faster or slower than it did. Logs are whole, and rotated on the way. */
export function startReplay(options: ReplayOptions): Replay {
  return new Player(options)
}
