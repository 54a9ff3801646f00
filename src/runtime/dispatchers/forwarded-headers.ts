import { connectionOptions, fieldSet, HOP_BY_HOP, Known, type Fields } from '../http/index.ts'
import type { Exchange } from '../pipeline/exchange.ts'

/** What is of one hop, and what the gateway says itself towards an upstream; the client's word for it does not count. */
const DROPPED = fieldSet(
  ...HOP_BY_HOP,
  Known.host,
  Known.contentLength,
  Known.expect,
  Known.forwarded,
  Known.via,
  Known.xForwardedFor,
  Known.xForwardedHost,
  Known.xForwardedProto,
  Known.xRequestId,
)

/**
 * The header lines of a forwarded request: end-to-end fields as they came, `X-Forwarded-For` with the client appended,
 * `X-Forwarded-Proto` and `-Host` set, `Via` extended (RFC 9110 §7.6.3).
 */
export function requestLines({ request, requestId }: Exchange): string {
  const { headers, remoteAddress } = request
  const host = headers.get('host')
  return (
    headers.lines(DROPPED, connectionOptions(headers)) +
    `x-forwarded-for: ${appended(headers, 'x-forwarded-for', remoteAddress)}\r\nx-forwarded-proto: http\r\n` +
    `via: ${appended(headers, 'via', '1.1 barbacane')}\r\nx-request-id: ${requestId}\r\n` +
    (host === undefined ? '' : `x-forwarded-host: ${host}\r\n`)
  )
}

function appended(headers: Fields, name: string, value: string): string {
  return headers.has(name) ? [...headers.values(name), value].join(', ') : value
}
