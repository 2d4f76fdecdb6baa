import { CommanderError } from 'commander'
import { LaunchTraceError } from '../src/core/errors.ts'
import { createCommandLine } from './command-line.ts'
import type { CommandContext, ExitCode } from './commands/context.ts'
import { EXIT } from './commands/context.ts'
import { createTerminal } from './terminal.ts'

/** How long what a command left behind may take to end by itself. Milliseconds. */
const LEFTOVERS_MS = 1000

function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof LaunchTraceError)) return EXIT.failed
  if (error.code === 'LAUNCHTRACE_USAGE' || error.code === 'LAUNCHTRACE_CONFIG') return EXIT.usage
  return error.code === 'LAUNCHTRACE_NOT_FOUND' ? EXIT.nothing : EXIT.failed
}

/** What a person is told: our own errors in a sentence, anything else with its stack, for it is a bug. */
function explain(error: unknown): string {
  if (error instanceof LaunchTraceError) return `launchtrace: ${error.message}\n`
  return `launchtrace: this should not happen; please report it.\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`
}

/** Ctrl-C asks politely; a second one ends the process at once. */
function createStop(): AbortSignal {
  const controller = new AbortController()
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.failed)
    controller.abort()
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  return controller.signal
}

function chooseCommand(words: readonly string[]): ((context: CommandContext) => Promise<ExitCode>) | ExitCode {
  let chosen: ((context: CommandContext) => Promise<ExitCode>) | undefined
  try {
    createCommandLine(run => {
      chosen = run
    }).parse(words, { from: 'user' })
  } catch (error) {
    // Commander has printed the help, the version or what was wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
    throw error
  }
  return chosen ?? EXIT.usage
}

async function runCommand(words: readonly string[]): Promise<ExitCode> {
  const command = chooseCommand(words)
  if (typeof command === 'number') return command
  const terminal = createTerminal()
  try {
    return await command({ terminal, stop: createStop() })
  } catch (error) {
    terminal.err(explain(error))
    return exitCodeOf(error)
  }
}

/** Runs the command that `words` say, from its words to the exit code of the process. */
export async function runProgram(words: readonly string[]): Promise<void> {
  // A reader that has seen enough, such as head, closes the pipe: that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.done)
    process.stderr.write(`launchtrace: the output cannot be written (${error.message}).\n`)
    process.exit(EXIT.failed)
  })
  process.exitCode = await runCommand(words)
  // A request that was given up, or a timer that a library forgot, holds no process that has come to its end.
  setTimeout(() => process.exit(), LEFTOVERS_MS).unref()
}
