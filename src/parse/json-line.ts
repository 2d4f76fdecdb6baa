import type { Clock } from './clock.ts'
import { openJsonEnvelope, type Envelope } from './envelope.ts'
import { parseJsonObject, readOsloJson, textOf, type JsonRecord } from './oslo-json.ts'
import { UNWANTED, type PlainLine } from './plain-line.ts'
import { readIsoStamp } from './timestamp.ts'

/** What a line that is one JSON object turned out to be. */
export type JsonLine =
  | { readonly kind: 'envelope'; readonly envelope: Envelope }
  | { readonly kind: 'record'; readonly record: JsonRecord }
  | { readonly kind: 'plain'; readonly plain: PlainLine }
  | typeof UNWANTED

export interface JsonReader {
  readonly clock: Clock
  readonly wants: (logger: string, level: string) => boolean
}

const NAME = '"name": "'
const LEVEL = '"levelname": "'

function quotedAt(text: string, label: string): string {
  const at = text.indexOf(label)
  const end = at < 0 ? -1 : text.indexOf('"', at + label.length)
  return end < 0 ? '' : text.slice(at + label.length, end)
}

/** Finds logger and level of a JSON record without parsing it; false whenever that is not sure. */
function isSurelyUnwanted(text: string, reader: JsonReader): boolean {
  const level = quotedAt(text, LEVEL)
  const logger = level === '' ? '' : quotedAt(text, NAME)
  return logger !== '' && !reader.wants(logger, level)
}

/** Reads a JSON line of any kind that is known; `undefined` when it is none. */
export function readJsonLine(text: string, reader: JsonReader): JsonLine | undefined {
  if (isSurelyUnwanted(text, reader)) return UNWANTED
  const object = parseJsonObject(text)
  if (object === undefined) return undefined
  const envelope = openJsonEnvelope(object, reader.clock)
  if (envelope !== undefined) return { kind: 'envelope', envelope }
  const record = readOsloJson(object)
  if (record !== undefined) return reader.wants(record.logger, record.level) ? { kind: 'record', record } : UNWANTED
  if (!('bucket' in object)) return undefined
  // One line of RadosGW's ops log (ceph: src/rgw/rgw_log.cc).
  const stamp = readIsoStamp(textOf(object, 'time'), 0)
  const plain = {
    format: 'ceph',
    stamp,
    level: '',
    logger: 'ops-log',
    pid: 0,
    message: text,
    continues: false,
  } as const
  return { kind: 'plain', plain }
}
