import type { JsonValue } from '../../domain/index.ts'
import type { Fields } from '../http/index.ts'

const SECRET_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
])

/** Headers for the log, as pairs; the values of those that carry credentials are left out. */
export function redactHeaders(headers: Fields): JsonValue {
  const pairs: [string, string][] = []
  headers.forEach((given, value) => {
    const name = given.toLowerCase()
    pairs.push([name, SECRET_HEADERS.has(name) ? '[redacted]' : value])
  })
  return pairs
}
