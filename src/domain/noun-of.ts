import { isObject } from './json.ts'

/** What a value is, in words. */
export function nounOf(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  return isObject(value) ? 'an object' : `the ${typeof value} ${(JSON.stringify(value) ?? '').slice(0, 40)}`
}
