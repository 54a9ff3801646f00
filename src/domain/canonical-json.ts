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
  const members = Object.entries(value as { [key: string]: JsonValue })
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, member]) => `${canonicalString(key)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`${value} is not a JSON number`)
  return JSON.stringify(value)
}

function canonicalString(value: string): string {
  if (!value.isWellFormed()) throw new TypeError('A string with a lone surrogate has no canonical JSON form')
  return JSON.stringify(value)
}
