import {
  connectionOptions,
  fieldSet,
  HOP_BY_HOP,
  Known,
  knownName,
  type Fields,
  type KnownField,
} from '../http/index.ts'
import type { Exchange } from '../pipeline/exchange.ts'

/** What is of one hop, and what the gateway says itself towards an upstream. */
const OWN = [
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
]
const OF_A_PROXY = fieldSet(...OWN)
/** Whoever is no trusted proxy could say anything of where a request came from. */
const OF_A_CLIENT = fieldSet(...OWN, Known.xForwardedPort, Known.xRealIp)

/**
 * The header lines of a forwarded request: end-to-end fields as they came, `X-Forwarded-For`, `-Proto` and `-Host`, `Via`
 * extended (RFC 9110 §7.6.3). Of a trusted proxy what it says is kept and the proxy appended; of everybody else nothing.
 */
export function requestLines({ request, requestId, isFromProxy }: Exchange): string {
  const { headers, remoteAddress, scheme, version } = request
  const host = headers.getKnown(Known.host)
  const passed = headers.lines(isFromProxy ? OF_A_PROXY : OF_A_CLIENT, connectionOptions(headers))
  const via = appended(headers, Known.via, `${version} barbacane`)
  const own = `via: ${via}\r\nx-request-id: ${requestId}\r\n`
  if (!isFromProxy) {
    const lines = `${passed}x-forwarded-for: ${remoteAddress}\r\nx-forwarded-proto: ${scheme}\r\n${own}`
    return host === undefined ? lines : `${lines}x-forwarded-host: ${host}\r\n`
  }
  const chain = appended(headers, Known.xForwardedFor, remoteAddress)
  const proto = headers.get('x-forwarded-proto') ?? scheme
  const lines = `${passed}x-forwarded-for: ${chain}\r\nx-forwarded-proto: ${proto}\r\n${own}`
  const forwardedHost = headers.get('x-forwarded-host') ?? host
  return forwardedHost === undefined ? lines : `${lines}x-forwarded-host: ${forwardedHost}\r\n`
}

function appended(headers: Fields, id: KnownField, value: string): string {
  if (headers.getKnown(id) === undefined) return value
  return [...headers.values(knownName(id)), value].join(', ')
}
