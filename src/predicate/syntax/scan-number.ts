import { double, Failure, int, uint, type Value } from '../values/index.ts'
import { PredicateSyntaxError } from './syntax-error.ts'
import type { Token } from './token.ts'

const NUMBER = /(?:0[xX][0-9a-fA-F]+|\d+)[uU]?|(?:\d*\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)/y
const FLOAT = /(?:\d*\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+)/y

/** Reads an `int`, `uint` or `double`; a sign in front is part of the token only through {@link negated}. */
export function scanNumber(source: string, start: number): Token {
  FLOAT.lastIndex = start
  const float = FLOAT.exec(source)?.[0]
  NUMBER.lastIndex = start
  const text = float ?? NUMBER.exec(source)?.[0] ?? ''
  const end = start + text.length
  if (/[A-Za-z0-9_]/.test(source.charAt(end))) {
    throw new PredicateSyntaxError('malformed number', start, 'Write `12`, `12u`, `0x1f`, `1.5` or `1e3`.')
  }
  const value = float === undefined ? wholeNumber(text, start) : double(Number(float))
  return { kind: 'literal', text, value, start, end }
}

/** The smallest `int` has no positive counterpart, so that it can only be read together with its sign. */
export function negated(token: Token): Value | undefined {
  if (!/^(?:0[xX][0-9a-fA-F]+|\d+)$/.test(token.text)) return undefined
  const value = int(-BigInt(token.text))
  return value instanceof Failure ? undefined : value
}

function wholeNumber(text: string, start: number): Value {
  const isUnsigned = /[uU]$/.test(text)
  const digits = BigInt(isUnsigned ? text.slice(0, -1) : text)
  // One more than the greatest `int`: valid after a minus sign, which the parser sees to.
  if (!isUnsigned && digits === 2n ** 63n) return digits
  const value = isUnsigned ? uint(digits) : int(digits)
  if (!(value instanceof Failure)) return value
  throw new PredicateSyntaxError(
    `${text} does not fit in 64 bits`,
    start,
    'Write a smaller number, or a `double`.',
  )
}
