import type { Environment } from './environment.ts'
import type { Mistake, Path } from './problem.ts'
import { quote } from './quote.ts'
import { readText, UnreadableError } from './read-text.ts'
import { LONGEST_SECRET } from './secret-field.ts'
import type { Shape } from './shape.ts'
import { configShape, shapeBelow } from './shape.ts'

interface Settling {
  readonly env: Environment
  readonly mistakes: Mistake[]
}

type Mapping = Readonly<Record<string, unknown>>

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value of the only key of a mapping, where that is `key`. */
function onlyValue(mapping: Mapping, key: string): string | undefined {
  const value = mapping[key]
  return Object.keys(mapping).length === 1 && typeof value === 'string' && value !== '' ? value : undefined
}

function readSecretFile(file: string): string {
  const secret = readText(file, LONGEST_SECRET).replace(/\r?\n$/, '')
  if (secret === '') throw new UnreadableError('is empty')
  return secret
}

/** The schema asks for text: where there is none, its absence has been reported. */
const UNREAD = '-'

function settleSecret(value: unknown, path: Path, { env, mistakes }: Settling): unknown {
  if (!isMapping(value)) return value
  const [file, variable] = [onlyValue(value, 'file'), onlyValue(value, 'env')]
  if (variable !== undefined) {
    const secret = env[variable] ?? ''
    if (secret !== '') return secret
    const message = `The environment variable ${quote(variable)} that holds the secret is ${secret === env[variable] ? 'empty' : 'not set'}.`
    mistakes.push({ path: [...path, 'env'], message, advice: 'Set it for this process.' })
    return UNREAD
  }
  if (file === undefined) return value
  try {
    return readSecretFile(file)
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error
    const message = `The file ${quote(file)} that holds the secret ${error.message}.`
    mistakes.push({ path: [...path, 'file'], message, advice: 'Write the secret into it, and let this user read it.' })
    return UNREAD
  }
}

interface At {
  readonly path: Path
  readonly shape: Shape
}

function settleFields(value: Mapping, { path, shape }: At, settling: Settling): Mapping {
  const entries = Object.entries(value).map(([key, below]): [string, unknown] => {
    const known = shapeBelow(shape, key)
    return [key, known === undefined ? below : settleValue(below, { path: [...path, key], shape: known }, settling)]
  })
  return Object.fromEntries(entries)
}

function settleValue(value: unknown, at: At, settling: Settling): unknown {
  const { path, shape } = at
  switch (shape.kind) {
    case 'secret':
      return settleSecret(value, path, settling)
    case 'map':
      // `stdin:` with nothing below it is there, and so is a section whose settings are all commented out.
      if (value === null) return {}
      return isMapping(value) ? settleFields(value, at, settling) : value
    case 'list': {
      if (value === null) return []
      if (!Array.isArray(value)) return value
      const items: readonly unknown[] = value
      return items.map((item, index) => settleValue(item, { path: [...path, index], shape: shape.item }, settling))
    }
    case 'value':
      return value
  }
}

/** What `launchtrace --clickhouse` reads too. */
const CLICKHOUSE_PASSWORD = 'LAUNCHTRACE_CLICKHOUSE_PASSWORD'

/** Fills in the password of ClickHouse where nothing else states one. */
function addClickhousePassword(tree: unknown, env: Environment): unknown {
  const password = env[CLICKHOUSE_PASSWORD] ?? ''
  if (password === '' || !isMapping(tree) || !isMapping(tree['store'])) return tree
  const { clickhouse } = tree['store']
  if (!isMapping(clickhouse) || typeof clickhouse['url'] !== 'string' || 'password' in clickhouse) return tree
  if ((URL.parse(clickhouse['url'])?.password ?? '') !== '') return tree
  return { ...tree, store: { ...tree['store'], clickhouse: { ...clickhouse, password } } }
}

/** The tree that the schema reads: secrets are read from their files and variables, sections without content are empty. */
export function settle(
  tree: unknown,
  env: Environment,
): { readonly tree: unknown; readonly mistakes: readonly Mistake[] } {
  const mistakes: Mistake[] = []
  const settled = settleValue(addClickhousePassword(tree, env), { path: [], shape: configShape }, { env, mistakes })
  return { tree: settled, mistakes }
}
