import type { Exchange } from '../../pipeline/exchange.ts'
import { clientAddressReader } from '../client-address.ts'
import { queryPairs } from '../query.ts'

/** A text with references to the request, split once. */
export type Template = (exchange: Exchange) => string

const REFERENCE = /\$(?:\$|client_ip\b|(header|query|path|cookie)\.([A-Za-z0-9_.-]+))/g
const CONTEXT = /^context:(.+)$/
const addressOf = clientAddressReader([])

/**
 * A value of a configuration: `$client_ip`, `$header.NAME`, `$query.NAME`, `$path.NAME` and `$cookie.NAME` stand for
 * what the request has, or for nothing; `context:KEY` as a whole for what a middleware has set; `$$` for a dollar sign.
 *
 * @throws {RangeError} for a parameter that the path does not have.
 */
export function compileTemplate(text: string, captureNames: readonly string[]): Template {
  const [, key] = CONTEXT.exec(text) ?? []
  if (key !== undefined) return (exchange) => exchange.context.get(key) ?? ''
  const parts: (string | Template)[] = []
  let end = 0
  for (const match of text.matchAll(REFERENCE)) {
    if (match.index > end) parts.push(text.slice(end, match.index))
    parts.push(partOf(match, captureNames))
    end = match.index + match[0].length
  }
  if (end < text.length) parts.push(text.slice(end))
  const [only] = parts
  if (parts.length === 1 && typeof only === 'string') return () => only
  if (parts.length === 1 && typeof only === 'function') return only
  return (exchange) => {
    let whole = ''
    for (const part of parts) whole += typeof part === 'string' ? part : part(exchange)
    return whole
  }
}

function partOf(
  [whole, kind, name = '']: RegExpExecArray,
  captureNames: readonly string[],
): string | Template {
  switch (kind) {
    case 'header': {
      const field = name.toLowerCase()
      return ({ request }) => request.headers.get(field) ?? ''
    }
    case 'query':
      return ({ request }) => queryPairs(request.query).find((pair) => pair.name === name)?.value ?? ''
    case 'path': {
      const index = captureNames.indexOf(name)
      if (index === -1) throw new RangeError(`the path has no parameter ${name}`)
      return ({ captures }) => decodeURIComponent(captures[index] ?? '')
    }
    case 'cookie':
      return ({ request }) => cookieOf(request.headers.values('cookie'), name)
    default:
      return whole === '$$' ? '$' : addressOf
  }
}

/** The value of a cookie as it stands there (RFC 6265 §4.2.1). */
function cookieOf(fields: readonly string[], name: string): string {
  for (const field of fields) {
    for (const pair of field.split(';')) {
      const equals = pair.indexOf('=')
      if (equals !== -1 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim()
    }
  }
  return ''
}
