import { micros, type UnixMicros } from '../core/time.ts'
import type { Clock } from './clock.ts'
import type { Envelope } from './envelope.ts'
import type { Head, StreamKey } from './open-records.ts'
import { readOsloContext, type HeaderCut, type OsloContext } from './oslo-line.ts'
import type { JsonRecord } from './oslo-json.ts'
import type { PlainLine } from './plain-line.ts'
import { serviceOfLogger } from './recognise-service.ts'
import { findServiceName } from './service-name.ts'
import type { Stamp } from './timestamp.ts'

/** What is known of a file before its first line is read. */
export interface LineContext {
  /** From the path; empty when it does not say. */
  readonly host: string
  /** From the path; empty when it does not say, and where one file holds many services. */
  readonly service: string
  /** Taken where neither path nor line say a host. */
  readonly fallbackHost: string
  /** Taken where path, line and logger say no service: the file's own name. */
  readonly fallbackService: string
  /** The libvirt domain that a QEMU log is named after; empty for other files. */
  readonly domain: string
  readonly clock: Clock
}

const FIFTEEN_MINUTES = 900
/** An envelope is put on within this time of the line; more is another zone. */
const ENVELOPE_DELAY = 1200

/**
 * A local reading inside an envelope that knows the moment: the zone is the one that brings the two together, when the
 * clock's own zone does not.
 */
function reconcile(stamp: Stamp, inZone: UnixMicros, enveloped: UnixMicros): UnixMicros {
  const apart = (inZone - enveloped) / 1e6
  if (Math.abs(apart) <= ENVELOPE_DELAY) return inZone
  const offset = Math.round((stamp.localSeconds - enveloped / 1e6) / FIFTEEN_MINUTES) * FIFTEEN_MINUTES
  return micros((stamp.localSeconds - offset) * 1e6 + stamp.fraction)
}

/** The moment of a stamp, by its own zone, or by its envelope, or by the clock. */
export function momentOf(stamp: Stamp, envelope: Envelope | undefined, clock: Clock): UnixMicros {
  const inZone = clock.toUtc(stamp)
  const enveloped = envelope?.at
  return stamp.offset !== undefined || enveloped === undefined ? inZone : reconcile(stamp, inZone, enveloped)
}

function shortName(host: string): string {
  return host.split('.', 1)[0] ?? host
}

/** A collected syslog holds many hosts, so its lines know better than its path; a container's name is no host. */
function hostOf(context: LineContext, envelope: Envelope | undefined): string {
  const inLine = envelope?.host ?? ''
  if (inLine === '') return context.host || context.fallbackHost
  if (context.host === '' || shortName(context.host) === shortName(inLine)) return context.host || inLine
  return envelope?.kind === 'container' ? context.host : inLine
}

function serviceOf(context: LineContext, envelope: Envelope | undefined, logger: string): string {
  const tag = envelope?.tag ?? ''
  const tagged = tag === '' ? '' : findServiceName(tag)
  if (envelope?.kind === 'prefix' && tagged !== '') return tagged
  return context.service || tagged || serviceOfLogger(logger) || tag || context.fallbackService
}

const NO_IDS = { request: '', globalRequest: '', project: '', user: '', instance: '' } as const

/** The stream a line belongs to: what its envelope names, else the process that the line names. */
export function streamKey(envelope: Envelope | undefined, pid: number): StreamKey {
  if (envelope === undefined || envelope.tag === '') return pid
  return `${envelope.host}/${envelope.tag}/${envelope.pid || pid}`
}

/** Where a head comes from. */
export interface Origin {
  readonly context: LineContext
  readonly envelope: Envelope | undefined
  readonly at: UnixMicros
}

function placeOf(
  origin: Origin,
  logger: string,
): { readonly at: UnixMicros; readonly host: string; readonly service: string } {
  const { context, envelope, at } = origin
  return { at, host: hostOf(context, envelope), service: serviceOf(context, envelope, logger) }
}

/** Length of `2026-11-20 05:00:00.123`, which a traceback line repeats. */
export const STAMP_LENGTH = 23

/** The head of an oslo.log text record whose header has been cut. */
export function osloHead(line: string, cut: HeaderCut, origin: Origin & { readonly ids: OsloContext }): Head {
  const { request, globalRequest, project, user, instance, messageAt } = origin.ids
  const logger = line.slice(cut.loggerAt, cut.loggerEnd)
  return {
    format: 'oslo',
    ...placeOf(origin, logger),
    level: cut.level,
    logger,
    pid: cut.pid || (origin.envelope?.pid ?? 0),
    ...{ request, globalRequest, project, user, instance },
    message: line.slice(messageAt),
    continues: true,
    stampText: line.slice(cut.stampAt, cut.stampAt + STAMP_LENGTH),
  }
}

/** The head of a record of a program that does not use oslo.log. */
export function plainHead(plain: PlainLine, origin: Origin): Head {
  const { format, level, logger, pid, message, continues } = plain
  const name = format === 'qemu' ? origin.context.domain : logger
  return { format, ...placeOf(origin, logger), level, logger: name, pid, ...NO_IDS, message, continues, stampText: '' }
}

/** The head of a syslog or journal record whose message has no format of its own. */
export function syslogHead(envelope: Envelope, origin: Origin): Head {
  const { tag, pid, text } = envelope
  const place = placeOf(origin, '')
  return {
    format: 'syslog',
    ...place,
    level: '',
    logger: tag,
    pid,
    ...NO_IDS,
    message: text,
    continues: false,
    stampText: '',
  }
}

/** The head of a record that oslo.log wrote as JSON; it is whole, traceback included. */
export function jsonHead(record: JsonRecord, origin: Origin): Head {
  const { level, logger, pid, request, globalRequest, project, user } = record
  const inText = readOsloContext(record.message, 0)
  return {
    format: 'oslo-json',
    ...placeOf(origin, logger),
    ...{ level, logger, pid, request, globalRequest, project, user },
    instance: record.instance || inText.instance,
    message: inText.instance === '' ? record.message : record.message.slice(inText.messageAt),
    continues: false,
    stampText: '',
  }
}
