import type { Fields } from './fields.ts'
import { Known } from './known-field.ts'

/** Options of nearly every message: the fields of these names are hop-by-hop anyway. */
const NAMES_NOTHING = /^(?:keep-alive|close)$/i

/** The lower-case names that `Connection` says this hop consumes, or undefined where it names none (RFC 9110 §7.6.1). */
export function connectionOptions(headers: Fields): ReadonlySet<string> | undefined {
  const first = headers.getKnown(Known.connection)
  if (first === undefined) return undefined
  const isUsual = first === 'keep-alive' || NAMES_NOTHING.test(first)
  if (isUsual && !headers.isRepeated(Known.connection)) return undefined
  const values = headers.values('connection')
  return new Set(values.flatMap((value) => value.split(',')).map((option) => option.trim().toLowerCase()))
}
