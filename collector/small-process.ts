/**
 * What keeps an agent small: V8 lets garbage grow to tens of megabytes unless told otherwise. Far more than an agent needs; one
 * that hits the limit ends and starts again where it was. The warnings are of libraries, and say nothing to an operator.
 */
const FLAGS = [
  '--max-semi-space-size=4',
  '--max-old-space-size=160',
  '--disable-warning=ExperimentalWarning',
  '--disable-warning=TimeoutNegativeWarning',
]

/**
 * Becomes the same process with little memory, where Node can do that (POSIX): the process id, the terminal and what is
 * watching it stay. Returns where it cannot, or when it is small already.
 */
export function becomeSmall(argv: readonly string[]): void {
  if (process.execArgv.some(flag => flag.startsWith('--max-semi-space-size')) || process.execve === undefined) return
  process.execve(process.execPath, [process.execPath, ...process.execArgv, ...FLAGS, ...argv.slice(1)])
}
