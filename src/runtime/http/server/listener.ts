import { createServer, type Server, type Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'

import type { ListenAddress } from '../address.ts'
import type { HttpLimits } from '../limits.ts'
import { bind } from '../listen.ts'
import type { EngineFault, HttpListener, RefusalHandler, Reply, RequestHandler } from '../port.ts'
import { plainProblem, PROBLEM_HEADERS } from '../problem-response.ts'
import { fixedHead } from '../response-head.ts'
import { Watch } from '../watch.ts'
import { AcceptedSocket } from './accepted-socket.ts'
import type { ConnectionScope, ListenerConnection } from './connection-scope.ts'
import { ServerConnection } from './connection.ts'
import { createDateLine } from './date-line.ts'
import { onPreface } from './preface.ts'
import { createTlsServer, type ListenerTls } from './tls-server.ts'

/** Serves HTTP/2 on a connection; its socket is the callee's from then on. */
export type AcceptHttp2 = (socket: Socket, scope: ConnectionScope) => ListenerConnection

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
  /** Without it the listener speaks HTTP/1.1 only. With TLS clients choose by ALPN. */
  readonly acceptHttp2?: AcceptHttp2 | undefined
  /** Without TLS, too: to clients that begin with the preface of HTTP/2. */
  readonly allowsPlainHttp2?: boolean
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
  const connections = new Set<ListenerConnection>()
  const sockets = new Set<Socket>()
  let isClosing = false
  let isEnding = false
  const scope: ConnectionScope = {
    limits,
    onRequest: options.onRequest,
    onRefused: options.onRefused ?? (() => undefined),
    watch: new Watch(clock.monotonicMs, checkIntervalMs(limits)),
    dateLine: createDateLine(clock.nowMs),
    isClosing: () => isClosing,
    endsConnections: () => isEnding || isClosing,
    refuse: createRefusal(options.headers),
  }
  const { acceptHttp2 } = options
  const begin = (socket: Socket, isHttp2: boolean) => {
    const connection =
      isHttp2 && acceptHttp2 !== undefined ? acceptHttp2(socket, scope) : new ServerConnection(socket, scope)
    connections.add(connection)
    socket.once('close', () => connections.delete(connection))
    // Its handshake was still under way when the others were told.
    if (isClosing) connection.endIdle()
  }
  const isMixed = acceptHttp2 !== undefined && options.allowsPlainHttp2 === true
  const accept = (socket: Socket) => {
    options.onConnection?.()
    if (isMixed) onPreface(socket, limits.headersTimeoutMs, (isHttp2) => begin(socket, isHttp2))
    else begin(socket, false)
  }
  const track = (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  }
  const acceptPlain = (accepted: Socket) => {
    const socket = isMixed ? accepted : (AcceptedSocket.takeOver(accepted) ?? accepted)
    track(socket)
    accept(socket)
  }
  const acceptSecure = (socket: TLSSocket) => {
    options.onConnection?.()
    begin(socket, socket.alpnProtocol === 'h2')
  }
  const server =
    options.tls === undefined
      ? createServer(SOCKET_OPTIONS, acceptPlain)
      : createTlsServer(options.tls, { speaksHttp2: acceptHttp2 !== undefined, accept: acceptSecure })
  // Those whose handshake is not done are connections, too.
  if (options.tls !== undefined) server.on('connection', track)
  if (options.onDrop !== undefined) server.on('drop', options.onDrop)
  server.maxConnections = limits.maxConnections
  const address = await bind(server, options.address)
  return {
    address,
    connections: () => sockets.size,
    endConnections: () => {
      isEnding = true
    },
    close: (graceMs) => {
      isClosing = true
      return close(server, { connections, sockets }, graceMs)
    },
  }
}

function createRefusal(headers: readonly string[]): (reply: Reply, fault: EngineFault) => void {
  return (reply, fault) => {
    const { status, body } = plainProblem(fault)
    reply.send(fixedHead(status, [...headers, ...PROBLEM_HEADERS]), body)
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
  }: { readonly connections: ReadonlySet<ListenerConnection>; readonly sockets: ReadonlySet<Socket> },
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
