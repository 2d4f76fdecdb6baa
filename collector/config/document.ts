import type { Document, Node, YAMLError, YAMLMap, YAMLSeq } from 'yaml'
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Mistake, Path } from './problem.ts'
import { quoteKey } from './quote.ts'
import { explainYaml } from './yaml-mistakes.ts'

/** YAML as plain values, and where each of them stands. */
export interface YamlDocument {
  /** Mappings, lists, texts, numbers, booleans and null. Means nothing when there are mistakes. */
  readonly value: unknown
  /** At most 100, in the order of the text. */
  readonly mistakes: readonly Mistake[]
  /** The first character of the key, or of the value where there is no key; of the nearest value above where nothing is. */
  offsetOf(path: Path): number | undefined
  /** Whether it is no YAML at all, so that its structure means nothing. */
  readonly isBroken: boolean
  /** Whether the text holds something at `path`. */
  has(path: Path): boolean
  lineAndColumn(offset: number): { readonly line: number; readonly column: number }
}

/** Values and levels of a configuration: aliases multiply, so what a small file means is bounded, and not only the file. */
const MOST_VALUES = 20_000
const DEEPEST = 32
const MOST_MISTAKES = 100
const MOST_YAML_ERRORS = 5

interface Walk {
  readonly offsets: Map<string, number>
  readonly mistakes: Mistake[]
  /** Anchors as they are met: an alias means the last one before it. */
  readonly anchors: Map<string, Node>
  left: number
}

type MaybeNode = Node | null | undefined

function keyOf(path: Path): string {
  return JSON.stringify(path)
}

function complain(walk: Walk, mistake: Mistake): void {
  if (walk.mistakes.length < MOST_MISTAKES) walk.mistakes.push(mistake)
}

function readKey(key: unknown): { readonly name: string; readonly offset: number } | undefined {
  if (!isScalar(key)) return undefined
  return { name: key.source ?? String(key.value), offset: key.range?.[0] ?? 0 }
}

function asNode(value: unknown): MaybeNode {
  return isMap(value) || isSeq(value) || isScalar(value) || isAlias(value) ? value : undefined
}

function readMap(map: YAMLMap, path: Path, walk: Walk): unknown {
  const entries = new Map<string, unknown>()
  for (const { key, value } of map.items) {
    const read = readKey(key)
    const offset = read?.offset ?? map.range?.[0] ?? 0
    if (read === undefined || (map.flow === true && value === null)) {
      // Not named: with a comma or a brace in an unquoted password, this is a piece of it.
      const advice = 'Write `key: value`, and put values with commas, brackets or braces in quotes.'
      complain(walk, { path, message: 'There is something that is no key with a value.', advice, offset })
    } else if (entries.has(read.name)) {
      const message = `The key ${quoteKey(read.name)} is there twice.`
      complain(walk, { path: [...path, read.name], message, advice: 'Remove one of them.', offset })
    } else {
      const below = [...path, read.name]
      walk.offsets.set(keyOf(below), offset)
      entries.set(read.name, readNode(asNode(value), below, walk))
    }
    if (walk.left <= 0) break
  }
  return Object.fromEntries(entries)
}

function readList(list: YAMLSeq, path: Path, walk: Walk): unknown {
  const values: unknown[] = []
  for (const [index, item] of list.items.entries()) {
    if (walk.left <= 0) break
    const node = asNode(item)
    const below = [...path, index]
    walk.offsets.set(keyOf(below), node?.range?.[0] ?? list.range?.[0] ?? 0)
    values.push(readNode(node, below, walk))
  }
  return values
}

function followAlias(name: string, offset: number, walk: Walk): MaybeNode {
  const node = walk.anchors.get(name)
  if (node !== undefined) return node
  const advice = 'Put values that begin with "*" in quotes, such as patterns of files.'
  complain(walk, { path: [], message: '"*" begins a reference to an anchor that is not there.', advice, offset })
  return undefined
}

function readNode(node: MaybeNode, path: Path, walk: Walk): unknown {
  if (node === null || node === undefined) return null
  const offset = node.range?.[0] ?? 0
  walk.left--
  if (walk.left <= 0 || path.length > DEEPEST) {
    walk.left = 0
    const message = `It holds more than ${String(MOST_VALUES)} values or ${String(DEEPEST)} levels.`
    complain(walk, {
      path: [],
      message,
      advice: 'Check its anchors and aliases, or whether it is the right file.',
      offset,
    })
    return null
  }
  if (isAlias(node)) return readNode(followAlias(node.source, offset, walk), path, walk)
  const { anchor = '' } = node
  if (anchor !== '') walk.anchors.set(anchor, node)
  if (isMap(node)) return readMap(node, path, walk)
  if (isSeq(node)) return readList(node, path, walk)
  return isScalar(node) ? node.value : null
}

function parse(text: string, lineCounter: LineCounter): Document | Mistake {
  try {
    // Finding a key twice costs the parser the square of their number; `readMap` finds it too.
    return parseDocument(text, { lineCounter, uniqueKeys: false, prettyErrors: false, logLevel: 'error' })
  } catch {
    // The stack of a recursive parser is what gives way.
    return { path: [], message: 'It cannot be read as YAML.', advice: 'Check how deeply it is nested.', offset: 0 }
  }
}

/** One for each line and few: where YAML is broken, most of what follows is a consequence. */
function firstErrors({ errors, warnings }: Document, lines: LineCounter): readonly YAMLError[] {
  const all = [...errors, ...warnings].sort((a, b) => a.pos[0] - b.pos[0])
  const lineOf = (error: YAMLError | undefined): number => (error === undefined ? 0 : lines.linePos(error.pos[0]).line)
  return all.filter((error, at) => lineOf(error) !== lineOf(all[at - 1])).slice(0, MOST_YAML_ERRORS)
}

function createDocument(walk: Walk, lines: LineCounter, read: Pick<YamlDocument, 'value' | 'isBroken'>): YamlDocument {
  const offsetOf = (path: Path): number | undefined =>
    walk.offsets.get(keyOf(path)) ?? (path.length === 0 ? undefined : offsetOf(path.slice(0, -1)))
  return {
    ...read,
    mistakes: walk.mistakes,
    offsetOf,
    has: path => walk.offsets.has(keyOf(path)),
    lineAndColumn: offset => {
      const { line, col } = lines.linePos(offset)
      return { line: Math.max(line, 1), column: Math.max(col, 1) }
    },
  }
}

/** Reads one YAML document. Never throws; what is wrong is in `mistakes`. */
export function readYaml(text: string): YamlDocument {
  const lines = new LineCounter()
  const walk: Walk = { offsets: new Map(), mistakes: [], anchors: new Map(), left: MOST_VALUES }
  const document = parse(text, lines)
  if ('message' in document) {
    complain(walk, document)
    return createDocument(walk, lines, { value: undefined, isBroken: true })
  }
  for (const error of firstErrors(document, lines)) complain(walk, explainYaml(error))
  const isBroken = walk.mistakes.length > 0
  const value = isBroken ? undefined : readNode(asNode(document.contents), [], walk)
  return createDocument(walk, lines, { value, isBroken })
}
