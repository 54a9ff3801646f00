import { createServer, type Server, type Socket } from 'node:net'

import type { ListenAddress } from '../address.ts'
import type { HttpLimits } from '../limits.ts'
import { bind } from '../listen.ts'
import type { HttpListener, RefusalHandler, RequestHandler } from '../port.ts'
import { Watch } from '../watch.ts'
import { ServerConnection, type ConnectionScope } from './connection.ts'
import { createDateLine } from './date-line.ts'
import { createTlsServer, type ListenerTls } from './tls-server.ts'

export interface ListenerOptions {
  readonly address: ListenAddress
  readonly limits: HttpLimits
  readonly onRequest: RequestHandler
  readonly onConnection?: () => void
  readonly onRefused?: RefusalHandler
  /** A connection beyond the limit was closed. */
  readonly onDrop?: () => void
  /** Sent with the errors of the listener itself. */
  readonly headers: readonly string[]
  readonly clock: { readonly nowMs: () => number; readonly monotonicMs: () => number }
  /** Without it the listener speaks plain HTTP. */
  readonly tls?: ListenerTls | undefined
}

const MAX_CHECK_INTERVAL_MS = 500
const SOCKET_OPTIONS = { allowHalfOpen: true, noDelay: true, keepAlive: true }

/**
 * Serves HTTP on one address, by TLS where it is given certificates.
 *
 * @throws {ProblemError} BCN_LISTEN_IN_USE, BCN_LISTEN_DENIED, BCN_LISTEN_FAILED
 */
export async function listenHttp(options: ListenerOptions): Promise<HttpListener> {
  const { limits, clock } = options
  const connections = new Set<ServerConnection>()
  const sockets = new Set<Socket>()
  let isClosing = false
  let isEnding = false
  const scope: ConnectionScope = {
    limits,
    onRequest: options.onRequest,
    onRefused: options.onRefused ?? (() => undefined),
    headers: options.headers,
    watch: new Watch(clock.monotonicMs, checkIntervalMs(limits)),
    dateLine: createDateLine(clock.nowMs),
    isClosing: () => isClosing,
    endsConnections: () => isEnding || isClosing,
  }
  const accept = (socket: Socket) => {
    options.onConnection?.()
    const connection = new ServerConnection(socket, scope)
    connections.add(connection)
    socket.once('close', () => connections.delete(connection))
    // Its handshake was still under way when the others were told.
    if (isClosing) connection.endIdle()
  }
  const server =
    options.tls === undefined ? createServer(SOCKET_OPTIONS, accept) : createTlsServer(options.tls, accept)
  // Those whose handshake is not done are connections, too.
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  if (options.onDrop !== undefined) server.on('drop', options.onDrop)
  server.maxConnections = limits.maxConnections
  const address = await bind(server, options.address)
  return {
    address,
    connections: () => connections.size,
    endConnections: () => {
      isEnding = true
    },
    close: (graceMs) => {
      isClosing = true
      return close(server, { connections, sockets }, graceMs)
    },
  }
}

/** Often enough that the shortest of the times is kept to within a tenth. */
function checkIntervalMs(limits: HttpLimits): number {
  const { headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs, sendTimeoutMs, halfClosedTimeoutMs } =
    limits
  const shortestMs = Math.min(
    headersTimeoutMs,
    requestTimeoutMs,
    keepAliveTimeoutMs,
    sendTimeoutMs,
    halfClosedTimeoutMs,
  )
  return Math.max(10, Math.min(MAX_CHECK_INTERVAL_MS, shortestMs / 10))
}

function close(
  server: Server,
  {
    connections,
    sockets,
  }: { readonly connections: ReadonlySet<ServerConnection>; readonly sockets: ReadonlySet<Socket> },
  graceMs: number,
): Promise<boolean> {
  return new Promise((resolve) => {
    let whole = true
    const timer = setTimeout(() => {
      whole = false
      for (const socket of sockets) socket.destroy()
    }, graceMs)
    server.close(() => {
      clearTimeout(timer)
      resolve(whole)
    })
    for (const connection of connections) connection.endIdle()
  })
}
