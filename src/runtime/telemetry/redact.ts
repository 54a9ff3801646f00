import type { JsonValue } from '../../domain/index.ts'
import type { RawHeaders } from '../http/port.ts'

const SECRET_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
])

/** Headers for the log, as pairs; the values of those that carry credentials are left out. */
export function redactHeaders(headers: RawHeaders): JsonValue {
  const pairs: [string, string][] = []
  for (let index = 0; index < headers.length; index += 2) {
    const name = (headers[index] as string).toLowerCase()
    pairs.push([name, SECRET_HEADERS.has(name) ? '[redacted]' : (headers[index + 1] as string)])
  }
  return pairs
}
