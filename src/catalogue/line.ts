import { escapeRegex, UUID_SOURCE } from './hole.ts'
import type { Hole } from './hole.ts'

/** A field and its value, as a message states it. */
export type Field = readonly [name: string, value: string]

/** The wording of a log message: literal parts and typed holes between them. */
export interface Line {
  /** For people: `Claim successful on node {node}`. */
  readonly template: string
  /** First word when it is literal and whole; empty otherwise. Messages are looked up by it. */
  readonly firstWord: string
  /** Anchored at the start, open at the end, one group for each hole. */
  readonly pattern: RegExp
  readonly literals: readonly string[]
  readonly holes: readonly Hole[]
}

const ALL_UUIDS = new RegExp(UUID_SOURCE, 'g')

/** Template tag that declares the wording of a message: line`Claim successful on node ${word('node')}`. */
export function line(literals: TemplateStringsArray, ...holes: readonly Hole[]): Line {
  return {
    template: joinParts(literals, hole => `{${holes[hole]?.name ?? ''}}`),
    firstWord: firstWordOf(literals, holes),
    pattern: new RegExp(`^${patternSource(literals, holes)}`),
    literals,
    holes,
  }
}

/** The fields that `message` states in this wording; undefined when it is worded otherwise. */
export function matchLine(wording: Line, message: string): readonly Field[] | undefined {
  const groups = wording.pattern.exec(message)
  if (groups === null) return undefined
  const fields: Field[] = []
  wording.holes.forEach((hole, index) => {
    const value = groups[index + 1]
    if (hole.name !== '' && value !== undefined) fields.push(...decode(hole, value))
  })
  return fields
}

/** The message as people may see it: hidden holes show as `…`, and nothing that stands behind one is left. */
export function visibleText(wording: Line, message: string): string {
  const groups = wording.holes.some(hole => hole.kind === 'hidden') ? wording.pattern.exec(message) : null
  if (groups === null) return headLine(message)
  return joinParts(wording.literals, hole => {
    return wording.holes[hole]?.kind === 'hidden' ? '…' : (groups[hole + 1] ?? '')
  })
}

/** Everything before the first line break. */
export function headLine(message: string): string {
  const lineEnd = message.indexOf('\n')
  return lineEnd < 0 ? message : message.slice(0, lineEnd)
}

function decode(hole: Hole, value: string): readonly Field[] {
  if (hole.kind === 'uuid') return [[hole.name, value.toLowerCase()]]
  if (hole.kind === 'uuids') return (value.match(ALL_UUIDS) ?? []).map(found => [hole.name, found.toLowerCase()])
  if (hole.kind === 'quoted') return [[hole.name, value.replace(/^u?['"]|['"]$/g, '')]]
  return [[hole.name, value]]
}

function joinParts(literals: readonly string[], fill: (hole: number) => string): string {
  return literals.map((literal, index) => literal + (index < literals.length - 1 ? fill(index) : '')).join('')
}

function patternSource(literals: readonly string[], holes: readonly Hole[]): string {
  return literals.map((literal, index) => partSource(literal, holes[index], literals[index + 1] ?? '')).join('')
}

function partSource(literal: string, hole: Hole | undefined, after: string): string {
  if (hole === undefined) return escapeRegex(literal)
  const isFree = hole.kind === 'text' || hole.kind === 'hidden'
  if (!isFree || after !== '') return `${escapeRegex(literal)}(${hole.source}${isFree ? '?' : ''})`
  // Free text at the end may be empty, and its blank is lost with the blanks at the end of a line.
  return `${escapeRegex(literal.trimEnd())}(?:${escapeRegex(literal.slice(literal.trimEnd().length))}(${hole.source})|(?=\\n|$))`
}

function firstWordOf(literals: readonly string[], holes: readonly Hole[]): string {
  const first = literals[0] ?? ''
  const blank = first.indexOf(' ')
  if (blank >= 0) return first.slice(0, blank)
  return holes.length === 0 || holes[0]?.kind === 'end' ? first : ''
}
