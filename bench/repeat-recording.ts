import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { gunzipSync } from 'node:zlib'

/*
 * Makes a long recording out of a short one: every copy has other uuids, MAC addresses and libvirt domains and lies one
 * day later, so that ten copies are ten times the launches and not ten times the same facts.
 */

const NOT_LOGS = /^(?:truth|rpc(?:-trace)?)\.jsonl|^README/
/** The beginning of a uuid, also where only that is left of it: `tap` and eleven characters of a port's. */
const UUID_START = /[0-9a-f]{8}(?=-[0-9a-f]{2})/g
const MAC = /fa:16:3e:([0-9a-f]{2})(?=:[0-9a-f]{2}:[0-9a-f]{2})/g
const DOMAIN = /instance-[0-9a-f]{8}/g
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** Dates as oslo.log, syslog and uWSGI, and Apache write them. */
const ISO_DATE = /\b20\d\d-\d\d-\d\d(?=[ T]\d\d:)/g
const SHORT_DATE = new RegExp(`\\b(?:${MONTHS.join('|')}) [ \\d]\\d(?= \\d\\d:\\d\\d:\\d\\d)`, 'g')
const APACHE_DATE = new RegExp(`\\b\\d\\d/(?:${MONTHS.join('|')})/20\\d\\d(?=:\\d\\d:)`, 'g')
/** For dates that do not say their year: only month and day are printed again. */
const ANY_YEAR = 2026

/** Year, name of the month, and day in two digits; a day past the end of its month lies in the next one. */
function later(year: number, month: number, day: number): readonly [year: string, month: string, day: string] {
  const [first = '', second = '', third = ''] = new Date(Date.UTC(year, month, day))
    .toISOString()
    .slice(0, 10)
    .split('-')
  return [first, MONTHS[Number(second) - 1] ?? '', third]
}

function laterIso(date: string, days: number): string {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10)
}

function laterShort(date: string, days: number): string {
  const [, month, day] = later(ANY_YEAR, MONTHS.indexOf(date.slice(0, 3)), Number(date.slice(4)) + days)
  return `${month} ${String(Number(day)).padStart(2, ' ')}`
}

function laterApache(date: string, days: number): string {
  const month = MONTHS.indexOf(date.slice(3, 6))
  return later(Number(date.slice(7)), month, Number(date.slice(0, 2)) + days)
    .toReversed()
    .join('/')
}

function shiftDates(text: string, days: number): string {
  return text
    .replace(ISO_DATE, date => laterIso(date, days))
    .replace(SHORT_DATE, date => laterShort(date, days))
    .replace(APACHE_DATE, date => laterApache(date, days))
}

/** A text with other uuids, MAC addresses and libvirt domains, the same ones for the same copy. */
export function otherIds(text: string, copy: number): string {
  if (copy === 0) return text
  const mask = Math.imul(copy, 0x9e3779b1)
  const other = (digits: string): string => ((parseInt(digits, 16) ^ mask) >>> 0).toString(16).padStart(8, '0')
  return text
    .replace(UUID_START, other)
    .replace(MAC, (_, byte: string) => `fa:16:3e:${(parseInt(byte, 16) ^ (copy & 255)).toString(16).padStart(2, '0')}`)
    .replace(DOMAIN, name => `instance-${other(name.slice(9))}`)
}

/** The copy number `copy` of a text; number 0 is the text itself. */
function rewrite(text: string, copy: number): string {
  return copy === 0 ? text : otherIds(shiftDates(text, copy), copy)
}

/** A file's text, unpacked. */
export function readText(path: string): string {
  const bytes = readFileSync(path)
  // As latin1, so that bytes that are no text pass through as they are.
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1')
}

/** What of a recording is copied: logs and notifications. */
export function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !NOT_LOGS.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
    .toSorted()
}

export interface Repeat {
  readonly from: string
  readonly files: readonly string[]
  readonly into: string
  readonly times: number
}

/**
 * Writes `times` copies of the files under `into`, unpacked, one behind the other in files of the same names.
 * Returns how many bytes that made.
 */
export function repeatRecording({ from, files, into, times }: Repeat): number {
  let bytes = 0
  for (const file of files) {
    const text = readText(file)
    const name = relative(from, file).replace(/\.gz$/, '')
    for (let copy = 0; copy < times; copy += 1) {
      // A domain's own log is named after it.
      const path = join(into, rewrite(name, copy))
      mkdirSync(dirname(path), { recursive: true })
      appendFileSync(path, rewrite(text, copy), 'latin1')
      bytes += text.length
    }
  }
  return bytes
}

/** As `repeatRecording`, with as many copies as make about the wanted number of bytes. */
export function fillRecording(repeat: Omit<Repeat, 'times'>, bytes: number): number {
  const once = repeat.files.reduce((sum, file) => sum + readText(file).length, 0)
  return repeatRecording({ ...repeat, times: Math.max(1, Math.round(bytes / once)) })
}

const CORPUS_DEBUG = join(import.meta.dirname, '..', '..', 'shared', 'corpus', 'zed-ovn-debug', 'logs', 'compute-1')

/** DEBUG logs of a nova-compute: of the recordings beside the checkout where they are, else the bundled INFO ones. */
export function debugLogs(): Pick<Repeat, 'from' | 'files'> {
  const from = existsSync(CORPUS_DEBUG) ? CORPUS_DEBUG : join(import.meta.dirname, '..', 'examples')
  return { from, files: filesOf(from).filter(file => basename(file).startsWith('nova-compute.log')) }
}

/** So much of a log is enough to know what its node says when it is idle; in UTF-16 units. */
const IDLE_SAMPLE = 20_000_000

/** One long log of copies of these, in a folder named as a host. */
export function fillLog(
  { from, files }: Pick<Repeat, 'from' | 'files'>,
  folder: string,
  wanted: number,
): { readonly log: string; readonly bytes: number } {
  const into = join(folder, 'compute-1')
  const bytes = fillRecording({ from: dirname(files[0] ?? from), files: files.slice(0, 1), into }, wanted)
  return { log: join(into, basename(files[0] ?? '').replace(/\.gz$/, '')), bytes }
}

/** Whoever serves a user prints who it is; what is left is what a node says when nobody wants anything of it. */
const SERVES_SOMEBODY = /\[instance: |[0-9a-f]{32} [0-9a-f]{32}/

/**
 * Lengthens a log to `wanted` bytes with those of its own lines that serve nobody, as a node writes them day and night:
 * periodic tasks, above all.
 */
export function addIdleLines(log: string, wanted: number): number {
  const lines = readFileSync(log, 'utf8').slice(0, IDLE_SAMPLE).split('\n').slice(0, -1)
  const idle = lines.filter(line => /^\d{4}-/.test(line) && !SERVES_SOMEBODY.test(line))
  const chunk = `${idle.join('\n')}\n`
  let { size } = statSync(log)
  for (; size < wanted; size += Buffer.byteLength(chunk)) appendFileSync(log, chunk)
  return size
}
