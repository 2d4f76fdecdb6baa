import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLogWriter } from '../../../src/telemetry/log-writer.ts'
import type { LogWriter, LogWriterOptions } from '../../../src/telemetry/log-writer.ts'

interface Log extends LogWriter {
  readonly text: () => string
  readonly lines: () => readonly Readonly<Record<string, unknown>>[]
}

function openLog(options: Partial<LogWriterOptions> = {}): Log {
  let text = ''
  const destination = {
    write: (more: string) => {
      text += more
    },
  }
  const writer = createLogWriter({ level: 'info', format: 'json', isTerminal: false, destination, ...options })
  const lines = (): readonly Readonly<Record<string, unknown>>[] =>
    text
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line) as Record<string, unknown>)
  return { ...writer, text: () => text, lines }
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2026, 10, 20, 12, 1, 2) })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('the log as JSON', () => {
  it('has a level in words, a time with its zone, the fields and a constant message', () => {
    const log = openLog()
    log.write('warn', 'The broker cannot be reached.', { source: 'rabbitmq:cell1', tried: 3, again: true })
    expect(log.lines()).toEqual([
      {
        level: 'warn',
        time: new Date(2026, 10, 20, 12, 1, 2).toISOString(),
        source: 'rabbitmq:cell1',
        tried: 3,
        again: true,
        msg: 'The broker cannot be reached.',
      },
    ])
  })

  it('leaves out what is less important than asked for', () => {
    const log = openLog({ level: 'warn' })
    log.write('info', 'Started.', {})
    log.write('error', 'A signal was refused and is lost.', {})
    expect(log.lines()).toMatchObject([{ level: 'error' }])
  })

  it('is what auto writes to a pipe', () => {
    const log = openLog({ format: 'auto' })
    log.write('info', 'Started.', {})
    expect(log.lines()).toMatchObject([{ msg: 'Started.' }])
  })
})

describe('the log as text', () => {
  it('reads as a sentence with its values behind', () => {
    const log = openLog({ format: 'auto', isTerminal: true })
    log.write('warn', 'The broker cannot be reached.', { source: 'rabbitmq:cell1', error: 'connect "it" refused' })
    log.write('info', 'Started.', { port: undefined })
    expect(log.text()).toBe(
      '12:01:02 WARN  The broker cannot be reached. source=rabbitmq:cell1 error="connect \\"it\\" refused"\n' +
        '12:01:02 INFO  Started.\n',
    )
  })

  it('keeps every line on one line and sends nothing to the terminal that it would obey', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), value => {
        const log = openLog({ format: 'text' })
        log.write('info', 'Read.', { value })
        expect(log.text()).toMatch(/^[^\p{Cc}\p{Cf}\u2028\u2029]*\n$/u)
      }),
    )
  })
})

describe.each(['json', 'text'] as const)('a secret in the log as %s', format => {
  it.each([
    'amqp://user:hunter2@host:5671/vhost',
    'cannot connect to amqps://user:hunter2@host:5671, trying https://admin:hunter2@other/',
    'http://user:hunt/er2:hunter2@host',
    'https://user:a@hunter2@host/',
    'HTTPS://hunter2@host',
  ])('is cut out of %s', value => {
    const log = openLog({ format })
    log.write('error', 'It failed.', { error: value })
    expect(log.text()).toContain('://')
    expect(log.text()).not.toContain('hunter2')
  })

  it('is not looked for where there is no login', () => {
    const log = openLog({ format })
    log.write('error', 'It failed.', { url: 'https://host:4318/v1/traces', to: 'admin@host' })
    expect(log.text()).toContain('https://host:4318/v1/traces')
    expect(log.text()).toContain('admin@host')
  })

  it('costs little to look for in a hostile value', () => {
    const log = openLog({ format })
    log.write('error', 'It failed.', { error: 'a://'.repeat(1_000_000) })
    expect(log.text().length).toBeLessThan(5000)
  })
})

describe('a warning that repeats', () => {
  const away = (log: Log, source: string, tried: number): void => {
    log.write('warn', 'The broker cannot be reached.', { source, tried })
  }

  it('is written once a minute, with the number of those left out', () => {
    const log = openLog()
    for (let tried = 1; tried <= 100; tried += 1) away(log, 'cell1', tried)
    expect(log.lines()).toHaveLength(1)
    vi.advanceTimersByTime(60_000)
    expect(log.lines()).toMatchObject([{ tried: 1 }, { tried: 100, suppressed: 98 }])
    away(log, 'cell1', 101)
    vi.advanceTimersByTime(120_000)
    expect(log.lines()).toMatchObject([{ tried: 1 }, { tried: 100 }, { tried: 101, suppressed: 0 }])
    away(log, 'cell1', 102)
    expect(log.lines()).toHaveLength(4)
  })

  it('is another one when it is about another source or says something else', () => {
    const log = openLog()
    away(log, 'cell1', 1)
    away(log, 'cell2', 1)
    log.write('warn', 'A file cannot be read.', { source: 'cell1' })
    log.write('error', 'The broker cannot be reached.', { source: 'cell1' })
    expect(log.lines()).toHaveLength(4)
  })

  it('is no information that repeats', () => {
    const log = openLog()
    for (let time = 0; time < 3; time += 1) log.write('info', 'Saved.', {})
    expect(log.lines()).toHaveLength(3)
  })

  it('is told at the end as well', () => {
    const log = openLog()
    for (let tried = 1; tried <= 3; tried += 1) away(log, 'cell1', tried)
    log.close()
    log.close()
    expect(log.lines()).toMatchObject([{ tried: 1 }, { tried: 3, suppressed: 1 }])
  })

  it('is watched for a bounded number of sources', () => {
    const log = openLog()
    for (let source = 0; source < 3000; source += 1) away(log, `file ${String(source)}`, 1)
    expect(vi.getTimerCount()).toBeLessThanOrEqual(1000)
    expect(log.lines()).toHaveLength(3000)
  })
})
