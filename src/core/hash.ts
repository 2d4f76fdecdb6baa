/* MurmurHash3 x86 128 (Austin Appleby, public domain), over UTF-16 code units: pure, so that the layers without node
   modules can make ids. Ids need to be the same everywhere and to spread well; they protect nothing. */

const C1 = 0x239b961b
const C2 = 0xab0e9789
const C3 = 0x38b34ae5
const C4 = 0xa1e38b93

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}

function avalanche(value: number): number {
  let h = value
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

function unitPair(text: string, index: number): number {
  // NaN past the end becomes 0 in the bitwise operations below.
  return (text.charCodeAt(index) & 0xffff) | (text.charCodeAt(index + 1) << 16)
}

const BYTES: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function byteOf(value: number, shift: number): string {
  return BYTES[(value >>> shift) & 0xff] ?? ''
}

function hex(value: number): string {
  return byteOf(value, 24) + byteOf(value, 16) + byteOf(value, 8) + byteOf(value, 0)
}

/** 32 hex digits that depend on every character of `text`. The same text gives the same digits on every machine. */
export function hash128(text: string): string {
  let [h1, h2, h3, h4] = [0, 0, 0, 0]
  for (let at = 0; at < text.length; at += 8) {
    h1 ^= Math.imul(rotate(Math.imul(unitPair(text, at), C1), 15), C2)
    h1 = (Math.imul((rotate(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0
    h2 ^= Math.imul(rotate(Math.imul(unitPair(text, at + 2), C2), 16), C3)
    h2 = (Math.imul((rotate(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0
    h3 ^= Math.imul(rotate(Math.imul(unitPair(text, at + 4), C3), 17), C4)
    h3 = (Math.imul((rotate(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0
    h4 ^= Math.imul(rotate(Math.imul(unitPair(text, at + 6), C4), 18), C1)
    h4 = (Math.imul((rotate(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0
  }
  h1 ^= text.length
  h2 ^= text.length
  h3 ^= text.length
  h4 ^= text.length
  h1 = (h1 + h2 + h3 + h4) | 0
  h2 = (h2 + h1) | 0
  h3 = (h3 + h1) | 0
  h4 = (h4 + h1) | 0
  h1 = avalanche(h1)
  h2 = avalanche(h2)
  h3 = avalanche(h3)
  h4 = avalanche(h4)
  h1 = (h1 + h2 + h3 + h4) | 0
  return hex(h1) + hex(h2 + h1) + hex(h3 + h1) + hex(h4 + h1)
}

/** 16 hex digits, the width of an OpenTelemetry span id. */
export function hash64(text: string): string {
  return hash128(text).slice(0, 16)
}
