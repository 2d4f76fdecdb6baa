import { ConfigError } from './config-error.ts'
import type { YamlDocument } from './document.ts'
import { readYaml } from './document.ts'
import type { Environment } from './environment.ts'
import { readEnvironment } from './environment.ts'
import { createExcerpts } from './excerpt.ts'
import { explainIssue } from './explain.ts'
import type { ConfigOverride } from './overrides.ts'
import { applyOverrides } from './overrides.ts'
import type { ConfigProblem, Mistake, Path } from './problem.ts'
import { writePath } from './problem.ts'
import { readText, UnreadableError } from './read-text.ts'
import type { Role } from './role.ts'
import { checkRole } from './role.ts'
import type { Config } from './schema.ts'
import { configSchema } from './schema.ts'
import { settle } from './settle.ts'

/** Bytes of a configuration file. */
const LARGEST_FILE = 262_144

/** Where a configuration comes from. Later ones go before earlier ones: defaults, file, environment, overrides. */
export interface ConfigOrigins {
  /** Path of the YAML file; without one, environment and overrides say all. */
  readonly file?: string
  readonly env: Environment
  /** What the command line says. */
  readonly overrides?: readonly ConfigOverride[]
  /** Whose needs are checked too; see `checkRole`. */
  readonly role?: Role
}

/** A configuration, and what was written to make it. */
export interface ConfigReading {
  readonly config: Config
  /** What file, environment and overrides say together: no defaults, secrets as they were written. Not for printing as it is. */
  readonly written: unknown
}

interface File {
  readonly name: string
  readonly text: string
  readonly document: YamlDocument
}

function refuseFile(file: string, message: string, advice: string): ConfigError {
  return new ConfigError([{ path: '', where: file, message, advice }])
}

function readFile(name: string): File {
  try {
    const text = readText(name, LARGEST_FILE)
    return { name, text, document: readYaml(text) }
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error
    throw refuseFile(name, `The file ${error.message}.`, 'Name a YAML file that this user may read.')
  }
}

function checkRoot(file: File): void {
  const { value } = file.document
  const example = 'Write settings as `key: value`, for example `timezone: UTC`.'
  if (value === null) throw refuseFile(file.name, 'The file holds no settings.', example)
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw refuseFile(file.name, 'The file is no YAML mapping.', example)
  }
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((key, index) => path[index] === key)
}

/** Finds where mistakes were made. */
function createLocator(
  file: File | undefined,
  overrides: readonly ConfigOverride[],
): (mistake: Mistake) => ConfigProblem {
  /** The variable or option that stated the value, or else what is nearest above it; undefined where the file did. */
  const findOrigin = (path: Path): string | undefined => {
    const stated = overrides.findLast(override => startsWith(path, override.path))
    if (stated !== undefined || file?.document.has(path) === true || path.length === 0) return stated?.origin
    return overrides.findLast(override => startsWith(override.path, path))?.origin ?? findOrigin(path.slice(0, -1))
  }
  let excerptAt: ReturnType<typeof createExcerpts> | undefined
  return ({ path, message, advice, offset, origin }) => {
    const problem = { path: writePath(path), message, advice }
    const outside = origin ?? (offset === undefined ? findOrigin(path) : undefined)
    const at = offset ?? file?.document.offsetOf(path)
    if (outside !== undefined) return { ...problem, where: outside }
    if (file === undefined || at === undefined) return { ...problem, where: file?.name ?? 'configuration' }
    const { line, column } = file.document.lineAndColumn(at)
    const where = `${file.name}:${String(line)}:${String(column)}`
    excerptAt ??= createExcerpts(file.text, file.document.isBroken)
    return { ...problem, where, line, column, excerpt: excerptAt(at, line) }
  }
}

function inOrder(left: ConfigProblem, right: ConfigProblem): number {
  return (left.line ?? 0) - (right.line ?? 0) || (left.column ?? 0) - (right.column ?? 0)
}

function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value))
    Object.values(Object.freeze(value)).forEach(freeze)
  return value
}

/**
 * Reads a configuration and keeps what was written beside it.
 * @throws {ConfigError} when there is a mistake in it, or a secret cannot be read
 */
export function readConfigAsWritten({ file: name, env, overrides = [], role }: ConfigOrigins): ConfigReading {
  const file = name === undefined ? undefined : readFile(name)
  const environment = readEnvironment(env)
  const all = [...environment.overrides, ...overrides]
  const locate = createLocator(file, all)
  const refuse = (mistakes: readonly Mistake[]): void => {
    if (mistakes.length > 0) throw new ConfigError(mistakes.map(locate).sort(inOrder))
  }
  refuse(file?.document.mistakes ?? [])
  if (file !== undefined) checkRoot(file)
  const written = applyOverrides(file?.document.value ?? {}, all)
  const settled = settle(written.tree, env)
  const parsed = configSchema.safeParse(settled.tree, { reportInput: false })
  const issues = parsed.error?.issues ?? []
  const mistakes = [...environment.mistakes, ...written.mistakes, ...settled.mistakes]
  refuse([...mistakes, ...issues.flatMap(issue => explainIssue(issue, settled.tree))])
  if (!parsed.success) throw parsed.error
  const config: Config = freeze(parsed.data)
  refuse(role === undefined ? [] : checkRole(config, role))
  return { config, written: written.tree }
}

/**
 * Reads the configuration of this process: overrides go before the environment, that before the file, that before defaults.
 * The result is frozen.
 * @throws {ConfigError} when there is a mistake in it, or a secret cannot be read
 */
export function readConfig(origins: ConfigOrigins): Config {
  return readConfigAsWritten(origins).config
}
