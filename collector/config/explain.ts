import type { z } from 'zod'
import type { Mistake, Path } from './problem.ts'
import { quote, quoteKey } from './quote.ts'
import type { Shape, ValueShape } from './shape.ts'
import { configShape, shapeBelow } from './shape.ts'
import { adviseOnKey, findNearest } from './suggest.ts'

type Issue = z.core.$ZodIssue
type Sentences = Pick<Mistake, 'message' | 'advice'>

/** Unknown keys of one mapping that are named: with more it is the wrong file. */
const MOST_KEYS = 100

const SECRET: Sentences = {
  message: 'This is no secret.',
  advice: 'It takes text (in quotes where it is a number), {file: PATH} or {env: NAME}.',
}

const TAKES: Readonly<Record<string, string>> = {
  duration: 'a number with its unit, for example 30s',
  address: 'HOST:PORT, for example 127.0.0.1:8080',
  URL: 'a URL',
  path: 'a path',
  'time zone': 'a time zone, for example Europe/Rome',
}

function takesOf({ type, title, words }: ValueShape): string {
  if (words.length > 0) return `It takes ${words.join(', ')}.`
  if (type === 'boolean') return 'It takes true or false.'
  if (type === 'integer') return 'It takes a whole number.'
  return `It takes ${TAKES[title] ?? 'text'}. Put it in quotes where it looks like something else.`
}

function adviseOnKind(shape: Shape | undefined): string {
  switch (shape?.kind) {
    case undefined:
      return 'Remove it.'
    case 'secret':
      return SECRET.advice
    case 'map':
      return 'It takes a mapping: lines `key: value` below it, with more indentation.'
    case 'list':
      return 'It takes a list: [a, b], or a line "- a" for each item.'
    case 'value':
      return takesOf(shape)
  }
}

function nameOfKind(shape: Shape | undefined): string {
  if (shape?.kind === 'map') return 'mapping'
  if (shape?.kind !== 'value') return 'list'
  if (shape.type === 'string') return shape.title === '' ? 'text' : shape.title
  return shape.type === 'integer' ? 'whole number' : 'truth value'
}

function shapeAt(path: Path): Shape | undefined {
  return path.reduce<Shape | undefined>((shape, key) => shape && shapeBelow(shape, key), configShape)
}

function valueAt(tree: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    return Object.entries(value).find(([name]) => name === String(key))?.[1]
  }, tree)
}

/** The first sentence of what a field is for. */
function purposeOf(shape: Shape | undefined): string {
  return /^.*?\.(?= |$)/.exec(shape?.description ?? '')?.[0] ?? ''
}

function explainType(value: unknown, path: Path): Sentences {
  const shape = shapeAt(path)
  if (value === undefined) {
    return { message: 'It is missing.', advice: `Add ${String(path.at(-1) ?? 'it')}: ${purposeOf(shape)}` }
  }
  if (value === null) return { message: 'It has no value.', advice: 'Give it one, or remove the key.' }
  if (shape?.kind === 'secret') return SECRET
  // What stands in place of a mapping may be a piece of what should stand in it.
  const subject = shape?.kind === 'map' && typeof value === 'string' ? 'This' : quote(value)
  return { message: `${subject} is no ${nameOfKind(shape)}.`, advice: adviseOnKind(shape) }
}

function explainWord(value: unknown, path: Path): Sentences {
  const shape = shapeAt(path)
  if (shape?.kind !== 'value' || typeof value !== 'string') return explainType(value, path)
  const near = findNearest(value, shape.words)
  const hint = near === undefined ? '' : `Did you mean ${near}? `
  return { message: `${quote(value)} is not accepted.`, advice: `${hint}${takesOf(shape)}` }
}

function explainSize(issue: Issue & { code: 'too_small' | 'too_big' }, value: unknown): Sentences {
  const [relation, bound] =
    issue.code === 'too_small' ? ['at least', String(issue.minimum)] : ['at most', String(issue.maximum)]
  if (typeof value === 'number') {
    return { message: `${quote(value)} is out of range.`, advice: `It takes ${relation} ${bound}.` }
  }
  const unit = Array.isArray(value) ? 'items' : 'characters'
  const isEmpty = issue.code === 'too_small'
  return { message: isEmpty ? 'It is empty.' : 'It is too long.', advice: `It takes ${relation} ${bound} ${unit}.` }
}

function explainOne(issue: Issue, tree: unknown, path: Path): Sentences {
  const value = valueAt(tree, path)
  if (issue.code === 'custom') return { message: issue.message, advice: String(issue.params?.['advice'] ?? '') }
  const inner = issue.code === 'invalid_key' ? issue.issues[0] : undefined
  if (inner !== undefined) return explainOne(inner, tree, path)
  if (shapeAt(path)?.kind === 'secret') return value === undefined || value === null ? explainType(value, path) : SECRET
  if (issue.code === 'too_small' || issue.code === 'too_big') return explainSize(issue, value)
  if (issue.code === 'invalid_value') return explainWord(value, path)
  return explainType(value, path)
}

/** What an issue of the schema means; `tree` is what the schema was given. */
export function explainIssue(issue: Issue, tree: unknown): readonly Mistake[] {
  const path = issue.path.map(key => (typeof key === 'symbol' ? String(key) : key))
  if (issue.code !== 'unrecognized_keys') return [{ path, ...explainOne(issue, tree, path) }]
  const shape = shapeAt(path)
  // The keys of what should be a secret may be pieces of one.
  if (shape?.kind === 'secret') return [{ path, ...SECRET }]
  return issue.keys.slice(0, MOST_KEYS).map(key => ({
    path: [...path, key],
    message: `The key ${quoteKey(key)} is unknown.`,
    advice: adviseOnKey(key, shape),
  }))
}
