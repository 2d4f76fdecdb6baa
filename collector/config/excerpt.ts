import { CST, Lexer } from 'yaml'
import { hideCredentials } from './credentials.ts'
import type { Shape } from './shape.ts'
import { configShape } from './shape.ts'

/** Columns of a line that are shown. */
const WIDEST = 100

/** A part of the text and what is shown of it. */
interface Piece {
  readonly start: number
  readonly end: number
  readonly shown: string
}

interface Names {
  /** Keys whose values are plain settings. */
  readonly open: Set<string>
  readonly all: Set<string>
  readonly secret: Set<string>
}

function collectNames(shape: Shape, names: Names): Names {
  if (shape.kind === 'list') collectNames(shape.item, names)
  if (shape.kind !== 'map') return names
  for (const [name, field] of shape.fields) {
    const leaf = field.kind === 'list' ? field.item : field
    names.all.add(name)
    if (leaf.kind === 'value') names.open.add(name)
    if (leaf.kind === 'secret' || (leaf.kind === 'map' && leaf.rest !== undefined)) names.secret.add(name)
    collectNames(field, names)
  }
  return names
}

const NAMES = collectNames(configShape, { open: new Set(), all: new Set(), secret: new Set() })

interface Token {
  readonly type: CST.TokenType | null
  readonly text: string
  readonly start: number
}

/** The lexer's marks, which stand for no character of the text. */
const MARKS: readonly (string | null)[] = ['doc-mode', 'flow-error-end', 'byte-order-mark']

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  let [start, isScalar] = [text.startsWith(CST.BOM) ? 1 : 0, false]
  for (const lexeme of new Lexer().lex(text)) {
    const type = isScalar ? 'scalar' : CST.tokenType(lexeme)
    const isMark = !isScalar && (MARKS.includes(type) || lexeme === CST.SCALAR)
    isScalar = !isScalar && lexeme === CST.SCALAR
    if (isMark) continue
    tokens.push({ type, text: lexeme, start })
    start += lexeme.length
  }
  return tokens
}

const VALUES: readonly (string | null)[] = [
  'scalar',
  'single-quoted-scalar',
  'double-quoted-scalar',
  'alias',
  'tag',
  'anchor',
]
/** They hold nothing but spaces and YAML's own signs. */
const SIGNS: readonly (string | null)[] = [
  ...['space', 'newline', 'comma', 'seq-item-ind', 'map-value-ind', 'explicit-key-ind', 'block-scalar-header'],
  ...['flow-map-start', 'flow-map-end', 'flow-seq-start', 'flow-seq-end', 'doc-start', 'doc-end'],
]

/** What follows a space may be the next setting, whose colon was forgotten. */
function showValue(text: string): string {
  return hideCredentials(text.replace(/\s.*$/s, ' …'))
}

/**
 * Decides token by token what may be shown. The text may be broken, so nothing is taken from its structure but which key a
 * value follows: a value is shown on the line of a key whose values are plain settings, or as an item of a list below one.
 * Keys that nobody knows hide all below them: they may be a `password` with a letter too many.
 */
