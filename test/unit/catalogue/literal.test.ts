import { describe, expect, test } from 'vitest'
import { readLiteral } from '../../../src/catalogue/literal.ts'

describe('a literal', () => {
  test('is read alike from JSON and from Python', () => {
    const value = { name: 'vm', count: 2, on: true, off: false, none: null, list: ['a', 1.5] }
    expect(readLiteral(JSON.stringify(value))).toEqual(value)
    const python = "{'name': u'vm', 'count': 2, 'on': True, 'off': False, 'none': None, 'list': ('a', 1.5)}"
    expect(readLiteral(python)).toEqual(value)
  })

  test('may be a set', () => {
    expect(readLiteral("{'a', 'b'}")).toEqual(['a', 'b'])
    expect(readLiteral('{}')).toEqual({})
  })

  test('keeps escaped quotes', () => {
    expect(readLiteral(String.raw`{'it': 'isn\'t', "a": "b\"c"}`)).toEqual({ it: "isn't", a: 'b"c' })
  })

  test('gives what was read when it is cut off', () => {
    expect(readLiteral('{"server": {"name": "vm", "imageRef": "abc')).toEqual({
      server: { name: 'vm', imageRef: 'abc' },
    })
  })

  test('is bounded in depth and in number', () => {
    expect(() => readLiteral('['.repeat(100_000))).not.toThrow()
    expect(JSON.stringify(readLiteral(`[${'1,'.repeat(20_000)}]`)).length).toBeLessThan(20_000)
  })

  test('cannot change what all objects inherit', () => {
    readLiteral('{"__proto__": {"polluted": true}}')
    expect('polluted' in {}).toBe(false)
  })
})
