import type { JsonValue } from './json.ts'

/**
 * Serialises a JSON value in the canonical form of RFC 8785 (JCS): no white space, object members ordered by
 * their UTF-16 code units, numbers and strings as ECMAScript prints them.
 *
 * @throws {TypeError} for what I-JSON (RFC 7493) cannot hold: NaN, infinities, lone surrogates, undefined.
 */
export function canonicalJson(value: JsonValue): string {
  // What is in order already the engine prints alike, and several times faster.
  return isInOrder(value) ? JSON.stringify(value) : print(value)
}

/** True where `JSON.stringify` gives the canonical form. */
function isInOrder(value: JsonValue): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object') return typeof value === 'boolean'
  if (value === null) return true
  if (Array.isArray(value)) return value.every(isInOrder)
  const object = value as { readonly [key: string]: JsonValue }
  let last = ''
  for (const key of Object.keys(object)) {
    if (key < last || !key.isWellFormed() || !isInOrder(object[key] as JsonValue)) return false
    last = key
  }
  return true
}

function print(value: JsonValue): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return canonicalNumber(value)
  if (typeof value === 'string') return canonicalString(value)
  if (Array.isArray(value)) return `[${value.map(print).join(',')}]`
  if (typeof value !== 'object') throw new TypeError(`${typeof value} is not a JSON value`)
  return printObject(value as { readonly [key: string]: JsonValue })
}

// Most of a plan's text comes through here, so that it is made by appending, without lists in between.
function printObject(value: { readonly [key: string]: JsonValue }): string {
  let text = '{'
  for (const key of canonicalNames(value)) {
    if (text.length > 1) text += ','
    text += canonicalName(key) + print(value[key] as JsonValue)
  }
  return `${text}}`
}

/** The names of the members of an object in the order of canonical JSON, that of their UTF-16 code units. */
export function canonicalNames(value: object): readonly string[] {
  const names = Object.keys(value)
  // Unless told otherwise texts are sorted by their code units.
  if (names.length > MAX_INSERTED) return names.toSorted()
  // Few names, which are nearly in order, are put into it faster by hand.
  for (let index = 1; index < names.length; index++) {
    const name = names[index] as string
    let at = index
    for (; at > 0 && (names[at - 1] as string) > name; at--) names[at] = names[at - 1] as string
    names[at] = name
  }
  return names
}

const MAX_INSERTED = 16

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
