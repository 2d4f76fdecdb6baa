import { once } from 'node:events'

/** Where a command writes: results to `out`, progress and problems to `err`. */
export interface Terminal {
  /** Columns; 120 where the output is not a terminal. */
  readonly width: number
  /** Rows; 40 where the output is not a terminal. */
  readonly height: number
  readonly isTerminal: boolean
  readonly colour: boolean
  /** Resolves when more may be written, so that a slow reader does not fill memory. */
  out(text: string): Promise<void>
  err(text: string): void
  /** Replaces the line at the bottom of a terminal; does nothing where `err` is none. */
  progress(line: () => string): void
}

const DEFAULT_WIDTH = 120
const DEFAULT_HEIGHT = 40
/** A bar that changes more often than this is only noise. Milliseconds. */
const REDRAW_MS = 100

/** The terminal of this process. */
export function createTerminal(): Terminal {
  const { stdout, stderr } = process
  let drawnAt = 0
  const clear = (): void => {
    if (drawnAt > 0 && stderr.isTTY) stderr.write('\r\u001b[2K')
    drawnAt = 0
  }
  return {
    width: stdout.isTTY ? stdout.columns : DEFAULT_WIDTH,
    height: stdout.isTTY ? stdout.rows : DEFAULT_HEIGHT,
    isTerminal: stdout.isTTY,
    colour: stdout.isTTY && process.env['NO_COLOR'] === undefined,
    async out(text) {
      clear()
      if (!stdout.write(text)) await once(stdout, 'drain')
    },
    err(text) {
      clear()
      stderr.write(text)
    },
    progress(line) {
      if (!stderr.isTTY || Date.now() - drawnAt < REDRAW_MS) return
      drawnAt = Date.now()
      stderr.write(`\r\u001b[2K${line().slice(0, stderr.columns - 1)}`)
    },
  }
}
