import type { Part } from '../socket-output.ts'
import type { UpstreamRequest } from './upstream-call.ts'

/** Methods whose requests say that they have no body (RFC 9110 §8.6). */
const BODY_METHODS: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])

/** The head of a request, and its body where that is there as a whole. */
export function requestParts(
  { method, target, lines, body }: UpstreamRequest,
  host: string,
): readonly Part[] {
  const start = `${method} ${target} HTTP/1.1\r\nhost: ${host}\r\n${lines}`
  if (body === null) return [BODY_METHODS.has(method) ? `${start}content-length: 0\r\n\r\n` : `${start}\r\n`]
  if (Buffer.isBuffer(body)) return [`${start}content-length: ${body.byteLength}\r\n\r\n`, body]
  const framing =
    body.lengthBytes === -1 ? 'transfer-encoding: chunked' : `content-length: ${body.lengthBytes}`
  return [`${start}${framing}\r\n\r\n`]
}

/** A piece of a chunked body. */
export function chunkParts(chunk: Buffer): readonly Part[] {
  return [`${chunk.byteLength.toString(16)}\r\n`, chunk, '\r\n']
}

export function sizeOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0)
}
