/** What a hole does with the text that stands in it. */
export type HoleKind = 'plain' | 'uuid' | 'uuids' | 'quoted' | 'text' | 'hidden' | 'end'

/** A typed gap in a log message: what may stand there, and what it becomes. */
export interface Hole {
  /** Name of the field it fills. Empty when nothing is kept. */
  readonly name: string
  readonly kind: HoleKind
  /** Regex source without capturing groups. Always bounded: a hole stops at the first character it cannot own. */
  readonly source: string
}

/** Longest kept free text, in UTF-16 code units. */
export const TEXT_LIMIT = 300

/** 8-4-4-4-12 hex digits, either case. */
export const UUID_SOURCE = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}'

function plain(name: string, source: string): Hole {
  return { name, kind: 'plain', source }
}

/** A uuid; kept in lower case. */
export function uuid(name: string): Hole {
  return { name, kind: 'uuid', source: UUID_SOURCE }
}

/** Uuids in any notation of a Python list, tuple or set; what is no uuid in it is dropped. */
export function uuids(name: string): Hole {
  return { name, kind: 'uuids', source: '(?:set\\(|frozenset\\()?[[{(]?[^\\])}\\n]{0,16000}[\\])}]{0,3}' }
}

/** `req-` and a uuid. */
export function requestId(name: string): Hole {
  return plain(name, `req-${UUID_SOURCE}`)
}

/** One run of characters that are not white space. */
export function word(name: string): Hole {
  return plain(name, '\\S{1,255}')
}

/** One Python identifier: no punctuation, so it may stand before any. */
export function name(field: string): Hole {
  return plain(field, '\\w{1,255}')
}

/** Words of lower case letters and hyphens, as neutron's and nova's event names are. */
export function eventName(field: string): Hole {
  return plain(field, '[a-z]{1,40}(?:-[a-z]{1,40}){0,4}')
}

/** A whole number in decimal digits. */
export function integer(name: string): Hole {
  return plain(name, '-?\\d{1,18}')
}

/** A decimal number. */
export function decimal(name: string): Hole {
  return plain(name, '-?\\d{1,12}(?:\\.\\d{1,9})?')
}

/** A version number: digits and dots, ending in a digit. */
export function version(name: string): Hole {
  return plain(name, '\\d{1,6}(?:\\.\\d{1,6}){0,4}')
}

/** A duration in seconds, kept as `took_seconds`. */
export function seconds(): Hole {
  return plain('took_seconds', '\\d{1,12}(?:\\.\\d{1,9})?')
}

/** A Python or JSON string with its quotes; the quotes are dropped. */
export function quoted(name: string): Hole {
  return { name, kind: 'quoted', source: `u?(?:'[^'\\n]{0,255}'|"[^"\\n]{0,255}")` }
}

/** A path of a file or a URL, without blanks. */
export function path(name: string): Hole {
  return plain(name, '[^\\s"\']{1,500}')
}

/** Six pairs of hex digits. */
export function mac(name = 'mac'): Hole {
  return plain(name, '[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}')
}

/** An IPv4 or IPv6 address. */
export function ip(name = 'ip'): Hole {
  return plain(name, '[0-9a-fA-F.:]{2,45}')
}

/** 40 hex digits: the SHA-1 of an image's uuid, as nova names a cached base image. */
export function sha1(name: string): Hole {
  return plain(name, '[0-9a-f]{40}')
}

/** One of the given literals. */
export function oneOf(name: string, ...choices: readonly string[]): Hole {
  return plain(name, `(?:${choices.map(escapeRegex).join('|')})`)
}

/** Free text of one line: kept up to 300 characters, secrets masked. */
export function text(name: string): Hole {
  return { name, kind: 'text', source: `[^\\n]{0,${TEXT_LIMIT}}` }
}

/** Text that is matched and never kept: bodies, XML, network_info. At most 500 characters when something follows. */
export function hidden(): Hole {
  return { name: '', kind: 'hidden', source: '[^\\n]{0,500}' }
}

/** Nothing more but the DEBUG suffix: keeps a short message from being taken for a longer one. */
export const end: Hole = { name: '', kind: 'end', source: '(?=$|\\n| \\w+ /| \\{\\{|\\u001b)' }

/** `value` as a regex that matches exactly it. */
export function escapeRegex(value: string): string {
  return value.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}
