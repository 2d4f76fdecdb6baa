import { describe, expect, it } from 'vitest'
import { formatMicros, micros } from '../../../src/core/time.ts'
import { createLogAssembler, type LogAssembler } from '../../../src/parse/assembler.ts'
import { createClock } from '../../../src/parse/clock.ts'
import type { LogRecord } from '../../../src/parse/record.ts'
import { readBsdStamp, readIsoStamp } from '../../../src/parse/timestamp.ts'

const REFERENCE = micros(Date.UTC(2026, 10, 21) * 1000)

function begin(): { readonly assembler: LogAssembler; readonly given: () => readonly string[] } {
  const records: LogRecord[] = []
  const clock = createClock({ zone: 'UTC', reference: REFERENCE })
  const place = { host: '', service: '', fallbackHost: '', fallbackService: '', domain: '', clock }
  const assembler = createLogAssembler({ ...place, wanted: logger => logger !== 'noise' }, record => {
    records.push(record)
  })
  return { assembler, given: () => records.map(({ message }) => message) }
}

function head(pid: number, message: string, logger = 'a'): string {
  return `2026-11-20 05:18:39.001 ${pid} INFO ${logger} [-] ${message}`
}

describe('a record that may still grow', () => {
  it('is given out once no line has come to it between two looks', () => {
    const { assembler, given } = begin()
    assembler.push(head(1, 'one'))
    assembler.flushQuiet()
    assembler.push('  more of it')
    assembler.flushQuiet()
    expect(given()).toEqual([])
    assembler.flushQuiet()
    expect(given()).toEqual(['one\n  more of it'])
  })

  it('does not wait for other processes that go on writing', () => {
    const { assembler, given } = begin()
    assembler.push(head(1, 'one'))
    for (let at = 0; at < 3; at += 1) {
      assembler.push(head(2, `two ${at}`))
      assembler.flushQuiet()
    }
    expect(given()).toContain('one')
    expect(given()).not.toContain('two 2')
  })

  it('takes no line any more after it was given out', () => {
    const { assembler, given } = begin()
    assembler.push(head(1, 'one'))
    assembler.flushQuiet()
    assembler.flushQuiet()
    assembler.push('  too late')
    assembler.flush()
    expect(given()).toEqual(['one'])
  })
})

describe('the line at which the oldest open record began', () => {
  it('is that of the record longest open, and none when all are closed', () => {
    const { assembler } = begin()
    expect(assembler.openSince).toBe(Infinity)
    assembler.push(head(1, 'nobody wants it', 'noise'))
    expect(assembler.openSince).toBe(Infinity)
    assembler.push(head(1, 'one'))
    assembler.push(head(2, 'two'))
    expect(assembler.openSince).toBe(1)
    assembler.push(head(1, 'three'))
    expect(assembler.openSince).toBe(2)
    assembler.flush()
    expect(assembler.openSince).toBe(Infinity)
  })

  it('is the first of the parts that a line is put together from', () => {
    const { assembler, given } = begin()
    const part = (tag: string, text: string): string => `2026-11-20T05:18:39.001Z stdout ${tag} ${text}`
    assembler.push(part('F', head(1, 'one')))
    assembler.push(part('P', head(1, 'tw')))
    assembler.push(part('F', 'o'))
    expect(given()).toEqual(['one'])
    expect(assembler.openSince).toBe(1)
    assembler.push(part('P', head(1, 'thr')))
    assembler.flush()
    expect(assembler.openSince).toBe(3)
    expect(assembler.held).toBeGreaterThan(0)
  })

  it('is the first line of a journal entry', () => {
    const { assembler } = begin()
    assembler.push(head(1, 'one'))
    assembler.flush()
    assembler.push('__CURSOR=s')
    assembler.push('__REALTIME_TIMESTAMP=1795152718771000')
    expect(assembler.openSince).toBe(1)
    assembler.push(`MESSAGE=${head(1, 'two')}`)
    assembler.push('')
    expect(assembler.openSince).toBe(1)
  })
})

describe('lines that were read before', () => {
  it('are not given out again, and what follows is understood as it was', () => {
    const { assembler, given } = begin()
    assembler.prime(head(1, 'one'))
    assembler.prime('  more of it')
    assembler.prime(head(2, 'two'))
    expect(assembler.openSince).toBe(Infinity)
    assembler.push('  the end of two')
    assembler.push(head(1, 'three'))
    assembler.push('  more of three')
    expect(assembler.openSince).toBe(4)
    assembler.flush()
    expect(given()).toEqual(['three\n  more of three'])
  })
})

describe('a clock that goes on where another one was', () => {
  const stamps = ['2026-10-25 02:50:00', '2026-10-25 02:05:00', '2026-10-25 02:10:00']
  const read = (memory: ReturnType<typeof createClock>['memory'], texts: readonly string[]): readonly string[] => {
    const clock = createClock({ zone: 'Europe/Rome', reference: REFERENCE, memory })
    return texts.map(text => {
      const stamp = readIsoStamp(text, 0)
      return stamp === undefined ? '' : formatMicros(clock.toUtc(stamp)).slice(11, 19)
    })
  }

  it('knows that an hour comes for the second time', () => {
    const before = createClock({ zone: 'Europe/Rome', reference: REFERENCE })
    expect(before.memory).toBeUndefined()
    for (const text of stamps.slice(0, 2)) before.pass(`${text}.000 1 INFO a [-] b`, 0)
    const memory: unknown = JSON.parse(JSON.stringify(before.memory))
    expect(memory).toEqual(before.memory)
    expect(read(before.memory, stamps.slice(2))).toEqual(['01:10:00'])
    expect(read(undefined, stamps.slice(2))).toEqual(['00:10:00'])
  })

  it('finds the year of a file that grows by when it was written last', () => {
    let reference = REFERENCE
    const clock = createClock({ zone: 'UTC', reference: () => reference })
    const read = (): string => {
      const stamp = readBsdStamp('Mar  1 00:00:01', 0, clock.yearOf)
      return stamp === undefined ? '' : formatMicros(clock.toUtc(stamp)).slice(0, 4)
    }
    expect(read()).toBe('2026')
    reference = micros(Date.UTC(2027, 2, 1) * 1000)
    expect(read()).toBe('2027')
  })
})
