import { coerceScalar } from './coerce.ts'
import type { TextDecoding } from './decode-text.ts'
import { ANY_KIND, Kind } from './kinds.ts'
import { faultReading, type Reading } from './reading.ts'
import type { Shape } from './shape.ts'

/** How a style writes arrays and objects into one text. */
export interface TextGrammar {
  readonly delimiter: string | RegExp
  /** Objects as `R=100` instead of `R,100`. */
  readonly pairs: boolean
  readonly decode: TextDecoding
}

const SCALARS = Kind.null | Kind.boolean | Kind.integer | Kind.number | Kind.string

/**
 * Reads one text that holds a whole value. It is split while still encoded, so that an escaped delimiter stays in
 * its piece, then each piece is decoded and coerced. @throws {MalformedEscape}
 */
export function readText(raw: string, grammar: TextGrammar, shape: Shape): Reading {
  const { kinds } = shape
  const values: unknown[] = []
  if (kinds === ANY_KIND || (kinds & SCALARS) !== 0)
    values.push(...scalarCandidates(grammar.decode(raw), shape))
  if (kinds !== ANY_KIND && (kinds & Kind.array) !== 0) {
    values.push(arrayOf(raw === '' ? [] : raw.split(grammar.delimiter), grammar.decode, shape))
  }
  if (kinds !== ANY_KIND && (kinds & Kind.object) !== 0) {
    const members = membersOf(raw, grammar)
    if (members !== undefined) values.push(objectOf(members, grammar.decode, shape))
    else if (values.length === 0) return faultReading('must be a list of names and values')
  }
  return { kind: 'candidates', values }
}

/** The coerced value and, where text is allowed too, the text itself. */
export function scalarCandidates(text: string, shape: Shape): readonly unknown[] {
  const value = coerceScalar(text, shape.kinds)
  return typeof value === 'string' || (shape.kinds & Kind.string) === 0 ? [value] : [value, text]
}

/** Decodes and coerces the items of an array. @throws {MalformedEscape} */
export function arrayOf(pieces: readonly string[], decode: TextDecoding, shape: Shape): readonly unknown[] {
  const { kinds } = shape.items()
  return pieces.map((piece) => coerceScalar(decode(piece), kinds))
}

/** Decodes and coerces the members of an object. @throws {MalformedEscape} */
export function objectOf(
  members: readonly (readonly [string, string])[],
  decode: TextDecoding,
  shape: Shape,
): object {
  const values = new Map<string, unknown>()
  for (const [name, raw] of members) {
    const member = shape.property(name)
    const isArray = member.kinds !== ANY_KIND && (member.kinds & Kind.array) !== 0
    const before = values.get(name)
    if (isArray) values.set(name, [...((before as unknown[]) ?? []), ...arrayOf([raw], decode, member)])
    else if (before === undefined) values.set(name, coerceScalar(decode(raw), member.kinds))
    // A name that comes twice has no one value; as an array it fails against any scalar type.
    else values.set(name, [before, decode(raw)].flat())
  }
  // A member called `__proto__` becomes a member like any other.
  return Object.fromEntries(values)
}

function membersOf(raw: string, { delimiter, pairs, decode }: TextGrammar): [string, string][] | undefined {
  const pieces = raw === '' ? [] : raw.split(delimiter)
  if (pairs) {
    const split = pieces.map((piece) => [piece, piece.indexOf('=')] as const)
    if (split.some(([, equals]) => equals === -1)) return undefined
    return split.map(([piece, equals]) => [decode(piece.slice(0, equals)), piece.slice(equals + 1)])
  }
  if (pieces.length % 2 !== 0) return undefined
  return pieces.flatMap((piece, index) =>
    index % 2 === 0 ? [[decode(piece), pieces[index + 1] as string] as [string, string]] : [],
  )
}
