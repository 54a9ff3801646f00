import { connect, type ClientHttp2Session } from 'node:http2'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

import type { ConnectionTimes, ConnectSocket, UpstreamCall, Watched } from '../../http/index.ts'
import { ClientStream, type ClientStreamOwner } from './client-stream.ts'
import { CONNECTION_WINDOW_BYTES, MAX_STREAMS, sessionOptions } from './session-options.ts'

/** What a session tells its pool. */
export interface SessionOwner {
  readonly origin: string
  readonly times: ConnectionTimes
  readonly nowMs: () => number
  readonly deadlineMs: (timeoutMs: number) => number
  /** The session may take calls that wait. */
  readonly onRoom: (session: ClientSession) => void
  readonly onClose: (session: ClientSession, cause: Error) => void
  readonly onUnprocessed: (call: UpstreamCall) => void
}

/** One connection to a service that speaks HTTP/2: calls side by side. */
export class ClientSession implements Watched, ClientStreamOwner {
  readonly scheme: 'http' | 'https'
  readonly authority: string
  cause: Error | undefined
  /** True once the service has said how many calls it takes at once: it would refuse what is more. */
  isReady = false
  readonly #owner: SessionOwner
  readonly #socket: Socket
  readonly #createdMs: number
  readonly #streams = new Set<ClientStream>()
  #session: ClientHttp2Session | undefined
  #maxStreams = 0
  #isRetired = false
  /** The last stream that the service has looked at or will. */
  #lastStreamId = Infinity
  #idleSinceMs: number
  /** Until when the service has to show that it is there. */
  #probeDeadlineMs = Infinity

  constructor(owner: SessionOwner, open: ConnectSocket) {
    const url = new URL(owner.origin)
    this.scheme = url.protocol === 'https:' ? 'https' : 'http'
    this.authority = url.host
    this.#owner = owner
    this.#createdMs = owner.nowMs()
    this.#idleSinceMs = this.#createdMs
    const { socket, readyEvent } = open()
    this.#socket = socket
    socket.once(readyEvent, () => this.#begin())
    socket.on('error', (error: Error) => this.destroy(error))
    socket.on('close', () => {
      // Its streams end first, and tell their calls.
      setImmediate(() => owner.onClose(this, this.cause ?? new Error('The service closed the connection')))
    })
  }

  get hasRoom(): boolean {
    const session = this.#session
    if (session === undefined || session.closed || session.destroyed) return false
    return !this.#isRetired && this.#streams.size < this.#maxStreams
  }

  /** Sends a call; the session has room. */
  carry(call: UpstreamCall): void {
    this.#streams.add(new ClientStream(call, this.#session as ClientHttp2Session, this))
  }

  /** Takes no further call, and ends with the last of those that it has. */
  retire(): void {
    if (!this.isReady) return this.destroy(new Error('The gateway is done with it'))
    this.#isRetired = true
    this.#closeIfDone()
  }

  destroy(cause: Error): void {
    this.cause ??= cause
    this.#session?.destroy()
    this.#socket.destroy()
  }

  deadlineMs(timeoutMs: number): number {
    return this.#owner.deadlineMs(timeoutMs)
  }

  isLeftOut(id: number): boolean {
    return id > this.#lastStreamId
  }

  check(nowMs: number): void {
    const { connectTimeoutMs, idleTimeoutMs, maxAgeMs } = this.#owner.times
    for (const stream of this.#streams) stream.check(nowMs)
    if (!this.isReady) {
      if (nowMs - this.#createdMs > connectTimeoutMs) this.#timeOut('No connection in time')
    } else if (nowMs > this.#probeDeadlineMs) this.#timeOut('The service does not answer PING')
    else if (nowMs - this.#createdMs > maxAgeMs) this.retire()
    else if (this.#streams.size === 0 && nowMs - this.#idleSinceMs > idleTimeoutMs) this.retire()
  }

  onStreamClose(stream: ClientStream): void {
    this.#streams.delete(stream)
    if (this.#streams.size === 0) this.#idleSinceMs = this.#owner.nowMs()
    if (this.#isRetired) this.#closeIfDone()
    if (this.hasRoom) this.#owner.onRoom(this)
  }

  onUnprocessed(call: UpstreamCall): void {
    this.#owner.onUnprocessed(call)
  }

  onSilence(): void {
    const session = this.#session
    if (this.#probeDeadlineMs !== Infinity || session === undefined || session.destroyed) return
    this.#probeDeadlineMs = this.#owner.deadlineMs(this.#owner.times.connectTimeoutMs)
    session.ping((error) => {
      if (error === null) this.#probeDeadlineMs = Infinity
    })
  }

  /** Its GOAWAY would overtake a call that has just begun. */
  #closeIfDone(): void {
    if (this.#streams.size === 0 && this.#session?.closed === false) this.#session.close()
  }

  #begin(): void {
    const socket = this.#socket
    if (socket instanceof TLSSocket && socket.alpnProtocol !== 'h2') {
      return this.destroy(new Error('The service does not agree on HTTP/2 (ALPN)'))
    }
    const session = connect(this.#owner.origin, { ...sessionOptions, createConnection: () => socket })
    this.#session = session
    // Its socket would only end when the service ends it.
    session.on('error', (error: Error) => this.destroy(error))
    session.on('goaway', (_, lastStreamId) => (this.#lastStreamId = lastStreamId))
    session.on('remoteSettings', ({ maxConcurrentStreams = MAX_STREAMS }) => {
      this.#maxStreams = Math.min(maxConcurrentStreams, MAX_STREAMS)
      if (!this.isReady) this.#idleSinceMs = this.#owner.nowMs()
      this.isReady = true
      this.#owner.onRoom(this)
    })
    session.setLocalWindowSize(CONNECTION_WINDOW_BYTES)
  }

  #timeOut(message: string): void {
    this.destroy(Object.assign(new Error(message), { code: 'ETIMEDOUT' }))
  }
}
