import type { Piece } from './hide-secrets.ts'
import { hideSecrets } from './hide-secrets.ts'

/** Columns of a line that are shown. */
const WIDEST = 100

/** A window of the line around the caret, and the caret below it. */
function draw(line: string, caret: number, lineNumber: number): string {
  const from = line.length <= WIDEST ? 0 : Math.max(0, caret - WIDEST / 2)
  const window = line.slice(from, from + WIDEST).replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ')
  const margin = `${String(lineNumber).padStart(5)} | `
  return `${margin}${window.trimEnd()}\n${' '.repeat(margin.length - 2)}| ${' '.repeat(caret - from)}^`
}

/** The index of the first piece that ends after `offset`. */
function firstAfter(pieces: readonly Piece[], offset: number): number {
  let [low, high] = [0, pieces.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((pieces[middle]?.end ?? 0) > offset) high = middle
    else low = middle + 1
  }
  return low
}

interface Line {
  readonly start: number
  readonly end: number
}

function lineAround(text: string, offset: number): Line {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1
  const end = text.indexOf('\n', offset)
  return { start, end: end === -1 ? text.length : end }
}

/**
 * Shows the line of a character of `text` with a caret below. Values that are or may be secrets, and comments, are left out:
 * `…` stands for them.
 */
export function createExcerpts(text: string, isBroken: boolean): (offset: number, line: number) => string {
  const pieces = hideSecrets(text, isBroken)
  return (offset, lineNumber) => {
    const { start, end } = lineAround(text, offset)
    let [shown, caret] = ['', 0]
    for (let index = firstAfter(pieces, start); index < pieces.length; index++) {
      const piece = pieces[index]
      if (piece === undefined || piece.start >= end) break
      const from = Math.max(piece.start, start)
      const isWhole = piece.shown === text.slice(piece.start, piece.end)
      if (piece.start <= offset) caret = shown.length + (isWhole ? offset - from : 0)
      shown += isWhole ? text.slice(from, Math.min(piece.end, end)) : piece.shown
    }
    return draw(shown, caret, lineNumber)
  }
}
