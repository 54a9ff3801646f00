/**
 * Matches a raw segment against literals with parameters between them. Every parameter takes at least one character
 * and as few as possible, the last one the rest. Escapes count as the byte they stand for, but what is captured
 * stays as it was sent.
 *
 * @returns the raw captures, or undefined.
 */
export function matchMixed(literals: readonly string[], raw: string): readonly string[] | undefined {
  const starts = raw.includes('%') ? unitStarts(raw) : undefined
  const text = starts === undefined ? raw : byteText(raw)
  const rawIndex = (index: number) => (starts === undefined ? index : (starts[index] as number))
  const first = literals[0] as string
  const last = literals.at(-1) as string
  if (!text.startsWith(first) || !text.endsWith(last)) return undefined
  const end = text.length - last.length
  const captures: string[] = []
  let start = first.length
  for (const literal of literals.slice(1, -1)) {
    const found = text.indexOf(literal, start + 1)
    if (found === -1 || found + literal.length > end) return undefined
    captures.push(raw.slice(rawIndex(start), rawIndex(found)))
    start = found + literal.length
  }
  if (start >= end) return undefined
  captures.push(raw.slice(rawIndex(start), rawIndex(end)))
  return captures
}

const UNIT = /%[0-9a-f]{2}|[^%]/gi

function unitStarts(raw: string): readonly number[] {
  return [...raw.matchAll(UNIT)].map((unit) => unit.index).concat(raw.length)
}

function byteText(raw: string): string {
  return raw.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
