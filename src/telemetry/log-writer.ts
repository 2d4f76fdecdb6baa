import { destination as openDestination, pino, stdTimeFunctions } from 'pino'
import type { WriteLine } from './create-telemetry.ts'
import { printableValue } from './printable-value.ts'
import type { LogLine } from './repeated-lines.ts'
import { createRepeatedLines } from './repeated-lines.ts'
import type { Fields } from './telemetry.ts'

export interface LogWriterOptions {
  /** The least important level that is written. */
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  /** `auto` writes text for people on a terminal and JSON for everything else. */
  readonly format: 'auto' | 'json' | 'text'
  readonly isTerminal: boolean
  /** Where lines go: stderr unless given. */
  readonly destination?: { write(text: string): unknown }
}

/** Writes the program's own log. */
export interface LogWriter {
  readonly write: WriteLine
  /** Writes what is held back of repeated lines. */
  close(): void
}

const LEVELS = ['debug', 'info', 'warn', 'error'] as const
const STDERR = 2

/** Every line is out when `write` returns: the last one before a crash is the one that matters. */
function openStderr(): { write(text: string): unknown } {
  const stderr = openDestination({ dest: STDERR, sync: true })
  // Whoever read the log is gone; the work goes on.
  stderr.on('error', () => undefined)
  return stderr
}

function printable(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, typeof value === 'string' ? printableValue(value) : value]),
  )
}

/** A value that has no spaces or quotes stands as it is. */
function textValue(value: string | number | boolean | undefined): string {
  const text = String(value)
  return /^[^\s"'=]+$/.test(text) ? text : `"${text.replaceAll('"', '\\"')}"`
}

/** `12:01:02 WARN  The broker cannot be reached. source=rabbitmq:cell1`, in local time. */
function textLine({ level, message, fields }: LogLine): string {
  const time = new Date().toTimeString().slice(0, 8)
  const told = Object.entries(fields).map(([name, value]) => ` ${name}=${textValue(value)}`)
  return `${time} ${level.toUpperCase().padEnd(5)} ${message}${told.join('')}\n`
}

function createJsonOutput(destination: { write(text: string): unknown }): (line: LogLine) => void {
  const options = {
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }) },
  }
  const logger = pino(options, { write: text => void destination.write(text) })
  return ({ level, message, fields }) => {
    logger[level](fields, message)
  }
}

/**
 * A log on stderr, as JSON lines (`level`, `time`, the fields, `msg`) or as text. Values are made safe to print; the same
 * warning about the same thing is written once a minute.
 */
export function createLogWriter(options: LogWriterOptions): LogWriter {
  const { level, format, isTerminal, destination = openStderr() } = options
  const isText = format === 'text' || (format === 'auto' && isTerminal)
  const output = isText ? (line: LogLine) => void destination.write(textLine(line)) : createJsonOutput(destination)
  const repeated = createRepeatedLines(output)
  const least = LEVELS.indexOf(level)
  return {
    write: (of, message, fields) => {
      if (LEVELS.indexOf(of) >= least) repeated.take({ level: of, message, fields: printable(fields) })
    },
    close: () => {
      repeated.close()
    },
  }
}
