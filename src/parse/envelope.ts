import { micros, type UnixMicros } from '../core/time.ts'
import type { Clock } from './clock.ts'
import { isJsonObject, textOf } from './oslo-json.ts'
import { findServiceName } from './service-name.ts'
import { readBsdStamp, readIsoStamp, type Stamp } from './timestamp.ts'

/** What a logging system wrapped around somebody else's line. */
export interface Envelope {
  /** `container` says nothing of the program, `prefix` is what people and scripts put in front of a whole line. */
  readonly kind: 'syslog' | 'journal' | 'container' | 'prefix'
  readonly at: UnixMicros | undefined
  readonly host: string
  /** The program's name as given; empty when the envelope does not say. */
  readonly tag: string
  readonly pid: number
  /** Whether the line goes on in the next envelope. */
  readonly partial: boolean
  readonly text: string
}

const SILENT = { host: '', tag: '', pid: 0, partial: false } as const

/** Around a line that came as it is. */
export const NO_ENVELOPE: Envelope = { ...SILENT, kind: 'container', at: undefined, text: '' }

/** Longest header that is looked for in front of a message. */
const HEADER_REACH = 300

const CONTAINER = /^(?:stdout|stderr) ([FP])(?: |$)/
const SYSLOG = /^(?:([^\s:[\]]{1,255}) )?([^\s:[\]]{1,160})(?:\[(\d{1,10})\])?:(?: |$)/

/** rsyslog writes the control characters of a message as `#` and three octal digits. */
function unescaped(text: string): string {
  if (!text.includes('#0')) return text
  return text.replaceAll('#012', '\n').replaceAll('#011', '\t').replaceAll('#033', '\u001b').replaceAll('#015', '')
}

function readSyslogBody(line: string, at: number, time: UnixMicros): Envelope | undefined {
  const found = SYSLOG.exec(line.slice(at, at + HEADER_REACH))
  if (found === null) return undefined
  const [whole, host = '', tag = '', pid = '0'] = found
  const text = unescaped(line.slice(at + whole.length))
  return { kind: 'syslog', at: time, host, tag, pid: Number(pid), partial: false, text }
}

/** The Container Runtime Interface's `stamp stream F message`; P marks a part of a longer line. */
function readContainerBody(line: string, at: number, time: UnixMicros): Envelope | undefined {
  const found = CONTAINER.exec(line.slice(at, at + 16))
  if (found === null) return undefined
  return { ...SILENT, kind: 'container', at: time, partial: found[1] === 'P', text: line.slice(at + found[0].length) }
}

function openIso(line: string, at: number, clock: Clock): Envelope | undefined {
  const stamp = readIsoStamp(line, at)
  if (stamp === undefined || line.charCodeAt(stamp.end) !== 32) return undefined
  if (stamp.offset === undefined && line.charCodeAt(at + 10) !== 84) return undefined
  const time = clock.toUtc(stamp)
  return readContainerBody(line, stamp.end + 1, time) ?? readSyslogBody(line, stamp.end + 1, time)
}

function openBsd(line: string, at: number, clock: Clock): Envelope | undefined {
  const stamp = readBsdStamp(line, at, clock.yearOf)
  if (stamp === undefined || line.charCodeAt(stamp.end) !== 32) return undefined
  return readSyslogBody(line, stamp.end + 1, clock.toUtc(stamp))
}

const SHORT_FULL = /^[A-Z][a-z]{2} (?=\d{4}-)/

/** journalctl's `short-full`: `Fri 2026-11-20 05:00:00 UTC host tag[42]: message`. Other zones are the clock's. */
function openShortFull(line: string, clock: Clock): Envelope | undefined {
  const day = SHORT_FULL.exec(line)
  const stamp = day === null ? undefined : readIsoStamp(line, day[0].length)
  if (stamp === undefined) return undefined
  const zoneEnd = line.indexOf(' ', stamp.end + 1)
  if (zoneEnd < 0) return undefined
  const isUtc = line.slice(stamp.end + 1, zoneEnd) === 'UTC'
  const zoned: Stamp = isUtc ? { ...stamp, offset: 0 } : stamp
  return readSyslogBody(line, zoneEnd + 1, clock.toUtc(zoned))
}

const SHORT_UNIX = /^(\d{9,10})\.(\d{6}) /

/** journalctl's `short-unix`. */
function openShortUnix(line: string): Envelope | undefined {
  const found = SHORT_UNIX.exec(line.slice(0, 20))
  if (found === null) return undefined
  return readSyslogBody(line, found[0].length, micros(Number(found[1]) * 1e6 + Number(found[2])))
}

const PRIORITY = /^<\d{1,3}>(1 )?/
const PROTOCOL = /^(\S+) (\S+) (\S+) (\S+) \S+ (?:-|(?:\[(?:[^\]\\]|\\.)*\])+)(?: |$)/

