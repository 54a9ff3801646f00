import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

import type { ListenAddress } from './address.ts'
import type { HttpLimits } from './limits.ts'
import { bind } from './listen.ts'
import { toReply } from './node-reply.ts'
import { toGatewayRequest } from './node-request.ts'
import type { HttpListener, ProtocolFault, RequestHandler } from './port.ts'
import { plainProblem, PROBLEM_HEADERS } from './problem-response.ts'
import { fixedHead } from './response-head.ts'

export interface ListenerOptions {
  readonly address: ListenAddress
  readonly limits: HttpLimits
  readonly onRequest: RequestHandler
  readonly onConnection?: () => void
  /** Sent with the errors of the listener itself. */
  readonly headers: readonly string[]
}

/**
 * Serves HTTP/1.1 with `node:http` (llhttp in its strict mode).
 *
 * @throws {ProblemError} BCN_LISTEN_IN_USE, BCN_LISTEN_DENIED, BCN_LISTEN_FAILED
 */
export async function listenHttp(options: ListenerOptions): Promise<HttpListener> {
  const { limits } = options
  let closing = false
  const server = createServer({
    insecureHTTPParser: false,
    requireHostHeader: true,
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(5000, limits.headersTimeoutMs),
    noDelay: true,
  })
  // Node drops headers above this count in silence; toGatewayRequest refuses the request instead.
  server.maxHeadersCount = 0
  const onRequest = (message: IncomingMessage, response: ServerResponse) => {
    const request = toGatewayRequest(message, response, limits)
    const reply = toReply(message, response, () => closing)
    if (typeof request !== 'string') return options.onRequest(request, reply)
    const { status, body } = plainProblem(request)
    reply.send(fixedHead(status, [...options.headers, ...PROBLEM_HEADERS]), body)
  }
  server.on('request', onRequest)
  server.on('checkContinue', onRequest)
  server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
    refuse(socket, protocolFault(error), options.headers),
  )
  let connections = 0
  server.on('connection', (socket) => {
    connections += 1
    options.onConnection?.()
    socket.once('close', () => (connections -= 1))
  })
  const address = await bind(server, options.address)
  return {
    address,
    connections: () => connections,
    close: (graceMs) => {
      closing = true
      return closeServer(server, graceMs)
    },
  }
}

function protocolFault(error: NodeJS.ErrnoException): ProtocolFault {
  if (error.code === 'HPE_HEADER_OVERFLOW') return 'headers-too-large'
  return error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request-timeout' : 'bad-request'
}

function refuse(socket: Duplex, fault: ProtocolFault, headers: readonly string[]): void {
  // Nothing can be said on a connection that is gone, or in the middle of a response.
  const answering = (socket as { _httpMessage?: { headersSent: boolean } | null })._httpMessage
  if (!socket.writable || answering?.headersSent === true) return void socket.destroy()
  const { status, body } = plainProblem(fault)
  const fields = [...headers, ...PROBLEM_HEADERS, 'content-length', String(body.byteLength)]
  const lines = [`HTTP/1.1 ${status} `]
  for (let index = 0; index < fields.length; index += 2) lines.push(`${fields[index]}: ${fields[index + 1]}`)
  lines.push('connection: close', '', '')
  socket.end(Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), body]))
}

function closeServer(server: Server, graceMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    let whole = true
    const timer = setTimeout(() => {
      whole = false
      server.closeAllConnections()
    }, graceMs)
    server.close(() => {
      clearTimeout(timer)
      resolve(whole)
    })
    server.closeIdleConnections()
  })
}
