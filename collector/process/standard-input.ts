import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'

/**
 * Takes standard input over through a process of its own, before the embedded engine starts: that would read it as data of its
 * statements, and leaves nothing there.
 */
export function takeStandardInput(): Readable {
  return spawn('cat', { stdio: ['inherit', 'pipe', 'inherit'] }).stdout
}
