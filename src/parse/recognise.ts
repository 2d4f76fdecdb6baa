import { ACCESS_LOGGERS, createIsWanted, NOTIFICATION_LOGGER } from '../catalogue/catalogue.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Family, LogSignal } from '../catalogue/entry.ts'
import { generic, GENERIC_LOGGERS, LIBRARY_LOGGERS, SERVICE_LOGGERS } from '../catalogue/generic.ts'
import { matchLine, visibleText } from '../catalogue/line.ts'
import type { Field, Line } from '../catalogue/line.ts'
import { createFindRoute } from '../catalogue/routes.ts'
import type { FindRoute } from '../catalogue/routes.ts'
import type { RequestMeaning, Signal } from '../core/signal.ts'
import { plusSeconds } from '../core/time.ts'
import { decodeLogNotification } from './notification.ts'
import { createRecogniseNotification } from './notification-recognise.ts'
import type { Interest } from './interest.ts'
import { recogniseAccess } from './recognise-access.ts'
import { embeddedException, exceptionFields } from './recognise-exception.ts'
import { collectFields, finishSignal } from './recognise-fields.ts'
import { serviceOfLogger } from './recognise-service.ts'
import type { LogRecord, RecordFormat } from './record.ts'

/** The signal that a record states; undefined when it says nothing about a launch. Total: no record makes it throw. */
export type Recognise = (record: LogRecord) => Signal | undefined

interface Wording {
  readonly entry: LogSignal
  readonly line: Line
}

type Index = ReadonlyMap<string, ReadonlyMap<string, readonly Wording[]>>

/** What a record turned out to be, before its ids are collected. */
interface Recognised {
  readonly entry: Pick<LogSignal, 'id' | 'requestMeaning' | 'sharedWithTasks' | 'services'>
  readonly fields: readonly Field[]
  readonly text: string
}

const FAMILIES: Readonly<Partial<Record<RecordFormat, Family>>> = {
  oslo: 'oslo',
  'oslo-json': 'oslo',
  vlog: 'vlog',
  libvirt: 'libvirt',
  qemu: 'qemu',
  uwsgi: 'uwsgi',
  apache: 'apache',
  syslog: 'syslog',
  ceph: 'ceph',
}

/** What the line parser need not read: whatever nothing is catalogued for, by the header alone. */
export function createInterest(catalogue: Catalogue): Interest {
  const isWanted = createIsWanted(catalogue)
  const levelsOf = findLevels(catalogue.logs)
  return (logger, format, level) => {
    const family = FAMILIES[format]
    if (family === undefined || (level !== '' && levelsOf.get(family)?.has(level) === false)) return false
    return isWanted({ family, logger, level })
  }
}

/**
 * The only levels that count in a family: libvirtd writes thousands of lines a launch, and its errors matter. Oslo.log is
 * not among them, as what is not catalogued counts there too.
 */
function findLevels(entries: readonly LogSignal[]): ReadonlyMap<Family, ReadonlySet<string>> {
  const levels = new Map<Family, ReadonlySet<string>>()
  for (const [family = 'oslo', ofFamily] of Map.groupBy(entries, entry => entry.family)) {
    const counting = ofFamily.map(entry => entry.onlyLevels)
    if (family !== 'oslo' && counting.every(each => each !== undefined)) levels.set(family, new Set(counting.flat()))
  }
  return levels
}

/** Prepares the catalogue for looking records up by family and logger, then first word, then wording. */
export function createRecogniser(catalogue: Catalogue): Recognise {
  const index = indexWordings(catalogue.logs)
  const findRoute = createFindRoute(catalogue.access)
  const recogniseNotification = createRecogniseNotification(catalogue.notifications)
  return record => {
    if (record.logger.startsWith(NOTIFICATION_LOGGER)) {
      const decoded = decodeLogNotification(record)
      return decoded.outcome === 'notification' ? recogniseNotification(decoded.notification) : undefined
    }
    if (isAccess(record)) return accessSignal(record, findRoute) ?? catalogued(record, index)
    return catalogued(record, index)
  }
}

function catalogued(record: LogRecord, index: Index): Signal | undefined {
  const found = recogniseWording(record, index) ?? recogniseGeneric(record)
  return found === undefined ? undefined : toSignal(record, found)
}

function isAccess({ format, logger }: LogRecord): boolean {
  return format === 'uwsgi' || format === 'apache' || ACCESS_LOGGERS.has(logger)
}

function accessSignal(record: LogRecord, findRoute: FindRoute): Signal | undefined {
  const found = recogniseAccess(record, findRoute)
  if (found === undefined) return undefined
  const { signal, fields, text } = found
  const entry = { id: signal.id, requestMeaning: signal.requestMeaning, services: [signal.service] }
  if (record.format !== 'uwsgi' && record.format !== 'apache') return toSignal(record, { entry, fields, text })
  // uWSGI and Apache print when the request began, to the second; every other server says when it ended.
  const ended = { ...record, at: plusSeconds(record.at, found.tookSeconds) }
  return toSignal(ended, { entry, fields: [...fields, ['precision_seconds', '1']], text })
}