/** RFC 5424 behind its priority and version. */
function openProtocol(line: string, at: number, clock: Clock): Envelope | undefined {
  const found = PROTOCOL.exec(line.slice(at, at + 2000))
  if (found === null) return undefined
  const [whole, stampText = '', host = '', tag = '', pid = ''] = found
  const stamp = readIsoStamp(stampText, 0)
  const text = unescaped(line.slice(at + whole.length)).replace(/^\ufeff/, '')
  const known = (value: string): string => (value === '-' ? '' : value)
  const time = stamp === undefined ? undefined : clock.toUtc(stamp)
  return {
    kind: 'syslog',
    at: time,
    host: known(host),
    tag: known(tag),
    pid: /^\d+$/.test(pid) ? Number(pid) : 0,
    partial: false,
    text,
  }
}

/** Opens syslog in its three forms, journalctl's short forms, and the container runtime's; `undefined` when it is none. */
export function openEnvelope(line: string, clock: Clock): Envelope | undefined {
  const priority = PRIORITY.exec(line.slice(0, 8))
  const at = priority === null ? 0 : priority[0].length
  if (priority?.[1] !== undefined) return openProtocol(line, at, clock)
  return openIso(line, at, clock) ?? openBsd(line, at, clock) ?? openShortUnix(line) ?? openShortFull(line, clock)
}

/** The journal's MESSAGE: text, or the bytes of it as numbers when there are colours in it (systemd: journalctl -o json). */
function journalText(value: unknown): string {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return ''
  const bytes = value.filter((byte): byte is number => typeof byte === 'number')
  return new TextDecoder().decode(Uint8Array.from(bytes))
}

/** The name that tells a service among those the journal keeps; else what the program called itself. */
function journalTag(fields: Readonly<Record<string, unknown>>): string {
  const names = ['SYSLOG_IDENTIFIER', '_SYSTEMD_UNIT', 'CONTAINER_NAME', '_COMM'].map(name => textOf(fields, name))
  return names.find(name => findServiceName(name) !== '') ?? names.find(name => name !== '') ?? ''
}

/** Reads the fields of one journal entry, from JSON or from the export format (systemd.journal-fields). */
export function openJournal(fields: Readonly<Record<string, unknown>>): Envelope | undefined {
  const time = Number(textOf(fields, '_SOURCE_REALTIME_TIMESTAMP', '__REALTIME_TIMESTAMP'))
  if (!Number.isSafeInteger(time) || time <= 0) return undefined
  const pid = Number(textOf(fields, '_PID', 'SYSLOG_PID'))
  return {
    kind: 'journal',
    at: micros(time),
    host: textOf(fields, '_HOSTNAME'),
    tag: journalTag(fields),
    pid: Number.isSafeInteger(pid) ? pid : 0,
    partial: false,
    text: journalText(fields['MESSAGE']).trimEnd(),
  }
}

/** Reads docker's json-file objects, and those of shippers that keep the line in `log`. */
function openDocker(object: Readonly<Record<string, unknown>>, clock: Clock): Envelope | undefined {
  const log = object['log']
  if (typeof log !== 'string') return undefined
  const stamp = readIsoStamp(textOf(object, 'time', '@timestamp'), 0)
  const kubernetes = object['kubernetes']
  const place = isJsonObject(kubernetes) ? kubernetes : {}
  const isOneOfDocker = 'stream' in object && 'time' in object
  return {
    kind: 'container',
    at: stamp === undefined ? undefined : clock.toUtc(stamp),
    host: textOf(place, 'host'),
    tag: textOf(place, 'container_name'),
    pid: 0,
    partial: isOneOfDocker && !log.endsWith('\n'),
    text: log.replace(/[\r\n]+$/, ''),
  }
}

/** Opens an envelope that is a JSON object; `undefined` when the object is something else. */
export function openJsonEnvelope(object: Readonly<Record<string, unknown>>, clock: Clock): Envelope | undefined {
  return '__REALTIME_TIMESTAMP' in object ? openJournal(object) : openDocker(object, clock)
}

const INNER_HEADER =
  /\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d+)? (?:\d+ )?(?:DEBUG|INFO|WARNING|ERROR|CRITICAL|AUDIT|TRACE) [A-Za-z_]/
const HOST = /^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/

/**
 * Opens what scripts put in front of whole oslo.log lines: the file's name (grep, the Loghub collection), a host, a
 * program (docker compose). The text begins at the stamp.
 */
export function openPrefix(line: string): Envelope | undefined {
  const found = INNER_HEADER.exec(line.slice(0, HEADER_REACH))
  if (found === null || found.index === 0) return undefined
  const words = line
    .slice(0, found.index)
    .split(/[\s|:[\]()>]+/)
    .filter(word => word !== '')
  const named = words.flatMap(word => word.split('/')).find(word => findServiceName(word) !== '') ?? ''
  const host = words.find(
    word => word !== named && HOST.test(word) && findServiceName(word) === '' && !/^[\d.-]+$/.test(word),
  )
  return { ...SILENT, kind: 'prefix', at: undefined, host: host ?? '', tag: named, text: line.slice(found.index) }
}

/** An envelope with what the one around it knows besides. */
export function openInside(inner: Envelope, outer: Envelope | undefined): Envelope {
  if (outer === undefined) return inner
  const { at, host, tag, pid } = outer
  return { ...inner, at: inner.at ?? at, host: inner.host || host, tag: inner.tag || tag, pid: inner.pid || pid }
}
