import { CST, Lexer } from 'yaml'
import { hideCredentials } from './credentials.ts'
import type { Shape } from './shape.ts'
import { configShape } from './shape.ts'

/** A part of the text and what is shown of it. */
export interface Piece {
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

function showSign(type: Token['type'], text: string): string {
  // Text that begins with `|` is taken for the head of a block.
  return type !== 'block-scalar-header' || /^[|>][-+\d]{0,2}$/.test(text) ? text : '…'
}

/** What follows a space may be the next setting, whose colon was forgotten. */
function showValue(text: string): string {
  return hideCredentials(text.replace(/\s.*$/s, ' …'))
}

/** Where a key stands below which all is hidden. */
interface Hidden {
  /** Brackets around it. */
  readonly depth: number
  readonly column: number
}

/** Whether a sign ends the value of a hidden key: its bracket closes, or the next key of its mapping follows. */
function isEndOf(hidden: Hidden, type: Token['type'], depth: number): boolean {
  return depth < hidden.depth || (type === 'comma' && depth === hidden.depth && depth > 0)
}

/**
 * Decides token by token what may be shown. The text may be broken, so nothing is taken from its structure but which key a
 * value follows: a value is shown on the line of a key whose values are plain settings, or as an item of its list.
 * Keys that nobody knows hide all below them: they may be a `password` with a letter too many.
 */
function createGuard(isBroken: boolean): (token: Token, isKey: boolean, column: number) => string {
  const brackets: ('map' | 'list')[] = []
  let hidden: Hidden | undefined
  let [isOpen, isAfterKey] = [false, false]
  /** What the line has begun with. */
  let beside: 'key' | 'item' | undefined

  const enterKey = (name: string, column: number): string => {
    const depth = brackets.length
    // A key in a list: its bracket was not closed.
    if (brackets.at(-1) === 'list') brackets.splice(-1, 1, 'map')
    if (hidden?.depth === 0 && depth === 0 && column <= hidden.column) hidden = undefined
    if (hidden !== undefined) return '…'
    ;[isOpen, isAfterKey, beside] = [NAMES.open.has(name), true, 'key']
    const isKnown = NAMES.all.has(name)
    if (!isKnown || NAMES.secret.has(name)) hidden = { depth, column }
    return isKnown || (!isBroken && /^[\w.-]{1,60}$/.test(name)) ? name : '…'
  }
  const passSign = (type: Token['type']): void => {
    if (type === 'newline') beside = undefined
    if (type === 'seq-item-ind') beside = 'item'
    if (type === 'flow-map-start') brackets.push('map')
    if (type === 'flow-seq-start') brackets.push(beside === undefined ? 'map' : 'list')
    if (type === 'flow-map-end' || type === 'flow-seq-end') brackets.pop()
    if (hidden !== undefined && isEndOf(hidden, type, brackets.length)) hidden = undefined
    if (type === 'comma' && brackets.at(-1) !== 'list') isOpen = false
    // A colon without a key.
    if (type === 'map-value-ind' && !isAfterKey) isOpen = false
    if (type !== 'space') isAfterKey = false
  }
  return ({ type, text }, isKey, column) => {
    if (SIGNS.includes(type)) {
      passSign(type)
      return showSign(type, text)
    }
    if (!VALUES.includes(type)) return type === 'comment' ? '' : '…'
    if (isKey) return enterKey(text.replace(/^(["'])(.*)\1$/s, '$2'), column)
    const isInList = brackets.at(-1) === 'list'
    const mayShow = hidden === undefined && isOpen && (beside !== undefined || (!isBroken && isInList))
    // A key has one value, a list has many.
    isOpen = mayShow && (isInList || beside === 'item')
    return mayShow ? showValue(text) : '…'
  }
}

function nextSign(tokens: readonly Token[], index: number): Token['type'] | undefined {
  const next = tokens[index + 1]
  return next?.type === 'space' ? tokens[index + 2]?.type : next?.type
}

/**
 * The whole text in pieces that may be shown; `…` stands for values that are or may be secrets, and comments are empty.
 * `isBroken`: it is no YAML, so that what looks like a key may be none.
 */
export function hideSecrets(text: string, isBroken: boolean): readonly Piece[] {
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
