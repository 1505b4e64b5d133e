// Short aligned tables that fit the terminal: wide columns shrink, numbers stand right.
import stringWidth from 'string-width'
import {printable, theme} from './theme.js'

export interface Column<Row> {
  readonly title: string
  readonly value: (row: Row) => string | number | null
  readonly align?: 'left' | 'right'
  /** Columns that may be shortened when the terminal is narrow; the widest gives first. */
  readonly shrinks?: boolean
  readonly paint?: (text: string, row: Row) => string
}

const GAP = '  '
const SMALLEST_COLUMN = 6

/** @param widthColumns width of the terminal; Infinity for pipes, where nothing is shortened */
export function renderTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], widthColumns: number): string {
  const cells = rows.map((row) =>
    columns.map((column) => printable(String(column.value(row) ?? '–').replaceAll(/[\r\n\t]+/g, ' '))),
  )
  const widths = columns.map((column, index) =>
    Math.max(stringWidth(column.title), ...cells.map((line) => stringWidth(line[index] ?? ''))),
  )
  shrinkToFit(columns, widths, widthColumns)
  const header = columns.map((column, index) => theme.dim(pad(column.title, widths[index] ?? 0, column.align)))
  const lines = rows.map((row, rowIndex) =>
    columns.map((column, index) => {
      const text = pad(cells[rowIndex]?.[index] ?? '', widths[index] ?? 0, column.align)
      return column.paint === undefined ? text : column.paint(text, row)
    }),
  )
  return [header, ...lines].map((line) => line.join(GAP).trimEnd()).join('\n')
}

function shrinkToFit<Row>(columns: readonly Column<Row>[], widths: number[], widthColumns: number): void {
  const total = () => widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1)
  while (total() > widthColumns) {
    let widest = -1
    for (const [index, column] of columns.entries())
      if (
        column.shrinks === true &&
        (widths[index] ?? 0) > SMALLEST_COLUMN &&
        (widths[index] ?? 0) > (widths[widest] ?? 0)
      )
        widest = index
    if (widest === -1) return
    widths[widest] = (widths[widest] ?? 0) - 1
  }
}

/** The text cut or filled to a width in terminal columns, of which a Japanese letter takes two. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const cut = truncate(text, width)
  const space = ' '.repeat(Math.max(0, width - stringWidth(cut)))
  return align === 'right' ? space + cut : cut + space
}

const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'})

/** The text cut to a width in terminal columns, ending in `…` where something was cut. */
export function truncate(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let cut = ''
  let used = 0
  for (const {segment} of graphemes.segment(text)) {
    const segmentWidth = stringWidth(segment)
    if (used + segmentWidth > width - 1) break
    cut += segment
    used += segmentWidth
  }
  return `${cut}…`
}
