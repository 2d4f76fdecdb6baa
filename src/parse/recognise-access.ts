import type { Field } from '../catalogue/line.ts'
import { headLine } from '../catalogue/line.ts'
import { pathFields, splitTarget } from '../catalogue/path.ts'
import type { FindRoute } from '../catalogue/routes.ts'
import type { AccessSignal } from '../catalogue/entry.ts'
import type { LogRecord } from './record.ts'

/** A call that an access line reports. */
interface AccessLine {
  readonly client: string
  readonly method: string
  readonly target: string
  readonly status: string
  /** Empty when the line does not say. */
  readonly tookSeconds: string
}

/** An access line that says something about a launch. */
export interface RecognisedAccess {
  readonly signal: AccessSignal
  readonly fields: readonly Field[]
  /** The client, for the guest's own requests; nobody else is known by an address. */
  readonly text: string
  readonly tookSeconds: number
}

/** The client may be a whole X-Forwarded-For header, which its sender wrote: eventlet takes the blanks out of it. */
const OSLO =
  /^(\S{1,8000}) "([A-Z]{3,7}) (\S{1,8000}?)(?: HTTP\/[\d.]{1,5})?" status: (\d{3}) {1,2}len: \S{1,20}(?: microversion: \S{1,20})?(?: time: (\d{1,9}\.\d{1,9}))?/
const EVENTLET =
  /^(\S{1,8000}) - - \[[^\]]{1,40}\] "([A-Z]{3,7}) (\S{1,8000}) HTTP\/[\d.]{1,5}" (\d{3}) \d{1,18} (\d{1,9}\.\d{1,9})/
const UWSGI_CALL = /(?:^|[\] ])([A-Z]{3,7}) (\S{1,8000})$/
const UWSGI_END = /^ => generated \d{1,18} bytes in (\d{1,12}) msecs \(\S{1,20} (\d{3})\)/
const APACHE =
  /^(?:(\S{1,100}) )?(?:.{0,300}?\] )?"([A-Z]{3,7}) (\S{1,8000}?)(?: HTTP\/[\d.]{1,5})?" (\d{3}) (?:\d{1,18}|-)(?: (\d{1,18})(?= "|$))?/

/** Reads an access line of any server and finds what the call means; undefined when it means nothing to a launch. */
export function recogniseAccess(record: LogRecord, findRoute: FindRoute): RecognisedAccess | undefined {
  const line = readAccess(record)
  if (line === undefined) return undefined
  const path = splitTarget(line.target)
  const signal = findRoute({ method: line.method, path, service: record.service })
  if (signal === undefined) return undefined
  return {
    signal,
    fields: [...accessFields(line), ...pathFields(path), ...guestField(signal, line.client)],
    text: `${line.method} ${line.target.split('?')[0] ?? ''} ${line.status}`,
    tookSeconds: Number(line.tookSeconds),
  }
}

function accessFields(line: AccessLine): readonly Field[] {
  return [
    ['method', line.method],
    ['status', line.status],
    ['took_seconds', line.tookSeconds],
  ]
}

function guestField(signal: AccessSignal, client: string): readonly Field[] {
  return signal.api === 'metadata' ? [['ip', client.split(',')[0] ?? '']] : []
}

function readAccess({ format, message }: LogRecord): AccessLine | undefined {
  const head = headLine(message)
  if (format === 'uwsgi') return readUwsgi(head)
  if (format === 'apache') return readApache(head)
  const found = OSLO.exec(head) ?? EVENTLET.exec(head)
  if (found === null) return undefined
  const [, client = '', method = '', target = '', status = '', tookSeconds = ''] = found
  return { client, method, target, status, tookSeconds }
}

function readUwsgi(head: string): AccessLine | undefined {
  const arrow = head.indexOf(' => generated ')
  const call = arrow < 0 ? null : UWSGI_CALL.exec(head.slice(Math.max(0, arrow - 8100), arrow))
  const answer = UWSGI_END.exec(head.slice(Math.max(0, arrow)))
  if (call === null || answer === null) return undefined
  const client = /(?:^|\] )([0-9a-fA-F.:]{2,45}) \(/.exec(head.slice(0, 300))?.[1] ?? ''
  const tookSeconds = String(Number(answer[1]) / 1000)
  return { client, method: call[1] ?? '', target: call[2] ?? '', status: answer[2] ?? '', tookSeconds }
}

/** kolla appends the duration in microseconds to the size, devstack to the end. */
function readApache(head: string): AccessLine | undefined {
  const found = APACHE.exec(head)
  if (found === null) return undefined
  const [, client = '', method = '', target = '', status = '', afterSize] = found
  const micros = afterSize ?? / (\d{1,18})\(us\)/.exec(head.slice(found[0].length))?.[1]
  return { client, method, target, status, tookSeconds: micros === undefined ? '' : String(Number(micros) / 1e6) }
}
