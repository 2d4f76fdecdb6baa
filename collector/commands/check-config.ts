import { ConfigError, describeProblem } from '../config/config-error.ts'
import { renderEffective } from '../config/effective.ts'
import type { ConfigProblem } from '../config/problem.ts'
import type { ConfigReading } from '../config/read-config.ts'
import { readConfigAsWritten } from '../config/read-config.ts'
import type { Role } from '../config/role.ts'
import { ROLES } from '../config/role.ts'
import { UsageError } from '../usage-error.ts'
import type { CommandContext, ExitCode } from './context.ts'
import { EXIT } from './context.ts'

export interface CheckConfigOptions {
  readonly config?: string
  readonly role?: string
  readonly show?: boolean
}

function readRole(text: string | undefined): Role | undefined {
  const role = ROLES.find(each => each === text)
  if (text === undefined || role !== undefined) return role
  throw new UsageError(`--role is ${JSON.stringify(text)}; it takes ${ROLES.join(', ')}.`)
}

function renderProblem(problem: ConfigProblem): string {
  const { excerpt } = problem
  return `${describeProblem(problem)}\n${excerpt === undefined ? '' : `${excerpt}\n`}`
}

function read(config: string | undefined, role: Role | undefined): ConfigReading | readonly ConfigProblem[] {
  const [file, needs] = [config === undefined ? {} : { file: config }, role === undefined ? {} : { role }]
  try {
    return readConfigAsWritten({ ...file, ...needs, env: process.env })
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

/** `launchtrace check-config`: every mistake with its line, or a line that says that there is none. */
export async function runCheckConfig(options: CheckConfigOptions, { terminal }: CommandContext): Promise<ExitCode> {
  const role = readRole(options.role)
  const reading = read(options.config, role)
  if (!('config' in reading)) {
    for (const problem of reading) terminal.err(renderProblem(problem))
    terminal.err(reading.length === 1 ? '1 mistake.\n' : `${String(reading.length)} mistakes.\n`)
    return EXIT.usage
  }
  const name = options.config ?? 'The environment'
  terminal.err(`${name} holds no mistake${role === undefined ? '' : ` and is enough for ${role}`}.\n`)
  if (options.show === true) await terminal.out(renderEffective(reading))
  return EXIT.done
}
