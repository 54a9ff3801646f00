import { isIP } from 'node:net'

import { addressFault } from './address-guard.ts'
import { ConnectionPool, type UpstreamOptions } from './connection-pool.ts'
import { socketOpener, type OpenSocket } from './open-socket.ts'
import { faultOf, type UpstreamCall } from './upstream-call.ts'
import { UpstreamConnection, type ConnectionOwner } from './upstream-connection.ts'

const MAX_CONNECTIONS = 256

/** Speaks HTTP/1.1 to one origin over reused connections. */
export class UpstreamPool extends ConnectionPool<UpstreamConnection> implements ConnectionOwner {
  readonly host: string
  readonly #open: OpenSocket
  readonly #maxConnections: number
  readonly #idle: UpstreamConnection[] = []
  /** Connections that are being made for calls that wait. */
  #connecting = 0

  constructor(options: UpstreamOptions & { readonly maxConnections?: number }) {
    super(options)
    this.#open = socketOpener(options)
    this.host = new URL(options.origin).host
    this.#maxConnections = options.maxConnections ?? MAX_CONNECTIONS
  }

  onFree(connection: UpstreamConnection): void {
    const { reservedFor } = connection
    connection.reservedFor = undefined
    if (!connection.isReady) {
      connection.isReady = true
      if (reservedFor === undefined) this.#connecting -= 1
    }
    const call = reservedFor?.isOver === false ? reservedFor : this.waiting.next()
    if (call !== undefined) connection.carry(call)
    else if (this.isOver) connection.retire()
    else this.#idle.push(connection)
  }

  onStale(call: UpstreamCall): void {
    this.#connect().reservedFor = call
  }

  protected place(call: UpstreamCall): void {
    const connection = this.#takeIdle()
    if (connection !== undefined) connection.carry(call)
    else if (this.waiting.add(call)) this.#connectIfNeeded()
  }

  protected lost(connection: UpstreamConnection, cause: Error): void {
    const index = this.#idle.indexOf(connection)
    if (index !== -1) this.#idle.splice(index, 1)
    if (!connection.isReady) {
      const { reservedFor } = connection
      if (reservedFor === undefined) this.#connecting -= 1
      // One call for one connection that could not be made; the others have theirs.
      const call = reservedFor ?? this.waiting.next()
      call?.fail(faultOf(cause), cause)
    }
    this.#connectIfNeeded()
  }

  #takeIdle(): UpstreamConnection | undefined {
    for (;;) {
      const connection = this.#idle.pop()
      if (connection === undefined || connection.isUsable) return connection
    }
  }

  #connectIfNeeded(): void {
    while (this.#connecting < this.waiting.size && this.connections.size < this.#maxConnections) {
      this.#connecting += 1
      this.#connect()
    }
  }

  #connect(): UpstreamConnection {
    const connection = new UpstreamConnection(this, this.times, this.#open)
    this.connections.add(connection)
    return connection
  }
}

/** Why the host of an origin that is an address must not be connected to; private ones are what a description may name. */
export function originFault(origin: string, allowsPrivate = true): string | undefined {
  const host = new URL(origin).hostname.replace(/^\[|\]$/g, '')
  return isIP(host) === 0 ? undefined : addressFault(host, allowsPrivate)
}
