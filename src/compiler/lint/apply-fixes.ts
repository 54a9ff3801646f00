import type { Finding } from '../../domain/index.ts'

/** A finding whose correction was written, and what stood there before. */
export interface FixedFinding {
  readonly rule: string
  readonly file: string
  readonly line: number
  readonly col: number
  readonly from: string
  readonly to: string
}

/**
 * Corrects a text where findings say how, by replacing words in their places; quotes around a word stay. A place where
 * another word stands than the finding expects is left alone.
 *
 * @param findings of this text
 */
export function applyFixes(
  text: string,
  findings: readonly Finding[],
): { readonly text: string; readonly fixed: readonly FixedFinding[] } {
  const offsetOf = createOffsets(text)
  const places = new Map<
    number,
    { readonly end: number; readonly word: string; readonly fixed: FixedFinding }
  >()
  for (const { rule, fix, at } of findings) {
    if (fix === undefined || at.endLine === undefined || at.endCol === undefined) continue
    const start = offsetOf(at.line, at.col)
    const end = offsetOf(at.endLine, at.endCol)
    const quote = ['', '"', "'"].find((quote) => text.slice(start, end) === quote + fix.from + quote)
    if (quote === undefined) continue
    const { file, line, col } = at
    const fixed = { rule, file, line, col, from: fix.from, to: fix.to }
    places.set(start, { end, word: quote + fix.to + quote, fixed })
  }
  const ordered = [...places].toSorted(([a], [b]) => a - b)
  let corrected = ''
  let done = 0
  for (const [start, { end, word }] of ordered) {
    corrected += text.slice(done, start) + word
    done = end
  }
  return { text: corrected + text.slice(done), fixed: ordered.map(([, { fixed }]) => fixed) }
}

function createOffsets(text: string): (line: number, col: number) => number {
  const starts = [0]
  for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length)
  return (line, col) => (starts[line - 1] ?? text.length) + col - 1
}
