import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeSignal, encodeSignal } from '../../src/transport/signal-json.ts'
import { anySignal } from '../support/signal-drafts.ts'

test('a signal that was written is read again as it was', () => {
  fc.assert(
    fc.property(anySignal, signal => {
      const line = encodeSignal(signal)
      expect(line).not.toContain('\n')
      expect(decodeSignal(line)).toEqual({ kind: 'signal', signal })
    }),
    { numRuns: 2000 },
  )
})

test('no text makes the reader throw, and what it takes is written again alike', () => {
  const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.jsonValue().map(String))
  fc.assert(
    fc.property(anyText, text => {
      const decoded = decodeSignal(text)
      if (decoded.kind === 'signal') expect(decodeSignal(encodeSignal(decoded.signal))).toEqual(decoded)
    }),
    { numRuns: 5000 },
  )
})

test('a signal of which any field was replaced is refused, or is another signal of the same id', () => {
  fc.assert(
    fc.property(anySignal, fc.nat(16), fc.jsonValue(), (signal, index, value) => {
      const fields = Object.entries(signal)
      const replaced = fields.map(([name, was], at) => [name, at === index % fields.length ? value : was] as const)
      const decoded = decodeSignal(JSON.stringify(Object.fromEntries(replaced)))
      if (decoded.kind === 'signal') expect({ ...decoded.signal, text: '' }).toEqual({ ...signal, text: '' })
    }),
    { numRuns: 5000 },
  )
})
