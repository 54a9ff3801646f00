import type { JsonValue } from './json.ts'

/**
 * Serialises a JSON value in the canonical form of RFC 8785 (JCS): no white space, object members ordered by
 * their UTF-16 code units, numbers and strings as ECMAScript prints them.
 *
 * @throws {TypeError} for what I-JSON (RFC 7493) cannot hold: NaN, infinities, lone surrogates, undefined.
 */
export function canonicalJson(value: JsonValue): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return canonicalNumber(value)
  if (typeof value === 'string') return canonicalString(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object') throw new TypeError(`${typeof value} is not a JSON value`)
  return canonicalObject(value as { readonly [key: string]: JsonValue })
}

// Most of a plan's text comes through here, so that it is made by appending, without lists in between.
function canonicalObject(value: { readonly [key: string]: JsonValue }): string {
  let text = '{'
  for (const key of canonicalNames(value)) {
    if (text.length > 1) text += ','
    text += canonicalName(key) + canonicalJson(value[key] as JsonValue)
  }
  return `${text}}`
}

/** The names of the members of an object in the order of canonical JSON, that of their UTF-16 code units. */
export function canonicalNames(value: object): readonly string[] {
  const names = Object.keys(value)
  for (let index = 1; index < names.length; index++) {
    // Unless told otherwise texts are sorted by their code units; many objects have few members, in order.
    if ((names[index - 1] as string) > (names[index] as string)) return names.toSorted()
  }
  return names
}

/** Names come again and again, and are faster remembered than printed. */
const printed = new Map<string, string>()
const MAX_PRINTED = 5000

/** The name of a member and the colon behind it, as {@link canonicalJson} prints them. */
export function canonicalName(key: string): string {
  const known = printed.get(key)
  if (known !== undefined) return known
  const text = `${canonicalString(key)}:`
  if (printed.size < MAX_PRINTED) printed.set(key, text)
  return text
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`${value} is not a JSON number`)
  return JSON.stringify(value)
}

function canonicalString(value: string): string {
  if (!value.isWellFormed()) throw new TypeError('A string with a lone surrogate has no canonical JSON form')
  return JSON.stringify(value)
}
