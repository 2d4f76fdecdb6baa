import { closeSync, openSync } from 'node:fs'
import { isatty } from 'node:tty'

const STANDARD_INPUT = 0

/**
 * Puts an empty file in the place of standard input, unless a person sits there. chDB takes what it finds at standard input for
 * data of an INSERT: the statement fails, and what somebody piped for another program is gone.
 */
export function leaveStandardInput(): void {
  if (isatty(STANDARD_INPUT)) return
  try {
    closeSync(STANDARD_INPUT)
  } catch {
    // It was closed before; a file that is opened next would become standard input.
  }
  // The lowest free number is given out first.
  openSync('/dev/null', 'r')
}
