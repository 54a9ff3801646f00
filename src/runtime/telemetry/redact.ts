import type { JsonValue } from '../../domain/index.ts'
import type { Fields } from '../http/index.ts'

const SECRET_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
])

/**
 * What names under which credentials come have in them (RFC 6750 §2.3, RFC 6749 §4.1.2, signed URLs), and what some are.
 */
const PARTS = 'token|secret|passw|pwd|api[-_.]?key|auth|credential|signature|session|assertion'
const WHOLES = '(?:key|code|sig|jwt)'

/** Names under which credentials come, however they are spelt. */
const SECRET_NAME = new RegExp(`${PARTS}|^${WHOLES}$`, 'i')

/** No query without a match has such a name, nor one that is spelt with escapes. */
const MAY_BE_SECRET = new RegExp(`${PARTS}|(?:^|&)${WHOLES}=|%`, 'i')

const REDACTED = '[redacted]'

/** Headers for the log, as pairs; the values of those that carry credentials are left out. */
export function redactHeaders(headers: Fields): JsonValue {
  const pairs: [string, string][] = []
  headers.forEach((given, value) => {
    const name = given.toLowerCase()
    pairs.push([name, SECRET_HEADERS.has(name) || SECRET_NAME.test(name) ? REDACTED : value])
  })
  return pairs
}

/** A query for the log; the values of parameters that carry credentials are left out. */
export function redactQuery(query: string): string {
  if (!MAY_BE_SECRET.test(query)) return query
  return query
    .split('&')
    .map((pair) => {
      const end = pair.indexOf('=')
      return end !== -1 && isSecretName(pair.slice(0, end)) ? `${pair.slice(0, end)}=${REDACTED}` : pair
    })
    .join('&')
}

/** A name may be spelt with escapes: what a service reads as `token` is one. */
function isSecretName(raw: string): boolean {
  if (SECRET_NAME.test(raw)) return true
  if (!raw.includes('%')) return false
  try {
    return SECRET_NAME.test(decodeURIComponent(raw))
  } catch (error) {
    if (!(error instanceof URIError)) throw error
    // What nobody can read might be anything.
    return true
  }
}
