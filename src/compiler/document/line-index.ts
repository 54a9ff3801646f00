/** Turns a UTF-16 offset into line and column, both from 1. */
export type LineIndex = (offset: number) => { readonly line: number; readonly col: number }

/** Indexes the line breaks (LF, CRLF or a lone CR) of a text. */
export function createLineIndex(text: string): LineIndex {
  const starts = [0]
  // Searching for one character is far faster than a regular expression, and few texts have carriage returns.
  if (text.includes('\r'))
    for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length)
  else for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, col: offset - (starts[low] ?? 0) + 1 }
  }
}
