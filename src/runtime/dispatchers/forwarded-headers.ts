import { endToEndHeaders, firstHeader, headerValues } from '../http/index.ts'
import type { Exchange } from '../pipeline/exchange.ts'

/** What the gateway says itself towards an upstream; the client's word for it does not count. */
const REPLACED: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'expect',
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-request-id',
])

/** What the gateway says itself towards a client. */
const REPLACED_IN_RESPONSE: ReadonlySet<string> = new Set([
  'server',
  'x-request-id',
  'x-content-type-options',
])

/**
 * The headers of a forwarded request: end-to-end ones as they came, `X-Forwarded-For` with the client appended,
 * `X-Forwarded-Proto` and `-Host` set, `Via` extended (RFC 9110 §7.6.3).
 */
export function requestHeaders({ request, requestId }: Exchange): readonly string[] {
  const { headers, remoteAddress } = request
  const kept = endToEndHeaders(headers, REPLACED)
  const forwardedFor = [...headerValues(headers, 'x-forwarded-for'), remoteAddress].join(', ')
  const via = [...headerValues(headers, 'via'), '1.1 barbacane'].join(', ')
  const host = firstHeader(headers, 'host')
  kept.push(
    'x-forwarded-for',
    forwardedFor,
    'x-forwarded-proto',
    'http',
    'via',
    via,
    'x-request-id',
    requestId,
  )
  if (host !== undefined) kept.push('x-forwarded-host', host)
  return kept
}

/** The headers of an upstream's response that go to the client. */
export function responseHeaders(headers: readonly string[]): readonly string[] {
  return endToEndHeaders(headers, REPLACED_IN_RESPONSE)
}
