import { expect, it } from 'vitest'
import { createLineSplitter } from '../../../src/sources/line-splitter.ts'

it('joins lines over chunks and gives the last one without a newline', () => {
  const splitter = createLineSplitter(100)
  expect(splitter.push(Buffer.from('a\nb'))).toEqual(['a'])
  expect(splitter.push(Buffer.from('c'))).toEqual([])
  expect(splitter.push(Buffer.from('\n\nd'))).toEqual(['bc', ''])
  expect(splitter.end()).toEqual(['d'])
  expect(splitter.end()).toEqual([])
})

it('keeps characters whole that two chunks share', () => {
  const splitter = createLineSplitter(100)
  const bytes = Buffer.from('età\n')
  expect([...splitter.push(bytes.subarray(0, 3)), ...splitter.push(bytes.subarray(3))]).toEqual(['età'])
  expect(splitter.invalid).toBe(0)
})

it('replaces what is not UTF-8 and counts the lines', () => {
  const splitter = createLineSplitter(100)
  const bytes = Buffer.concat([Buffer.from('a'), Buffer.from([0xe8]), Buffer.from('\nb\n'), Buffer.from([0xff, 10])])
  expect(splitter.push(bytes)).toEqual(['a\ufffd', 'b', '\ufffd'])
  expect(splitter.invalid).toBe(2)
})

it('cuts long lines and goes on behind them', () => {
  const splitter = createLineSplitter(4)
  expect(splitter.push(Buffer.from('abc'))).toEqual([])
  expect(splitter.push(Buffer.from('defghi'))).toEqual([])
  expect(splitter.push(Buffer.from('jkl\nabcdefg\nxy\n'))).toEqual(['abcd', 'abcd', 'xy'])
  expect(splitter.oversized).toBe(2)
})

it('takes a chunk of nothing but newlines', () => {
  expect(createLineSplitter(1_048_576).push(Buffer.alloc(900_000, '\n'))).toHaveLength(900_000)
})
