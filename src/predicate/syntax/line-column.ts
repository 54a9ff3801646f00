/** The line and column of an offset, both counted from 1, the column in UTF-16 units. */
export function lineColumn(source: string, at: number): { readonly line: number; readonly column: number } {
  const before = source.slice(0, at)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: at - lineStart + 1 }
}
