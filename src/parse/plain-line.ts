import { isDigitCode, numberBetween, skipBlanks, skipDigits } from './characters.ts'
import type { Interest } from './interest.ts'
import type { RecordFormat } from './record.ts'
import { isoStampEnd, readApacheStamp, readCtimeStamp, readIsoStamp, type Stamp } from './timestamp.ts'

/** A line of a program that does not use oslo.log, its header taken off. */
export interface PlainLine {
  readonly format: RecordFormat
  /** `undefined` where an envelope keeps the time. */
  readonly stamp: Stamp | undefined
  readonly level: string
  /** vlog's module, libvirt's function, Ceph's channel; empty where the format has none. */
  readonly logger: string
  readonly pid: number
  readonly message: string
  /** Whether lines without a header belong to it. */
  readonly continues: boolean
}

const NOTHING = { level: '', logger: '', pid: 0, continues: true } as const

/** A line that was understood and that nobody wants. */
export const UNWANTED = 'unwanted'

type Outcome = PlainLine | typeof UNWANTED | undefined

/** Cuts `…|00042|binding(thread)|INFO|message` behind the stamp: OVN and Open vSwitch (ovs: lib/vlog.c). */
function readVlogFields(
  line: string,
  at: number,
  wanted: Interest,
): Omit<PlainLine, 'stamp'> | typeof UNWANTED | undefined {
  const sequenceEnd = skipDigits(line, at)
  const moduleEnd = line.indexOf('|', sequenceEnd + 1)
  const levelEnd = line.indexOf('|', moduleEnd + 1)
  if (line.charCodeAt(sequenceEnd) !== 124 || moduleEnd < 0 || levelEnd < 0 || levelEnd - moduleEnd > 6)
    return undefined
  const paren = line.lastIndexOf('(', moduleEnd)
  const logger = line.slice(sequenceEnd + 1, paren > sequenceEnd ? paren : moduleEnd)
  const level = line.slice(moduleEnd + 1, levelEnd)
  if (!wanted(logger, 'vlog', level)) return UNWANTED
  return { ...NOTHING, format: 'vlog', level, logger, message: line.slice(levelEnd + 1) }
}

/** vlog's syslog form, `ovs|00001|vsctl|INFO|message`, which leaves the time to syslog. */
export function readSyslogVlog(line: string, wanted: Interest): Outcome {
  const bar = line.indexOf('|')
  if (bar < 1 || bar > 40 || !isDigitCode(line.charCodeAt(bar + 1))) return undefined
  const fields = readVlogFields(line, bar + 1, wanted)
  return fields === undefined || fields === UNWANTED ? fields : { ...fields, stamp: undefined }
}

/** Levels as libvirt writes them (libvirt: src/util/virlog.c), in the words of this program. */
const LIBVIRT_LEVELS = new Map([
  ['debug', 'DEBUG'],
  ['info', 'INFO'],
  ['warning', 'WARNING'],
  ['error', 'ERROR'],
])

/** `4242: error : func:123 : text` behind the stamp of libvirtd and virtqemud. */
function readLibvirt(
  line: string,
  at: number,
  wanted: Interest,
): Omit<PlainLine, 'stamp'> | typeof UNWANTED | undefined {
  const threadEnd = skipDigits(line, at)
  const levelEnd = line.indexOf(' ', threadEnd + 2)
  const level = LIBVIRT_LEVELS.get(line.slice(threadEnd + 2, levelEnd))
  if (threadEnd === at || level === undefined) return undefined
  const pid = numberBetween(line, at, threadEnd)
  const nameEnd = line.indexOf(':', levelEnd + 3)
  const logger = nameEnd < 0 ? '' : line.slice(levelEnd + 3, nameEnd)
  if (!wanted(logger, 'libvirt', level)) return UNWANTED
  return { ...NOTHING, format: 'libvirt', level, logger, pid, message: line.slice(levelEnd + 3) }
}

const CEPH_DAEMON = /^[0-9a-f]{6,16} {1,2}(-?\d{1,2}) /
const CEPH_CLUSTER = /^\S+ \([a-z]+\.\S+\) \d+ : (\w+) \[(DBG|INF|WRN|ERR|SEC)\] /
const RABBITMQ = /^\[(\w+)\] (?:<[\d.]+> )?/

