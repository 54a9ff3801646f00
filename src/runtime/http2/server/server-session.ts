import {
  constants,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

import {
  noticeReset,
  plainProblem,
  type ConnectionScope,
  type ListenerConnection,
  type Watched,
} from '../../http/index.ts'
import { createAllowance } from '../../limits/index.ts'
import {
  CONNECTION_WINDOW_BYTES,
  CONTROL_FRAMES_PER_SECOND,
  GOODBYE_MS,
  RESETS_PER_SECOND,
  sessionOptions,
} from './http2-limits.ts'
import { ServerStream, type StreamOwner } from './server-stream.ts'
import { readStreamHead } from './stream-head.ts'

/** One client that speaks HTTP/2: its requests side by side, each answered as over HTTP/1.1. */
export class ServerSession implements ListenerConnection, StreamOwner, Watched {
  readonly scope: ConnectionScope
  readonly remoteAddress: string
  readonly scheme: 'http' | 'https'
  readonly isPeerVerified: boolean
  readonly #socket: Socket
  readonly #session: ServerHttp2Session
  readonly #streams = new Set<ServerStream>()
  readonly #mayReset: () => boolean
  readonly #mayControl: () => boolean
  #requests = 0
  /** When it is over for a connection on which nothing is under way. */
  #deadlineMs: number
  #isEnding = false

  constructor(socket: Socket, scope: ConnectionScope) {
    const { limits, watch } = scope
    const clock = () => watch.nowMs
    this.scope = scope
    this.remoteAddress = socket.remoteAddress ?? ''
    this.scheme = socket instanceof TLSSocket ? 'https' : 'http'
    this.isPeerVerified = socket instanceof TLSSocket && socket.authorized
    this.#socket = socket
    this.#mayReset = createAllowance(RESETS_PER_SECOND, clock)
    this.#mayControl = createAllowance(CONTROL_FRAMES_PER_SECOND, clock)
    // Whoever connects and says nothing has as long as for a head.
    this.#deadlineMs = watch.deadlineMs(limits.headersTimeoutMs)
    watch.add(this)
    socket.on('close', () => this.#onClose())
    // The listener lets connections of HTTP/1.1 end in halves; here whoever ends its half wants no answers.
    socket.on('end', () => socket.destroy())
    // A reset is a way to leave; `close` follows.
    socket.on('error', () => socket.destroy())
    this.#session = performServerHandshake(socket, sessionOptions(limits))
    this.#session.setLocalWindowSize(CONNECTION_WINDOW_BYTES)
    this.#session.on('stream', (stream, _, __, raw) => this.#onStream(stream, raw))
    this.#session.on('ping', () => this.#onControlFrame())
    this.#session.once('remoteSettings', () => this.#becomeIdle())
    this.#session.on('remoteSettings', () => this.#onControlFrame())
    // It ends the connection by itself.
    this.#session.on('error', () => watch.delete(this))
  }

  endIdle(): void {
    this.#isEnding = true
    this.#deadlineMs = this.scope.watch.deadlineMs(GOODBYE_MS)
    this.#session.close()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  check(nowMs: number): void {
    // As long as something is being written, Node does not read.
    if (this.#streams.size > 0) noticeReset(this.#socket)
    for (const stream of this.#streams) stream.check(nowMs)
    if (this.#streams.size > 0 || nowMs < this.#deadlineMs) return
    if (this.#isEnding) this.destroy()
    else this.endIdle()
  }

  onStreamClose(stream: ServerStream, wasGivenUp: boolean): void {
    this.#streams.delete(stream)
    if (this.#streams.size === 0) this.#becomeIdle()
    if (wasGivenUp) this.#onGivenUp()
  }

  #onClose(): void {
    this.scope.watch.delete(this)
    for (const stream of this.#streams) stream.giveUp()
  }

  #becomeIdle(): void {
    const { watch, limits } = this.scope
    this.#deadlineMs = watch.deadlineMs(this.#isEnding ? GOODBYE_MS : limits.keepAliveTimeoutMs)
  }

  #onStream(stream: ServerHttp2Stream, raw: readonly string[]): void {
    // A reset is a way to leave, and may be the frame behind the head.
    stream.on('error', () => stream.destroy())
    if (stream.destroyed || stream.closed) return this.#onGivenUp()
    const { limits, onRequest } = this.scope
    const endsWithHead = stream.endAfterHeaders
    const head = readStreamHead(raw, endsWithHead, limits)
    const served = new ServerStream(stream, this, typeof head !== 'string' && head.method === 'HEAD')
    this.#streams.add(served)
    this.#requests += 1
    if (this.#requests >= limits.maxRequestsPerConnection || this.scope.endsConnections()) this.endIdle()
    if (typeof head === 'string') {
      this.scope.onRefused(head, plainProblem(head).status, this.remoteAddress)
      return this.scope.refuse(served.response, head)
    }
    onRequest(served.begin(head, endsWithHead), served.response)
  }

  #onGivenUp(): void {
    if (!this.#mayReset()) this.#calm()
  }

  #onControlFrame(): void {
    if (!this.#mayControl()) this.#calm()
  }

  /** Ends a connection that makes work and wants no answers. */
  #calm(): void {
    this.#session.destroy(
      new Error('The client makes work and waits for no answer'),
      constants.NGHTTP2_ENHANCE_YOUR_CALM,
    )
  }
}
