import type { UpstreamRequest } from './upstream-call.ts'

/** Methods whose requests say that they have no body (RFC 9110 §8.6). */
const BODY_METHODS: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])

/** The head of a request. */
export function requestHead({ method, target, lines, body }: UpstreamRequest, host: string): string {
  return `${method} ${target} HTTP/1.1\r\nhost: ${host}\r\n${lines}${framingOf(method, body)}\r\n`
}

function framingOf(method: string, body: UpstreamRequest['body']): string {
  if (body === null) return BODY_METHODS.has(method) ? 'content-length: 0\r\n' : ''
  const lengthBytes = Buffer.isBuffer(body) ? body.byteLength : body.lengthBytes
  return lengthBytes === -1 ? 'transfer-encoding: chunked\r\n' : `content-length: ${lengthBytes}\r\n`
}
