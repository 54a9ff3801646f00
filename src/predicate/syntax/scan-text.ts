import { PredicateSyntaxError } from './syntax-error.ts'
import type { Token } from './token.ts'

/** The prefixes and quotes with which a text or bytes begin. */
export const TEXT_START = /(?:[rR][bB]?|[bB][rR]?)?["']/y
const OPENING = /([rRbB]*)("""|'''|"|')/y
const ESCAPE =
  /\\(?:([abfnrtv\\?"'`])|[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2}))/y

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}

/**
 * Reads a text or bytes with its quotes.
 *
 * @throws {PredicateSyntaxError} for one that does not end, and for escapes that mean nothing.
 */
export function scanText(source: string, start: number): Token {
  OPENING.lastIndex = start
  const [opening = '', prefix = '', quote = ''] = OPENING.exec(source) ?? []
  const isRaw = /r/i.test(prefix)
  const isBytes = /b/i.test(prefix)
  const parts: (string | number)[] = []
  let position = start + opening.length
  let from = position
  while (!source.startsWith(quote, position)) {
    const character = source.charAt(position)
    if (character === '' || (quote.length === 1 && /[\n\r]/.test(character))) throw unfinished(quote, start)
    if (character !== '\\' || isRaw) {
      position += 1
      continue
    }
    const escape = readEscape(source, position, isBytes)
    parts.push(source.slice(from, position), escape.value)
    position = escape.end
    from = position
  }
  parts.push(source.slice(from, position))
  const end = position + quote.length
  const value = isBytes ? bytesOf(parts) : parts.join('')
  return { kind: 'literal', text: source.slice(start, end), value, start, end }
}

interface Escape {
  /** Text, or one byte. */
  readonly value: string | number
  readonly end: number
}

function readEscape(source: string, at: number, isBytes: boolean): Escape {
  ESCAPE.lastIndex = at
  const match = ESCAPE.exec(source)
  if (match === null) {
    throw new PredicateSyntaxError(
      'unknown escape sequence',
      at,
      'Write `\\\\` for a backslash, or a raw text: `r"…"`.',
    )
  }
  const [, simple, hex, short, long, octal] = match
  const end = ESCAPE.lastIndex
  if (simple !== undefined) return { value: SIMPLE[simple] ?? simple, end }
  const codePoint =
    octal === undefined ? Number.parseInt(hex ?? short ?? long ?? '', 16) : Number.parseInt(octal, 8)
  const isUnicode = short !== undefined || long !== undefined
  if (isBytes) {
    if (!isUnicode) return { value: codePoint, end }
    throw new PredicateSyntaxError('bytes have no Unicode escapes', at, 'Write the bytes as `\\xNN`.')
  }
  if (codePoint > 0x10_ff_ff || (codePoint >= 0xd8_00 && codePoint < 0xe0_00)) {
    throw new PredicateSyntaxError(
      'no such Unicode character',
      at,
      'Code points end at 10FFFF and leave out surrogates.',
    )
  }
  return { value: String.fromCodePoint(codePoint), end }
}

function bytesOf(parts: readonly (string | number)[]): Uint8Array {
  const chunks = parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part])))
  return new Uint8Array(Buffer.concat(chunks))
}

function unfinished(quote: string, start: number): PredicateSyntaxError {
  return new PredicateSyntaxError('the text does not end', start, `Close it with ${quote}.`)
}
