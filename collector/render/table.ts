import { clip, displayWidth, fit } from './text.ts'

export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
  /** Columns are as wide as their longest cell, but never wider than this. */
  readonly maxWidth?: number
}

/** A cell that is coloured after it was cut and filled. */
export interface StyledCell {
  readonly text: string
  readonly style: (text: string) => string
}

export type Cell = string | StyledCell

const GAP = '  '

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text
}

/** No table is wider: bounds the work on a hostile name. */
const WIDEST = 400

function widthsOf(columns: readonly Column[], rows: readonly (readonly Cell[])[]): readonly number[] {
  return columns.map(({ title, maxWidth = WIDEST }, index) => {
    const widths = rows.map(row => displayWidth(clip(textOf(row[index] ?? ''), maxWidth)))
    return widths.reduce((widest, width) => Math.max(widest, width), Math.min(maxWidth, displayWidth(title)))
  })
}

function drawCell(cell: Cell, column: Column, width: number): string {
  const text = fit(textOf(cell), width, column.align)
  return typeof cell === 'string' ? text : cell.style(text)
}

/** Lines of equal width, titles first. Cells are made printable and cut to their column. */
export function drawTable(columns: readonly Column[], rows: readonly (readonly Cell[])[]): readonly string[] {
  const widths = widthsOf(columns, rows)
  const draw = (cells: readonly Cell[]): string =>
    columns.map((column, index) => drawCell(cells[index] ?? '', column, widths[index] ?? 0)).join(GAP)
  return [draw(columns.map(column => column.title)), ...rows.map(draw)]
}
