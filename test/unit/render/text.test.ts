import { describe, expect, test } from 'vitest'
import { clip, displayWidth, fit, printable, wrap } from '../../../collector/render/text.ts'

describe('printable', () => {
  test('leaves ordinary text alone', () => {
    expect(printable('web-1 “ünïcode” 虚拟机')).toBe('web-1 “ünïcode” 虚拟机')
  })

  test('shows escape sequences and does not send them', () => {
    expect(printable('\u001b[31mred\u001b]0;title\u0007\u009b2J\u007f')).toBe('␛[31mred␛]0;title␇\ufffd2J␡')
  })

  test('keeps one line one line', () => {
    expect(printable('a\r\nb\nc\td\u2028e')).toBe('a b c d e')
  })

  test('takes the power from direction overrides and isolates right-to-left text', () => {
    expect(printable('a\u202eb')).toBe('a\ufffdb')
    expect(printable('שלום')).toBe('\u2068שלום\u2069')
  })

  test('keeps joined emoji and replaces halves of characters', () => {
    expect(printable('👩\u200d💻 \ud800')).toBe('👩\u200d💻 \ufffd')
  })
})

describe('displayWidth', () => {
  test.each([
    ['abc', 3],
    ['虚拟机', 6],
    ['🚀', 2],
    ['👩\u200d💻', 2],
    ['e\u0301', 1],
    ['ｗｉｄｅ', 8],
    ['🇨🇭', 2],
    ['', 0],
  ])('%j takes %i columns', (text, width) => {
    expect(displayWidth(text)).toBe(width)
  })
})

describe('clip and fit', () => {
  test.each([
    ['a name that is too long', 8, 'a name …'],
    ['虚拟机虚拟机', 7, '虚拟机…'],
    ['虚拟机虚拟机', 6, '虚拟…'],
    ['short', 8, 'short'],
    ['x', 0, ''],
  ])('%j in %i columns is %j', (text, columns, clipped) => {
    expect(clip(text, columns)).toBe(clipped)
  })

  test('fill to exactly the columns asked for', () => {
    for (const text of ['', 'ab', '虚拟机虚拟机虚拟机', '🚀🚀🚀🚀', 'שלום שלום שלום', '\u001b[2J'.repeat(9)]) {
      for (const columns of [1, 2, 7, 8, 20]) expect(displayWidth(fit(text, columns))).toBe(columns)
    }
    expect(fit('7', 3, 'right')).toBe('  7')
  })

  test('cut a tower of marks and a megabyte of name quickly', () => {
    const started = performance.now()
    expect(clip(`a${'\u0301'.repeat(1_000_000)}`, 20).length).toBeLessThan(400)
    expect(clip('x'.repeat(10_000_000), 20)).toBe(`${'x'.repeat(19)}…`)
    expect(performance.now() - started).toBeLessThan(500)
  })
})

describe('wrap', () => {
  test('breaks between words, and inside one that is too long', () => {
    expect(wrap('one two three', 8, 5)).toEqual(['one two', 'three'])
    expect(wrap('abcdefghij', 4, 5)).toEqual(['abcd', 'efgh', 'ij'])
  })

  test('says when lines are missing', () => {
    expect(wrap('one two three four five six', 8, 2)).toEqual(['one two', 'three…'])
  })

  test('keeps every line within the columns', () => {
    const text = '虚拟机 failed: שלום \u001b[31m '.repeat(20)
    for (const line of wrap(text, 21, 50)) expect(displayWidth(line)).toBeLessThanOrEqual(21)
  })

  test('gives nothing for nothing', () => {
    expect(wrap('', 10, 3)).toEqual([])
  })
})
