import type { IncomingMessage, ServerResponse } from 'node:http'

import { firstHeader, headerValues } from './header-list.ts'
import type { BodyFault, GatewayRequest, ProtocolFault } from './port.ts'
import { parseRequestTarget } from './request-target.ts'
import type { HttpLimits } from './limits.ts'

/** Takes a message of `node:http` for the pipeline, or says what is wrong with it. */
export function toGatewayRequest(
  message: IncomingMessage,
  response: ServerResponse,
  limits: HttpLimits,
): GatewayRequest | ProtocolFault {
  const headers = message.rawHeaders
  const method = message.method as string
  const url = message.url as string
  if (url.length > limits.maxUriBytes) return 'uri-too-long'
  if (headers.length > 2 * limits.maxHeaderCount) return 'headers-too-large'
  const target = parseRequestTarget(url, method)
  if (target === undefined || headerValues(headers, 'host').length > 1) return 'bad-request'
  const length = firstHeader(headers, 'content-length')
  const hasBody =
    firstHeader(headers, 'transfer-encoding') !== undefined || (length !== undefined && length !== '0')
  return {
    method,
    path: target.path,
    query: target.query,
    headers,
    hasBody,
    remoteAddress: message.socket.remoteAddress ?? '',
    readBody: (limitBytes, done) => {
      if (length !== undefined && Number(length) > limitBytes) return done('too-large')
      if (firstHeader(headers, 'expect') !== undefined) response.writeContinue()
      collect(message, limitBytes, done)
    },
  }
}

function collect(
  message: IncomingMessage,
  limitBytes: number,
  done: (outcome: Buffer | BodyFault) => void,
): void {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  let settled = false
  const settle = (outcome: Buffer | BodyFault) => {
    if (settled) return
    settled = true
    done(outcome)
  }
  message.on('data', (chunk: Buffer) => {
    sizeBytes += chunk.byteLength
    if (sizeBytes <= limitBytes) chunks.push(chunk)
    else settle('too-large')
  })
  message.on('end', () => settle(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)))
  message.on('close', () => settle('aborted'))
  message.on('error', () => settle('aborted'))
}
