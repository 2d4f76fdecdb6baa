import { LaunchTraceError } from '../../src/core/errors.ts'
import type { ConfigProblem } from './problem.ts'

/** A message holds so many problems; `problems` holds all. */
const SHOWN = 20

/** One problem on one line: where, which setting, what is wrong, what to do. */
export function describeProblem({ where, path, message, advice }: ConfigProblem): string {
  return `${where}: ${path === '' ? '' : `${path}: `}${message} ${advice}`
}

function describeAll(problems: readonly ConfigProblem[]): string {
  const lines = problems.slice(0, SHOWN).map(describeProblem)
  const left = problems.length - lines.length
  return [...lines, ...(left > 0 ? [`and ${String(left)} more.`] : [])].join('\n  ')
}

/**
 * The configuration cannot be used. It could be because: the file is missing or no YAML, a key is unknown, a value is not
 * accepted or missing, two settings contradict each other, or a secret cannot be read. Holds every mistake, not the first.
 */
export class ConfigError extends LaunchTraceError {
  override readonly code = 'LAUNCHTRACE_CONFIG'
  override readonly retryable = false
  /** At least one, in the order of the file. */
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[]) {
    super(`The configuration cannot be used.\n  ${describeAll(problems)}`)
    this.problems = problems
  }
}
