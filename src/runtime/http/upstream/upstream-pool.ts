import { isIP } from 'node:net'

import type { Watch, Watched } from '../watch.ts'
import { addressFault } from './address-guard.ts'
import type { ConnectionTimes } from './connection-times.ts'
import { socketOpener, type OpenSocket, type UpstreamTls } from './open-socket.ts'
import { faultOf, UpstreamCall, type UpstreamHandler, type UpstreamRequest } from './upstream-call.ts'
import { UpstreamConnection, type ConnectionOwner } from './upstream-connection.ts'
import { WaitingCalls } from './waiting-calls.ts'

export interface UpstreamOptions {
  /** `https://host:port`, as `URL.origin` writes it. */
  readonly origin: string
  readonly watch: Watch
  readonly tls?: UpstreamTls | undefined
  /** Names may stand for private addresses. */
  readonly allowsPrivate: boolean
  readonly times?: Partial<ConnectionTimes>
  readonly maxConnections?: number
}

/** Connections to one origin. */
export interface UpstreamClient {
  readonly send: (request: UpstreamRequest, handler: UpstreamHandler) => UpstreamCall
  /** Ends idle connections; those in use end with their calls. */
  readonly close: () => void
}

export const DEFAULT_TIMES: ConnectionTimes = {
  connectTimeoutMs: 10_000,
  idleTimeoutMs: 30_000,
  maxAgeMs: 300_000,
}
const MAX_CONNECTIONS = 256

/** Speaks HTTP/1.1 to one origin over reused connections. */
export class UpstreamPool implements UpstreamClient, Watched, ConnectionOwner {
  readonly host: string
  readonly #options: UpstreamOptions
  readonly #open: OpenSocket
  readonly #times: ConnectionTimes
  readonly #maxConnections: number
  readonly #connections = new Set<UpstreamConnection>()
  readonly #idle: UpstreamConnection[] = []
  readonly #waiting = new WaitingCalls()
  #connecting = 0
  #isClosed = false

  constructor(options: UpstreamOptions) {
    this.#options = options
    this.#open = socketOpener(options)
    this.host = new URL(options.origin).host
    this.#times = { ...DEFAULT_TIMES, ...options.times }
    this.#maxConnections = options.maxConnections ?? MAX_CONNECTIONS
    options.watch.add(this)
  }

  nowMs(): number {
    return this.#options.watch.nowMs
  }

  deadlineMs(timeoutMs: number): number {
    return this.#options.watch.deadlineMs(timeoutMs)
  }

  send(request: UpstreamRequest, handler: UpstreamHandler): UpstreamCall {
    const call = new UpstreamCall(request, handler, this.deadlineMs(request.timeoutMs))
    const connection = this.#takeIdle()
    if (connection !== undefined) connection.carry(call)
    else if (this.#waiting.add(call)) this.#connectFor(this.#waiting.size)
    return call
  }

  close(): void {
    this.#isClosed = true
    this.#options.watch.delete(this)
    for (const connection of this.#idle) connection.destroy(new Error('The gateway is done with it'))
  }

  check(nowMs: number): void {
    for (const connection of this.#connections) connection.check(nowMs)
    this.#waiting.failLate(nowMs)
  }

  onFree(connection: UpstreamConnection): void {
    if (!connection.isReady) {
      connection.isReady = true
      this.#connecting -= 1
    }
    const call = connection.reservedFor ?? this.#waiting.next()
    connection.reservedFor = undefined
    if (call !== undefined && !call.isOver) connection.carry(call)
    else if (this.#isClosed) connection.destroy(new Error('The gateway is done with it'))
    else this.#idle.push(connection)
  }

  onClose(connection: UpstreamConnection, cause: Error): void {
    this.#connections.delete(connection)
    const index = this.#idle.indexOf(connection)
    if (index !== -1) this.#idle.splice(index, 1)
    if (connection.isReady) return this.#connectFor(this.#waiting.size)
    this.#connecting -= 1
    // One call for one connection that could not be made; the others have theirs.
    const call = connection.reservedFor ?? this.#waiting.next()
    call?.fail(faultOf(cause), cause)
    this.#connectFor(this.#waiting.size)
  }

  onStale(call: UpstreamCall): void {
    this.#connect().reservedFor = call
  }

  #takeIdle(): UpstreamConnection | undefined {
    for (;;) {
      const connection = this.#idle.pop()
      if (connection === undefined || connection.isUsable) return connection
    }
  }

  #connectFor(wanted: number): void {
    while (this.#connecting < wanted && this.#connections.size < this.#maxConnections) this.#connect()
  }

  #connect(): UpstreamConnection {
    this.#connecting += 1
    const connection = new UpstreamConnection(this, this.#times, this.#open)
    this.#connections.add(connection)
    return connection
  }
}

/** Why the host of an origin that is an address must not be connected to; private ones are what a description may name. */
export function originFault(origin: string, allowsPrivate = true): string | undefined {
  const host = new URL(origin).hostname.replace(/^\[|\]$/g, '')
  return isIP(host) === 0 ? undefined : addressFault(host, allowsPrivate)
}
