import type { IncomingMessage, ServerResponse } from 'node:http'

import { Fields } from './fields.ts'
import type { BodyFault, BodyFlow, BodyReader, GatewayRequest, ProtocolFault } from './port.ts'
import { parseRequestTarget } from './request-target.ts'
import type { HttpLimits } from './limits.ts'

/** Takes a message of `node:http` for the pipeline, or says what is wrong with it. */
export function toGatewayRequest(
  message: IncomingMessage,
  response: ServerResponse,
  limits: HttpLimits,
): GatewayRequest | ProtocolFault {
  const method = message.method as string
  const url = message.url as string
  if (url.length > limits.maxUriBytes) return 'uri-too-long'
  if (message.rawHeaders.length > 2 * limits.maxHeaderCount) return 'headers-too-large'
  const target = parseRequestTarget(url, method)
  const headers = Fields.received(message.rawHeaders)
  if (target === undefined || headers.values('host').length > 1) return 'bad-request'
  const contentLength = Number(headers.get('content-length') ?? -1)
  const hasBody = headers.has('transfer-encoding') || contentLength > 0
  const begin = () => {
    if (message.headers.expect !== undefined) response.writeContinue()
  }
  return {
    method,
    path: target.path,
    query: target.query,
    headers,
    hasBody,
    remoteAddress: message.socket.remoteAddress ?? '',
    contentLength,
    readBody: (limitBytes, done) => {
      if (contentLength > limitBytes) return done('too-large')
      begin()
      collect(message, limitBytes, done)
    },
    streamBody: (limitBytes, reader) => {
      if (contentLength > limitBytes) {
        reader.onFault('too-large')
        return { resume: () => {} }
      }
      begin()
      return flow(message, limitBytes, reader)
    },
  }
}

function flow(message: IncomingMessage, limitBytes: number, reader: BodyReader): BodyFlow {
  let sizeBytes = 0
  let isOver = false
  const finish = (last: () => void) => {
    if (isOver) return
    isOver = true
    last()
  }
  message.on('data', (chunk: Buffer) => {
    if (isOver) return
    sizeBytes += chunk.byteLength
    if (sizeBytes > limitBytes) return finish(() => reader.onFault('too-large'))
    if (!reader.onData(chunk)) message.pause()
  })
  message.on('end', () => finish(reader.onEnd))
  message.on('close', () => finish(() => reader.onFault('aborted')))
  message.on('error', () => finish(() => reader.onFault('aborted')))
  return { resume: () => message.resume() }
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
