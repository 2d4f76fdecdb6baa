import { catalogue } from '../../src/catalogue/catalogue.ts'
import { grepPatterns } from '../grep.ts'

/*
 * What the OpenTelemetry Collector is told to do with a nova-compute log. Go's regular expressions run fastest where
 * every step is decided by the next character ("one pass"), so the header is written that way, and wordings are looked
 * for behind it only, anchored.
 */

/** What can stand in a nova-compute log: its own wordings, and those of libraries that every service uses. */
const COMPUTE = catalogue.logs.filter(({ services }) => services.length === 0 || services.includes('nova-compute'))
const WORDINGS = grepPatterns(COMPUTE).join('|')
const LOGGERS = [...new Set(COMPUTE.flatMap(entry => entry.loggers))]

const STAMP = String.raw`\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3}`
const UUID = '[0-9a-f-]{36}'
const HEADER = String.raw`^(?P<time>${STAMP}) (?P<pid>\d+) (?P<level>[A-Z]+) (?P<logger>\S+) \[(?P<context>[^\]]*)\] `
const INSTANCE = String.raw`(?:\[instance: (?P<instance>${UUID})\] )?`

const DROP = 'drop_quiet'
const TIME = { parse_from: 'attributes.time', layout: '%Y-%m-%d %H:%M:%S.%L' }

type Operator = Readonly<Record<string, unknown>>

/** Every line with a header becomes a record with its parts; nothing is looked for in the message. */
const header: readonly Operator[] = [{ type: 'regex_parser', regex: `${HEADER}(?P<message>.*)`, on_error: DROP }]

/** One regular expression for header and wordings; other lines are dropped. */
const oneRegex: readonly Operator[] = [
  {
    type: 'regex_parser',
    regex: `${HEADER}${INSTANCE}(?P<message>(?:${WORDINGS}).*)`,
    timestamp: TIME,
    on_error: DROP,
  },
]

/** First the header, then the logger by name, then the wordings: the order in which launchtrace looks. */
const staged: readonly Operator[] = [
  { type: 'regex_parser', regex: `${HEADER}(?P<rest>.*)`, on_error: DROP },
  { type: 'filter', expr: `attributes.logger not in ${JSON.stringify(LOGGERS)}` },
  {
    type: 'regex_parser',
    regex: `^${INSTANCE}(?P<message>(?:${WORDINGS}).*)`,
    parse_from: 'attributes.rest',
    timestamp: TIME,
    on_error: DROP,
  },
]

/** First the wordings, anywhere in the line, as grep looks for them, then the header. */
const wordingFirst: readonly Operator[] = [
  { type: 'filter', expr: `not (body matches ${JSON.stringify(WORDINGS)})` },
  { type: 'regex_parser', regex: `${HEADER}${INSTANCE}(?P<message>.*)`, timestamp: TIME, on_error: DROP },
]

/** What the Collector can be told, by name. */
export const WAYS = { header, oneRegex, staged, wordingFirst } as const satisfies Readonly<
  Record<string, readonly Operator[]>
>

export type Way = keyof typeof WAYS

export interface CollectorOptions {
  readonly way: Way
  readonly log: string
  /** Of 127.0.0.1, for its own metrics. */
  readonly port: number
  /** Whether lines without a header belong to the record before them, as they do for launchtrace. */
  readonly joinsLines: boolean
}

/** The Collector's configuration, as JSON, which is YAML too. */
export function collectorConfig({ way, log, port, joinsLines }: CollectorOptions): string {
  const receiver = {
    include: [log],
    start_at: 'beginning',
    include_file_name: false,
    // Larger buffers than by default: fewer reads.
    initial_buffer_size: '256KiB',
    ...(joinsLines ? { multiline: { line_start_pattern: `^${STAMP} ` } } : {}),
    operators: WAYS[way],
  }
  const reader = { pull: { exporter: { prometheus: { host: '127.0.0.1', port } } } }
  const config = {
    receivers: { file_log: receiver },
    processors: { batch: { send_batch_size: 8192, timeout: '200ms' } },
    exporters: { nop: {} },
    service: {
      telemetry: { logs: { level: 'warn' }, metrics: { level: 'basic', readers: [reader] } },
      pipelines: { logs: { receivers: ['file_log'], processors: ['batch'], exporters: ['nop'] } },
    },
  }
  // The Collector takes a dollar for the beginning of a variable.
  return JSON.stringify(config, undefined, 2).replaceAll('$', () => '$$')
}
