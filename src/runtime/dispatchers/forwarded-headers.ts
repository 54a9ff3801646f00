import { connectionOptions, fieldSet, HOP_BY_HOP, Known, knownField } from '../http/index.ts'
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
 * The headers of a forwarded request: end-to-end ones as they came, `X-Forwarded-For` with the client appended,
 * `X-Forwarded-Proto` and `-Host` set, `Via` extended (RFC 9110 §7.6.3).
 */
export function requestHeaders({ request, requestId }: Exchange): readonly string[] {
  const { headers, remoteAddress } = request
  const kept: string[] = []
  const options = connectionOptions(headers)
  headers.forEach((name, value) => {
    if (DROPPED[knownField(name, 0, name.length)] === true || options?.has(name.toLowerCase()) === true)
      return
    kept.push(name, value)
  })
  kept.push('x-forwarded-for', [...headers.values('x-forwarded-for'), remoteAddress].join(', '))
  kept.push('x-forwarded-proto', 'http')
  kept.push('via', [...headers.values('via'), '1.1 barbacane'].join(', '))
  kept.push('x-request-id', requestId)
  const host = headers.get('host')
  if (host !== undefined) kept.push('x-forwarded-host', host)
  return kept
}
