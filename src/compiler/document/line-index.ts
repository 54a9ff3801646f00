/** Turns a UTF-16 offset into line and column, both from 1. */
export type LineIndex = (offset: number) => { readonly line: number; readonly col: number }

/** Indexes the line breaks (LF, CRLF or a lone CR) of a text. */
export function createLineIndex(text: string): LineIndex {
  let starts = new Int32Array(64 + (text.length >>> 5))
  let count = 1
  const add = (start: number): void => {
    if (count === starts.length) {
      const larger = new Int32Array(starts.length * 2)
      larger.set(starts)
      starts = larger
    }
    starts[count++] = start
  }
  // Searching for one character is far faster than a regular expression, and few texts have carriage returns.
  if (text.includes('\r'))
    for (const match of text.matchAll(/\r\n|\n|\r/g)) add(match.index + match[0].length)
  else for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) add(at + 1)
  return (offset) => {
    let low = 0
    let high = count - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, col: offset - (starts[low] ?? 0) + 1 }
  }
}
