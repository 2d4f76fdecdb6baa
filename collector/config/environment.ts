import { readYaml } from './document.ts'
import type { ConfigOverride } from './overrides.ts'
import type { Mistake, Path } from './problem.ts'
import { writePath } from './problem.ts'
import type { Shape } from './shape.ts'
import { configShape, shapeBelow } from './shape.ts'
import { adviseOnKey } from './suggest.ts'

/** Names and values of environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>

const PREFIX = 'LAUNCHTRACE__'

interface Place {
  readonly path: Path
  readonly shape: Shape
}

/** One step down. The variables are upper case and know no hyphen; keys are lower case, as are the names of headers. */
function stepDown({ path, shape }: Place, word: string): Place | undefined {
  if (shape.kind === 'secret') {
    const key = word.toLowerCase()
    return key === 'file' || key === 'env' ? { path: [...path, key], shape: { ...shape, kind: 'secret' } } : undefined
  }
  const isFree = shape.kind === 'map' && shape.rest !== undefined
  const lower = isFree ? word.toLowerCase().replaceAll('_', '-') : word.toLowerCase()
  const key = shape.kind === 'list' && /^\d{1,4}$/.test(word) ? Number(word) : lower
  const below = lower === '' ? undefined : shapeBelow(shape, key)
  return below && { path: [...path, key], shape: below }
}

function findPlace(name: string): Place | { readonly advice: string } {
  let place: Place = { path: [], shape: configShape }
  for (const word of name.slice(PREFIX.length).split('__')) {
    const next = stepDown(place, word)
    if (next === undefined) {
      const where = place.path.length === 0 ? '' : ` below ${writePath(place.path)}`
      const advice =
        place.shape.kind === 'list' ? 'Items are numbered from 0.' : adviseOnKey(word.toLowerCase(), place.shape)
      return { advice: `It knows no ${JSON.stringify(word.slice(0, 40))}${where}. ${advice}` }
    }
    place = next
  }
  return place
}

/** Text stays text where text is wanted: a token that is all digits is no number. */
function readValue(text: string, shape: Shape): { readonly value: unknown } | undefined {
  if (shape.kind === 'secret' || (shape.kind === 'value' && shape.type === 'string')) return { value: text }
  const { value, mistakes } = readYaml(text)
  return mistakes.length === 0 ? { value } : undefined
}

function readVariable(name: string, text: string): ConfigOverride | Mistake {
  const place = findPlace(name)
  if ('advice' in place) {
    return { path: [], message: 'There is no such setting.', advice: place.advice, origin: name }
  }
  const { path, shape } = place
  const read = readValue(text, shape)
  if (read !== undefined) return { path, value: read.value, origin: name }
  return { path, message: 'Its value is no YAML.', advice: 'Write it as in the file, lists as [a, b].', origin: name }
}

/** Lists before their items, items by number. */
function compare({ path: left }: ConfigOverride, { path: right }: ConfigOverride): number {
  return writePath(left).localeCompare(writePath(right), 'en', { numeric: true })
}

/**
 * Reads the variables that state a setting by its path, such as `LAUNCHTRACE__SOURCES__FILES__0__PATHS__0`: two underscores
 * between the words. Other variables are not looked at.
 */
export function readEnvironment(env: Environment): {
  readonly overrides: readonly ConfigOverride[]
  readonly mistakes: readonly Mistake[]
} {
  const read = Object.entries(env)
    .filter(([name]) => name.startsWith(PREFIX))
    .map(([name, text = '']) => readVariable(name, text))
  const overrides = read.filter(each => 'value' in each).sort(compare)
  return { overrides, mistakes: read.filter(each => 'message' in each) }
}
