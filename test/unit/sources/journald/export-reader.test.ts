import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createExportReader } from '../../../../src/sources/journald/export-reader.ts'
import type { JournalEntry } from '../../../../src/sources/journald/export-reader.ts'
import { encodeExport } from '../../../support/journal.ts'

const LIMIT = 1000

function readInPieces(bytes: Buffer, cuts: readonly number[], limit = LIMIT): readonly JournalEntry[] {
  const reader = createExportReader(limit)
  const ends = [...cuts.map(cut => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b)
  return ends.flatMap((end, index) => reader.push(Buffer.from(bytes.subarray(ends[index - 1] ?? 0, end))))
}

const fields = fc.dictionary(
  fc.constantFrom('MESSAGE', '_HOSTNAME', 'SYSLOG_IDENTIFIER', '_PID'),
  fc.string({ unit: 'binary', maxLength: 200 }),
)
const entries = fc.array(fields, { maxLength: 5 })
const cuts = fc.array(fc.nat(), { maxLength: 8 })

describe('entries in the export format', () => {
  it('are read whole, wherever the bytes are cut', () => {
    fc.assert(
      fc.property(entries, cuts, (given, at) => {
        const wellFormed = given.map(each =>
          Object.fromEntries(Object.entries(each).map(([name, value]) => [name, value.toWellFormed()])),
        )
        const numbered = wellFormed.map((each, index) => ({ __CURSOR: `s=${String(index)}`, ...each }))
        expect(readInPieces(encodeExport(numbered), at)).toEqual(
          wellFormed.map((each, index) => ({ cursor: `s=${String(index)}`, fields: { ...each } })),
        )
      }),
    )
  })

  it('may be any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), cuts, (bytes, at) => {
        expect(readInPieces(Buffer.from(bytes), at)).toEqual(readInPieces(Buffer.from(bytes), []))
      }),
    )
  })

  it.each([10, 2570, 128, 0])('state a length of %i bytes and mean it', length => {
    const message = 'é'.repeat(Math.floor(length / 2))
    const [entry] = readInPieces(
      encodeExport([{ __CURSOR: 's=1', MESSAGE: `\n${message}`.slice(0, length) }]),
      [],
      5000,
    )
    expect(entry?.fields['MESSAGE']).toBe(`\n${message}`.slice(0, length))
  })

  it('lose what a field has beyond the bound, and are counted', () => {
    const reader = createExportReader(10)
    const bytes = encodeExport([
      { __CURSOR: 's=1', MESSAGE: 'x'.repeat(50), _PID: '1' },
      { __CURSOR: 's=2', MESSAGE: `\n${'x'.repeat(50)}`, _PID: '2' },
      { __CURSOR: 's=3', MESSAGE: 'x'.repeat(10), _PID: '3' },
    ])
    expect(reader.push(bytes).map(({ fields }) => fields)).toEqual([
      { MESSAGE: 'x'.repeat(10), _PID: '1' },
      { MESSAGE: `\n${'x'.repeat(9)}`, _PID: '2' },
      { MESSAGE: 'x'.repeat(10), _PID: '3' },
    ])
    expect(reader.cut).toBe(2)
  })

  it('are read with replacements where they are not UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('__CURSOR=s=1\nMESSAGE=a'), Buffer.from([0xff]), Buffer.from('b\n\n')])
    expect(readInPieces(bytes, [])).toEqual([{ cursor: 's=1', fields: { MESSAGE: 'a\ufffdb' } }])
  })
})
