import { stripVTControlCharacters } from 'node:util'

import type { Style } from './style.ts'

export interface Column {
  readonly header: string
  readonly align?: 'left' | 'right'
}

/** Rows of text below their headers, two spaces apart; the last column is not padded. No line break at the end. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  style: Style,
): string {
  const segmenter = new Intl.Segmenter('en')
  const width = (text: string) => Array.from(segmenter.segment(stripVTControlCharacters(text))).length
  const widths = columns.map(({ header }, index) =>
    Math.max(width(header), ...rows.map((row) => width(row[index] ?? ''))),
  )
  const renderRow = (cells: readonly string[]) =>
    columns
      .map(({ align }, index) => {
        const cell = cells[index] ?? ''
        const padding = ' '.repeat((widths[index] ?? 0) - width(cell))
        return align === 'right' ? padding + cell : cell + padding
      })
      .join('  ')
      .trimEnd()
  const headers = columns.map(({ header }) => style.bold(header))
  return [renderRow(headers), ...rows.map(renderRow)].join('\n')
}