/** Formats that have a stamp and one blank in front. */
function readSpaced(
  line: string,
  at: number,
  wanted: Interest,
): Omit<PlainLine, 'stamp'> | typeof UNWANTED | undefined {
  const head = line.slice(at, at + 200)
  const daemon = CEPH_DAEMON.exec(head)
  if (daemon !== null) {
    if (!wanted('', 'ceph', '')) return UNWANTED
    return { ...NOTHING, format: 'ceph', message: line.slice(skipBlanks(line, at + daemon[0].length)) }
  }
  const cluster = CEPH_CLUSTER.exec(head)
  if (cluster !== null) {
    const [whole, logger = '', level = ''] = cluster
    return wanted(logger, 'ceph', level)
      ? { ...NOTHING, format: 'ceph', level, logger, message: line.slice(at + whole.length) }
      : UNWANTED
  }
  const rabbit = RABBITMQ.exec(head)
  if (rabbit === null) return undefined
  const message = line.slice(at + rabbit[0].length)
  return wanted('', 'rabbitmq', '')
    ? { ...NOTHING, format: 'rabbitmq', level: (rabbit[1] ?? '').toUpperCase(), message }
    : UNWANTED
}

const QEMU = /^qemu-[\w-]+: /

function readBehindStamp(
  line: string,
  at: number,
  wanted: Interest,
): Omit<PlainLine, 'stamp'> | typeof UNWANTED | undefined {
  if (line.charCodeAt(at) === 124) return readVlogFields(line, at + 1, wanted)
  if (line.startsWith(': ', at)) {
    const text = line.slice(at + 2)
    return readLibvirt(line, at + 2, wanted) ?? { ...NOTHING, format: 'qemu', message: text }
  }
  if (line.charCodeAt(at) !== 32) return undefined
  if (QEMU.test(line.slice(at + 1, at + 60))) return { ...NOTHING, format: 'qemu', message: line.slice(at + 1) }
  return readSpaced(line, at + 1, wanted)
}

/** Reads what begins with an ISO stamp and is not oslo.log: vlog, libvirt, QEMU's domain logs, Ceph, RabbitMQ. */
export function readStampedLine(line: string, wanted: Interest): Outcome {
  const end = isoStampEnd(line, 0)
  if (end < 0) return undefined
  const rest = readBehindStamp(line, end, wanted)
  if (rest === undefined || rest === UNWANTED) return rest
  const stamp = readIsoStamp(line, 0)
  // Before Nautilus Ceph wrote local time without a zone, and so does RabbitMQ before 3.8; both have decimals.
  return stamp === undefined ? undefined : { ...rest, stamp }
}

/** Behind `[pid: 42|app: 0|req: 1/2] client () {30 vars in 597 bytes} [`: uwsgi: core/logging.c, the default format. */
const UWSGI = /^\[pid: (\d+)\|app: -?\d+\|req: [-\d/]+\] [^[]{0,300}\[/

/** uWSGI's request line. Its date is when the request came in, local time, cut to the second. */
export function readUwsgiLine(line: string, wanted: Interest): Outcome {
  const found = UWSGI.exec(line.slice(0, 400))
  if (found === null) return undefined
  const stamp = readCtimeStamp(line, found[0].length)
  if (stamp === undefined) return undefined
  if (!wanted('', 'uwsgi', '')) return UNWANTED
  return { ...NOTHING, format: 'uwsgi', stamp, pid: Number(found[1]), message: line, continues: false }
}

const APACHE_DATE = / \[(?=\d{2}\/[A-Z][a-z]{2}\/\d{4}:\d{2}:)/

/** Apache's common and combined formats; the date is the start of the request and states its zone (httpd: mod_log_config). */
export function readApacheLine(line: string, wanted: Interest): Outcome {
  const date = APACHE_DATE.exec(line.slice(0, 400))
  if (date === null) return undefined
  const stamp = readApacheStamp(line, date.index + 2)
  if (stamp?.offset === undefined || !line.startsWith('] "', stamp.end)) return undefined
  if (!wanted('', 'apache', '')) return UNWANTED
  // A virtual host or a chain of proxies may stand in front of client, ident and user.
  const who = line.slice(0, date.index).split(' ').slice(-3).join(' ')
  return { ...NOTHING, format: 'apache', stamp, message: who + line.slice(date.index), continues: false }
}

/** Lines of Python's warnings module and of uWSGI itself, which stand between the records of a service's log. */
const NOISE =
  /^(?:\/\S+\.py:\d+: \w*Warning: |\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4} - |\*\*\* |spawned uWSGI |-- (?:Boot|Journal|Logs|Reboot|No entries)\b)/

/** Whether a line stands alone, says nothing, and ends the record before it. */
export function isNoise(line: string): boolean {
  return NOISE.test(line.slice(0, 300))
}
