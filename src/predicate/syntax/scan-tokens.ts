import { scanNumber } from './scan-number.ts'
import { scanText, TEXT_START } from './scan-text.ts'
import { PredicateSyntaxError } from './syntax-error.ts'
import type { Token } from './token.ts'

const SPACE = /(?:[\t\n\f\r ]+|\/\/[^\n]*)+/y
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y
const NUMBER_START = /\d|\.\d/y
const SIGN = /&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()[\]{}]/y
const QUOTED = /`([A-Za-z0-9_.\-/ ]+)`/y

/**
 * The words of an expression, the last of which is its end.
 *
 * @throws {PredicateSyntaxError}
 */
export function scanTokens(source: string): readonly Token[] {
  const tokens: Token[] = []
  let position = skip(SPACE, source, 0)
  while (position < source.length) {
    const token = scanToken(source, position)
    tokens.push(token)
    position = skip(SPACE, source, token.end)
  }
  tokens.push({ kind: 'end', text: '', value: null, start: source.length, end: source.length })
  return tokens
}

function scanToken(source: string, start: number): Token {
  if (match(TEXT_START, source, start) !== undefined) return scanText(source, start)
  const name = match(NAME, source, start)
  if (name !== undefined) return word('name', name, start)
  if (match(NUMBER_START, source, start) !== undefined) return scanNumber(source, start)
  const sign = match(SIGN, source, start)
  if (sign !== undefined) return word('sign', sign, start)
  const quoted = match(QUOTED, source, start)
  if (quoted !== undefined) {
    return { ...word('quoted', quoted, start), text: quoted.slice(1, -1) }
  }
  const character = String.fromCodePoint(source.codePointAt(start) as number)
  throw new PredicateSyntaxError(
    `unexpected character ${JSON.stringify(character)}`,
    start,
    hintFor(character),
  )
}

function hintFor(character: string): string {
  if (character === '=') return 'Equality is `==`.'
  if (character === '&') return 'And is `&&`.'
  if (character === '|') return 'Or is `||`.'
  return 'Remove it, or put text in quotes.'
}

function word(kind: 'name' | 'sign' | 'quoted', text: string, start: number): Token {
  return { kind, text, value: null, start, end: start + text.length }
}

function skip(pattern: RegExp, source: string, position: number): number {
  return position + (match(pattern, source, position)?.length ?? 0)
}

function match(pattern: RegExp, source: string, position: number): string | undefined {
  pattern.lastIndex = position
  return pattern.exec(source)?.[0]
}
