import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLogAssembler } from '../../../src/parse/assembler.ts'
import { createClock } from '../../../src/parse/clock.ts'
import type { LogRecord } from '../../../src/parse/record.ts'
import { micros } from '../../../src/core/time.ts'
import type { EntryFields } from '../../support/journal.ts'
import { encodeExport, entryOf } from '../../support/journal.ts'

const AT = Date.UTC(2026, 10, 20, 5, 16, 50) * 1000
const HEAD =
  '2026-11-20 05:16:50.459 7 ERROR nova.compute.manager [None req-1d82800d-69fe-4c99-8567-194cc9c4322c - - - - - -] '
const TAIL = { SYSLOG_IDENTIFIER: 'nova-compute', _PID: '7', _HOSTNAME: 'compute-1' }

function recordsOf(entries: readonly EntryFields[]): readonly LogRecord[] {
  const records: LogRecord[] = []
  const clock = createClock({ zone: 'UTC', reference: micros(AT) })
  const place = { host: '', service: '', fallbackHost: '', fallbackService: 'journal', domain: '' }
  const assembler = createLogAssembler({ ...place, clock, wanted: () => true }, record => records.push(record))
  for (const line of encodeExport(entries).toString('utf8').split('\n')) assembler.push(line)
  assembler.flush()
  return records
}

/** The message in the middle of the entry, as journalctl may put it. */
function entry(message: string, order: 'first' | 'last' = 'first'): EntryFields {
  const { MESSAGE = '', ...others } = entryOf(message, AT, TAIL)
  return order === 'first' ? { ...entryOf(message, AT, {}), ...TAIL } : { ...others, MESSAGE }
}

describe('an entry of the journal whose message has several lines', () => {
  it.each(['first', 'last'] as const)('keeps its empty lines and what follows, with the message %s', order => {
    const message = `${HEAD}Build failed\nTraceback\n\nDuring handling of the above exception\n\n\nAnother`
    const records = recordsOf([entry(message, order), entry(`${HEAD}next`, order)])
    expect(records).toMatchObject([
      { host: 'compute-1', service: 'nova-compute', message: message.slice(HEAD.length) },
      { host: 'compute-1', message: 'next' },
    ])
  })

  it('keeps lines that look like records of their own', () => {
    const records = recordsOf([
      entry(`${HEAD}Build failed\n2026-11-20 05:16:50.459 7 ERROR nova.compute.manager Traceback`),
    ])
    expect(records).toMatchObject([{ host: 'compute-1', message: 'Build failed\nTraceback' }])
  })

  it.each([266, 522, 10 + 10 * 256])('is read when a byte of its length of %i is a newline', length => {
    const message = `${HEAD}Build failed\n`.padEnd(length, 'x')
    expect(recordsOf([entry(message)])).toMatchObject([{ host: 'compute-1', message: message.slice(HEAD.length) }])
  })

  it('never mixes with the next entry', () => {
    const line = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '=') })
    fc.assert(
      fc.property(line, line, (one, other) => {
        const records = recordsOf([entry(`${HEAD}1\n${one}`), entry(`${HEAD}2\n${other}`, 'last')])
        expect(records.map(({ host, message }) => [host, message.slice(0, 1)])).toEqual([
          ['compute-1', '1'],
          ['compute-1', '2'],
        ])
      }),
    )
  })
})
