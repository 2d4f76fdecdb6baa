import type { Path } from './problem.ts'
import { writePath } from './problem.ts'
import type { Shape } from './shape.ts'
import { configShape } from './shape.ts'

/** Longer words are not compared: none that is known comes near. */
const LONGEST = 40

/** How many letters have to be put in, left out, exchanged or swapped with their neighbour to make one word of the other. */
function distance(left: string, right: string): number {
  let [beforeLast, last]: [number[], number[]] = [[], Array.from({ length: right.length + 1 }, (_, at) => at)]
  for (let row = 1; row <= left.length; row++) {
    const next = [row]
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1] ? 0 : 1
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
      const edits = [(last[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + same]
      next.push(Math.min(...edits, ...(swapped ? [(beforeLast[column - 2] ?? 0) + 1] : [])))
    }
    ;[beforeLast, last] = [last, next]
  }
  return last[right.length] ?? 0
}

/** The word of `known` that was probably meant by `word`; undefined when none is near. */
export function findNearest(word: string, known: Iterable<string>): string | undefined {
  if (word.length > LONGEST) return undefined
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_\s]/g, '')
  const wanted = plain(word)
  const ranked = [...known]
    .map(each => ({ each, apart: distance(wanted, plain(each)) }))
    .filter(({ each, apart }) => apart <= Math.max(1, Math.floor(Math.min(wanted.length, each.length) / 3)))
    .sort((a, b) => a.apart - b.apart)
  return ranked[0]?.each
}

function* pathsTo(key: string, shape: Shape, path: Path): Generator<string> {
  if (shape.kind === 'list') yield* pathsTo(key, shape.item, path)
  if (shape.kind !== 'map') return
  for (const [name, field] of shape.fields) {
    if (name === key) yield writePath([...path, name])
    yield* pathsTo(key, field, [...path, name])
  }
}

/** What to do about a key that `shape` does not know. */
export function adviseOnKey(key: string, shape: Shape | undefined): string {
  const known = shape?.kind === 'map' ? [...shape.fields.keys()] : []
  const near = findNearest(key, known)
  if (near !== undefined) return `Did you mean ${near}?`
  const elsewhere = [...pathsTo(key, configShape, [])]
  if (elsewhere.length > 0 && elsewhere.length <= 4) return `It belongs elsewhere: ${elsewhere.join(', ')}.`
  return known.length === 0 ? 'Remove it.' : `Known here: ${known.join(', ')}.`
}
