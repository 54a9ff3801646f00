import { ANY_KIND, Kind, type Kinds } from './kinds.ts'

const INTEGER = /^-?(?:0|[1-9]\d*)$/
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/**
 * The value of the right type that a text stands for: integers and numbers by JSON's grammar (RFC 8259 §6), `true`
 * and `false`, and null for the empty text where text is not allowed. What fits none stays text, for the validator
 * to refuse; so does everything where the schema says nothing of types.
 */
export function coerceScalar(text: string, kinds: Kinds): string | number | boolean | null {
  if (kinds === ANY_KIND) return text
  if ((kinds & Kind.boolean) !== 0 && (text === 'true' || text === 'false')) return text === 'true'
  const grammar = grammarOf(kinds)
  if (grammar?.test(text) === true) {
    const value = Number(text)
    if (Number.isFinite(value)) return value
  }
  return text === '' && (kinds & (Kind.null | Kind.string)) === Kind.null ? null : text
}

function grammarOf(kinds: Kinds): RegExp | undefined {
  if ((kinds & Kind.number) !== 0) return NUMBER
  return (kinds & Kind.integer) !== 0 ? INTEGER : undefined
}