function indexWordings(entries: readonly LogSignal[]): Index {
  const index = new Map<string, Map<string, Wording[]>>()
  for (const entry of entries) {
    for (const logger of entry.loggers.length === 0 ? [''] : entry.loggers) {
      const key = `${entry.family ?? 'oslo'} ${logger}`
      const byWord = index.get(key) ?? new Map<string, Wording[]>()
      index.set(key, byWord)
      for (const line of entry.messages) {
        byWord.set(line.firstWord, [...(byWord.get(line.firstWord) ?? []), { entry, line }])
      }
    }
  }
  return index
}

function recogniseWording(record: LogRecord, index: Index): Recognised | undefined {
  const family = FAMILIES[record.format]
  if (family === undefined) return undefined
  const byWord = index.get(`${family} ${record.logger}`) ?? index.get(`${family} `)
  if (byWord === undefined) return undefined
  return tryWordings(record, byWord.get(firstWord(record.message))) ?? tryWordings(record, byWord.get(''))
}

/** Longer than the first word of any wording. */
const WORD_LIMIT = 64

function firstWord(message: string): string {
  const limit = Math.min(message.length, WORD_LIMIT)
  let end = 0
  // Blanks, tabs and line breaks are the codes up to 32.
  while (end < limit && message.charCodeAt(end) > 32) end += 1
  return message.slice(0, end)
}

function tryWordings(record: LogRecord, wordings: readonly Wording[] | undefined): Recognised | undefined {
  for (const { entry, line } of wordings ?? []) {
    if (entry.onlyLevels !== undefined && record.level !== '' && !entry.onlyLevels.includes(record.level)) continue
    const stated = matchLine(line, record.message)
    if (stated === undefined) continue
    const text = visibleText(line, record.message)
    return { entry, text, fields: [...stated, ...extractedFields(record, entry)] }
  }
  return undefined
}

function extractedFields(record: LogRecord, entry: LogSignal): readonly Field[] {
  return [
    ...(entry.extract?.(record) ?? []),
    ...(entry.keepLevel === true ? [['level', record.level] as const] : []),
    ...(isFailure(record.level) ? failureFields(record, entry) : []),
  ]
}

function failureFields(record: LogRecord, entry: LogSignal): readonly Field[] {
  return entry.embedsTraceback === true ? embeddedException(record.message) : exceptionFields(record.message)
}

function isFailure(level: string): boolean {
  return level === 'WARNING' || level === 'ERROR' || level === 'CRITICAL'
}

function recogniseGeneric(record: LogRecord): Recognised | undefined {
  if (FAMILIES[record.format] !== 'oslo') return undefined
  if (isFailure(record.level)) return recogniseFailure(record)
  if (!isUnknownLine(record)) return undefined
  return { entry: generic.line, fields: [['logger', record.logger], ...durationFields(record)], text: record.logger }
}

/** nova-compute says of its work how long it took, in any language: the one number of the message, with two decimals. */
function durationFields({ logger, message }: LogRecord): readonly Field[] {
  if (logger !== 'nova.compute.manager') return []
  const [number = '', ...others] = message.match(/\d+(?:[.,]\d+)*/g) ?? []
  return others.length === 0 && /^\d+\.\d\d$/.test(number) ? [['took_seconds', number]] : []
}

/** A request id counts when a user stands behind it: agent loops and periodic tasks have an id but no user. */
function recogniseFailure(record: LogRecord): Recognised | undefined {
  const { level, logger, instance, request } = record
  if (instance === '' && (request === '' || !hasIdentity(record))) return undefined
  const isService = SERVICE_LOGGERS.test(logger)
  if (!isService && !LIBRARY_LOGGERS.test(logger)) return undefined
  const exception = exceptionFields(record.message)
  if (!isService && exception.length === 0) return undefined
  const entry = level === 'WARNING' ? generic.warning : generic.error
  return { entry, fields: [['logger', logger], ...exception], text: logger }
}

function isUnknownLine({ level, instance, logger }: LogRecord): boolean {
  return level === 'INFO' && instance !== '' && GENERIC_LOGGERS.some(root => logger.startsWith(root))
}

function hasIdentity(record: Pick<LogRecord, 'user' | 'project' | 'globalRequest'>): boolean {
  return record.user !== '' || record.project !== '' || record.globalRequest !== ''
}

function meaningOf(entry: Recognised['entry'], record: LogRecord): RequestMeaning {
  return entry.sharedWithTasks === true && !hasIdentity(record) ? 'service' : entry.requestMeaning
}

function serviceOf({ service, logger }: LogRecord, services: readonly string[]): string {
  return service === '' ? (services[0] ?? serviceOfLogger(logger)) : service
}

function toSignal(record: LogRecord, { entry, fields, text }: Recognised): Signal {
  return finishSignal({
    name: entry.id,
    at: record.at,
    host: record.host,
    service: serviceOf(record, entry.services),
    source: 'log',
    requestMeaning: meaningOf(entry, record),
    request: record.request,
    globalRequest: record.globalRequest,
    project: record.project,
    user: record.user,
    ...collectFields([['instance', record.instance], ...fields]),
    text,
  })
}