function createGuard(isBroken: boolean): (token: Token, isKey: boolean, column: number) => string {
  const brackets: ('map' | 'list')[] = []
  let hidden: { readonly depth: number; readonly column: number } | undefined
  let [isOpen, isBeside, isAfterKey] = [false, false, false]

  const enterKey = (name: string, column: number): string => {
    const depth = brackets.length
    // A key in a list: its bracket was not closed.
    if (brackets.at(-1) === 'list') brackets.splice(-1, 1, 'map')
    if (hidden?.depth === 0 && depth === 0 && column <= hidden.column) hidden = undefined
    if (hidden !== undefined) return '…'
    ;[isOpen, isBeside, isAfterKey] = [NAMES.open.has(name), true, true]
    const isKnown = NAMES.all.has(name)
    if (!isKnown || NAMES.secret.has(name)) hidden = { depth, column }
    return isKnown || (!isBroken && /^[\w.-]{1,60}$/.test(name)) ? name : '…'
  }
  const passSign = (type: Token['type']): void => {
    if (type === 'newline') isBeside = false
    if (type === 'seq-item-ind') isBeside = true
    if (type === 'flow-map-start') brackets.push('map')
    if (type === 'flow-seq-start') brackets.push('list')
    if (type === 'flow-map-end' || type === 'flow-seq-end') brackets.pop()
    const depth = brackets.length
    if (hidden !== undefined && (depth < hidden.depth || (type === 'comma' && depth === hidden.depth && depth > 0)))
      hidden = undefined
    if (type === 'comma' && brackets.at(-1) !== 'list') isOpen = false
    // A colon without a key.
    if (type === 'map-value-ind' && !isAfterKey) isOpen = false
    if (type !== 'space') isAfterKey = false
  }
  return ({ type, text }, isKey, column) => {
    if (SIGNS.includes(type)) {
      passSign(type)
      // Text that begins with `|` is taken for the head of a block.
      return type !== 'block-scalar-header' || /^[|>][-+\d]{0,2}$/.test(text) ? text : '…'
    }
    if (!VALUES.includes(type)) return type === 'comment' ? '' : '…'
    if (isKey) return enterKey(text.replace(/^(["'])(.*)\1$/s, '$2'), column)
    const mayShow = hidden === undefined && isOpen && (isBeside || brackets.at(-1) === 'list')
    isOpen = mayShow
    return mayShow ? showValue(text) : '…'
  }
}

function nextSign(tokens: readonly Token[], index: number): Token['type'] | undefined {
  const next = tokens[index + 1]
  return next?.type === 'space' ? tokens[index + 2]?.type : next?.type
}

function piecesOf(text: string, isBroken: boolean): readonly Piece[] {
  const tokens = tokensOf(text)
  const guard = createGuard(isBroken)
  let lineStart = 0
  return tokens.map((token, index) => {
    const { type, start } = token
    const end = start + token.text.length
    const shown = guard(token, nextSign(tokens, index) === 'map-value-ind', start - lineStart)
    if (type === 'newline') lineStart = end
    return { start, end, shown }
  })
}

/** A window of the line around the caret, and the caret below it. */
function draw(line: string, caret: number, lineNumber: number): string {
  const from = line.length <= WIDEST ? 0 : Math.max(0, caret - WIDEST / 2)
  const window = line.slice(from, from + WIDEST).replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ')
  const margin = `${String(lineNumber).padStart(5)} | `
  return `${margin}${window.trimEnd()}\n${' '.repeat(margin.length - 2)}| ${' '.repeat(caret - from)}^`
}

/** The index of the first piece that ends after `offset`. */
function firstAfter(pieces: readonly Piece[], offset: number): number {
  let [low, high] = [0, pieces.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((pieces[middle]?.end ?? 0) > offset) high = middle
    else low = middle + 1
  }
  return low
}

interface Line {
  readonly start: number
  readonly end: number
}

function lineAround(text: string, offset: number): Line {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1
  const end = text.indexOf('\n', offset)
  return { start, end: end === -1 ? text.length : end }
}

/**
 * Shows the line of a character of `text` with a caret below. Values that are or may be secrets, and comments, are left out:
 * `…` stands for them.
 */
export function createExcerpts(text: string, isBroken: boolean): (offset: number, line: number) => string {
  const pieces = piecesOf(text, isBroken)
  return (offset, lineNumber) => {
    const { start, end } = lineAround(text, offset)
    let [shown, caret] = ['', 0]
    for (let index = firstAfter(pieces, start); index < pieces.length; index++) {
      const piece = pieces[index]
      if (piece === undefined || piece.start >= end) break
      const from = Math.max(piece.start, start)
      const isWhole = piece.shown === text.slice(piece.start, piece.end)
      if (piece.start <= offset) caret = shown.length + (isWhole ? offset - from : 0)
      shown += isWhole ? text.slice(from, Math.min(piece.end, end)) : piece.shown
    }
    return draw(shown, caret, lineNumber)
  }
}
