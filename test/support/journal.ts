import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** An entry of the journal as a test writes it. Values with line breaks or control characters are written as binary. */
export type EntryFields = Readonly<Record<string, string>>

function needsLength(value: string): boolean {
  return /[\p{Cc}]/u.test(value.replaceAll('\t', ''))
}

function encodeField(name: string, value: string): Buffer {
  const bytes = Buffer.from(value)
  if (!needsLength(value)) return Buffer.concat([Buffer.from(`${name}=`), bytes, Buffer.from('\n')])
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(bytes.length))
  return Buffer.concat([Buffer.from(`${name}\n`), length, bytes, Buffer.from('\n')])
}

/** systemd's Journal Export Format (systemd: docs/JOURNAL_EXPORT_FORMATS.md). */
export function encodeExport(entries: readonly EntryFields[]): Buffer {
  return Buffer.concat(
    entries.flatMap(fields => [
      ...Object.entries(fields).map(([name, value]) => encodeField(name, value)),
      Buffer.from('\n'),
    ]),
  )
}

const BOOT = 'b0070000000000000000000000000001'
/** Recorded lines come after it; those that state no time are taken to be from then. 2026-11-20, midnight. */
const FIRST = 1_795_132_800_000_000

const STAMP = /(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)[.,]?(\d{0,6})/

/** When a recorded line was written, in microseconds; undefined when it does not say. */
function microsOf(line: string): number | undefined {
  const [, date = '', time = '', fraction = ''] = STAMP.exec(line.slice(0, 80)) ?? []
  return date === '' ? undefined : Date.parse(`${date}T${time}Z`) * 1000 + Number(fraction.padEnd(6, '0'))
}

/** An entry for a line that a service wrote to its standard output. */
export function entryOf(message: string, at: number, fields: EntryFields): EntryFields {
  return {
    __CURSOR: `s=${BOOT};i=${at.toString(16)}`,
    __REALTIME_TIMESTAMP: String(at),
    __MONOTONIC_TIMESTAMP: String(at - FIRST + 1),
    _BOOT_ID: BOOT,
    PRIORITY: '6',
    MESSAGE: message,
    ...fields,
  }
}

/** The lines of `HOST/SERVICE.log` files as entries of one journal, in order of time. */
export function entriesOfLogs(logs: string): readonly EntryFields[] {
  const files = readdirSync(logs).flatMap(host =>
    readdirSync(join(logs, host))
      .filter(file => file.endsWith('.log'))
      .map(file => ({ host, service: file.slice(0, -'.log'.length), path: join(logs, host, file) })),
  )
  const entries = files.flatMap(({ host, service, path }, index) => {
    let at = FIRST
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter(line => line !== '')
      .map(line => {
        at = Math.max(at, microsOf(line) ?? at)
        const names = { _HOSTNAME: host, SYSLOG_IDENTIFIER: service, _SYSTEMD_UNIT: `${service}.service` }
        return { at, entry: entryOf(line, at, { ...names, _PID: String(1000 + index) }) }
      })
  })
  return entries.toSorted((a, b) => a.at - b.at).map(({ entry }) => entry)
}

const REMOTE = ['/usr/lib/systemd/systemd-journal-remote', '/lib/systemd/systemd-journal-remote']

/** Appends entries to the journal `name` in `directory`, with systemd's own program. */
export function appendToJournal(directory: string, name: string, entries: readonly EntryFields[]): void {
  const program = REMOTE.find(path => existsSync(path))
  if (program === undefined) throw new Error('Install systemd-journal-remote.')
  mkdirSync(directory, { recursive: true })
  const file = `${directory}.${name}.export`
  writeFileSync(file, encodeExport(entries))
  const words = [`--output=${join(directory, `${name}.journal`)}`, '--split-mode=none', file]
  const { stderr } = spawnSync(program, words, { encoding: 'utf8' })
  if (!stderr.includes(`Finishing after writing ${String(entries.length)} entries`)) throw new Error(stderr)
}
