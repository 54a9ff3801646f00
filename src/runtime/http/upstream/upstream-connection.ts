import type { Socket } from 'node:net'

import { chunkParts } from '../chunk-parts.ts'
import { Fields } from '../fields.ts'
import { MessageParser } from '../llhttp/message-parser.ts'
import type { BodyFlow } from '../port.ts'
import { behind, SocketOutput } from '../socket-output.ts'
import type { Watched } from '../watch.ts'
import type { ConnectionTimes } from './connection-times.ts'
import type { OpenSocket } from './open-socket.ts'
import { requestHead } from './request-bytes.ts'
import { isAmbiguous } from './response-framing.ts'
import { faultOf, type BodySource, type CallCarrier, type UpstreamCall } from './upstream-call.ts'

/** What a connection tells its pool. */
export interface ConnectionOwner {
  readonly host: string
  readonly nowMs: () => number
  readonly deadlineMs: (timeoutMs: number) => number
  /** The connection can take a call: it has just been made, or its last call is done. */
  readonly onFree: (connection: UpstreamConnection) => void
  readonly onClose: (connection: UpstreamConnection, cause: Error) => void
  /** A connection that was used before has closed under a call that may be made again. */
  readonly onStale: (call: UpstreamCall) => void
}

const RESPONSE_LIMITS = { maxUriBytes: 1024, maxHeaderBytes: 64 * 1024, maxHeaderCount: 200 }
/** A service may say this often that it is not done yet. */
const MAX_INTERIM = 32

/** One connection to an upstream: a call at a time, its answer read by llhttp. */
export class UpstreamConnection implements Watched, CallCarrier {
  readonly #socket: Socket
  readonly #output: SocketOutput
  readonly #owner: ConnectionOwner
  readonly #times: ConnectionTimes
  readonly #parser: MessageParser
  readonly #createdMs: number
  #call: UpstreamCall | undefined
  /** The pool's: true once it was free for the first time. */
  isReady = false
  /** The pool's: the call that it is made for, because a connection that was used before has failed that. */
  reservedFor: UpstreamCall | undefined
  #isConnected = false
  #wasUsed = false
  #freeSinceMs: number
  #bodyFlow: BodyFlow | undefined
  #isRequestSent = false
  #interim = 0
  #isPaused = false
  /** After a change of protocols it is somebody else's. */
  #isHandedOver = false
  #cause: Error | undefined

  constructor(owner: ConnectionOwner, times: ConnectionTimes, open: OpenSocket) {
    const { socket, readyEvent } = open((chunk) => this.#onData(chunk))
    this.#socket = socket
    this.#output = new SocketOutput(socket)
    this.#owner = owner
    this.#times = times
    this.#parser = new MessageParser('response', RESPONSE_LIMITS)
    this.#createdMs = owner.nowMs()
    this.#freeSinceMs = this.#createdMs
    socket.once(readyEvent, () => {
      this.#isConnected = true
      this.#becomeFree()
    })
    socket.on('end', () => this.#onEnd())
    socket.on('drain', () => this.#bodyFlow?.resume())
    socket.on('error', (error: Error) => (this.#cause ??= error))
    socket.on('close', () => this.#onClose())
  }

  /** True where a call can still be given to it. */
  get isUsable(): boolean {
    return this.#socket.writable && !this.#socket.destroyed
  }

  /** Sends a call; the connection is free. */
  carry(call: UpstreamCall): void {
    const { request } = call
    this.#call = call
    this.#interim = 0
    this.#isRequestSent = true
    this.#parser.skipsBody = request.method === 'HEAD'
    call.begin(this)
    const head = requestHead(request, this.#owner.host)
    const { body } = request
    if (Buffer.isBuffer(body)) return this.#output.writeMessage(head, body)
    // What of a body is there already goes with the head.
    this.#output.writeText(head)
    if (body !== null) this.#streamBody(call, body)
  }

  #streamBody(call: UpstreamCall, body: BodySource): void {
    const isChunked = body.lengthBytes === -1
    this.#isRequestSent = false
    const flow = body.start({
      write: (chunk) => this.#writeBody(call, chunk, isChunked),
      end: (trailers = '') => this.#endBody(call, isChunked, trailers),
      abort: () => this.destroy(new Error('The client did not send the whole request')),
    })
    if (!this.#isRequestSent) this.#bodyFlow = flow
  }

  resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#extend()
    this.#socket.resume()
  }

  /** Nobody waits for the answer any more. */
  abandon(): void {
    this.destroy(new Error('The request was given up'))
  }

  /** Ends a connection that nobody has a call for. */
  retire(): void {
    if (this.#isHandedOver || this.#call !== undefined || this.reservedFor?.isOver === false) return
    this.destroy(new Error('The gateway is done with it'))
  }

  destroy(cause: Error): void {
    this.#cause ??= cause
    this.#socket.destroy()
  }

  check(nowMs: number): void {
    if (this.#isHandedOver) return
    const call = this.#call
    if (!this.#isConnected) {
      if (nowMs - this.#createdMs > this.#times.connectTimeoutMs) this.#timeOut('No connection')
    } else if (call === undefined) {
      if (nowMs - this.#freeSinceMs > this.#times.idleTimeoutMs || this.#isWorn(nowMs)) {
        this.destroy(new Error('It was not used'))
      }
    } else if (nowMs > call.deadlineMs && !this.#isPaused) {
      this.#timeOut(call.hasStarted ? 'The answer stopped' : 'No answer')
    }
  }

  #timeOut(what: string): void {
    const error: NodeJS.ErrnoException = new Error(`${what} in time`)
    error.code = 'ETIMEDOUT'
    this.destroy(error)
  }

  #isWorn(nowMs: number): boolean {
    return nowMs - this.#createdMs > this.#times.maxAgeMs
  }

  #extend(): void {
    if (this.#call !== undefined) this.#call.deadlineMs = this.#owner.deadlineMs(this.#call.request.timeoutMs)
  }

  #writeBody(call: UpstreamCall, chunk: Buffer, isChunked: boolean): boolean {
    if (this.#call !== call || chunk.byteLength === 0) return true
    // As long as the client sends, the service need not have answered.
    this.#extend()
    if (isChunked) {
      const { parts, sizeBytes } = chunkParts(chunk, chunk.byteLength)
      return this.#output.write(parts, sizeBytes)
    }
    return this.#output.write([chunk], chunk.byteLength)
  }

  #endBody(call: UpstreamCall, isChunked: boolean, trailers: string): void {
    if (this.#call !== call) return
    if (isChunked) this.#output.writeText(`0\r\n${trailers}\r\n`)
    this.#isRequestSent = true
    this.#bodyFlow = undefined
  }

  #onData(chunk: Buffer): void {
    if (this.#isHandedOver) return
    let rest = chunk
    while (rest.byteLength > 0) {
      const call = this.#call
      // What comes without having been asked for could be taken for the answer to the next request.
      if (call === undefined) return this.destroy(new Error('The service sent what nobody asked for'))
      rest = behind(rest, this.#parser.read(rest))
      if (this.#isUpgraded(call)) return this.#handOver(call, rest)
      if (!this.#take(call)) return
      if (this.#parser.isMessageComplete) {
        if (this.#parser.status >= 200) return this.#complete(call, rest.byteLength === 0)
        this.#parser.next()
      }
    }
  }

  #isUpgraded({ handler }: UpstreamCall): boolean {
    const { status, isHeadComplete, fault } = this.#parser
    return status === 101 && isHeadComplete && fault === undefined && handler.onUpgrade !== undefined
  }

  #handOver(call: UpstreamCall, rest: Buffer): void {
    this.#isHandedOver = true
    this.#call = undefined
    this.#socket.pause()
    if (rest.byteLength > 0) this.#socket.unshift(rest)
    call.isOver = true
    const headers = new Fields(this.#parser.text, this.#parser.spans, this.#parser.known)
    call.handler.onUpgrade?.(headers, this.#socket)
  }

  /** Hands on what the parser has read; false where the connection is at its end. */
  #take(call: UpstreamCall): boolean {
    const { fault, isHeadComplete, status, body } = this.#parser
    if (fault !== undefined) {
      this.destroy(
        new Error(`The service's answer is no HTTP that can be read: ${fault} ${this.#parser.reason}`),
      )
      return false
    }
    if (!isHeadComplete) return true
    if (!call.hasStarted && status >= 200) {
      if (isAmbiguous(this.#parser)) {
        this.destroy(new Error("The framing of the service's answer has two readings"))
        return false
      }
      call.hasStarted = true
      call.handler.onStart(status, new Fields(this.#parser.text, this.#parser.spans, this.#parser.known))
    } else if (status < 200 && (status === 101 || ++this.#interim > MAX_INTERIM)) {
      this.destroy(new Error(`The service answered ${status} where nothing asked for it`))
      return false
    }
    if (body !== undefined) this.#deliver(call, body)
    return !this.#socket.destroyed
  }

  #deliver(call: UpstreamCall, piece: Buffer): void {
    this.#extend()
    if (call.isOver || call.take(piece) || this.#isPaused) return
    this.#isPaused = true
    this.#socket.pause()
  }

  #complete(call: UpstreamCall, isClean: boolean): void {
    const { keepAlive, needsEof } = this.#parser
    const trailers = this.#parser.trailers.lines()
    const isReusable = keepAlive && !needsEof && isClean && this.#isRequestSent
    this.#call = undefined
    this.#bodyFlow = undefined
    if (isReusable && !this.#isWorn(this.#owner.nowMs())) {
      this.#parser.next()
      this.#wasUsed = true
      if (this.#isPaused) this.#socket.resume()
      this.#isPaused = false
      call.finish(trailers)
      this.#becomeFree()
    } else {
      this.destroy(new Error('The answer was the last on this connection'))
      call.finish(trailers)
    }
  }

  #becomeFree(): void {
    this.#freeSinceMs = this.#owner.nowMs()
    if (this.isUsable) this.#owner.onFree(this)
  }

  #onEnd(): void {
    if (this.#isHandedOver) return
    const call = this.#call
    if (call !== undefined && call.hasStarted && this.#parser.finish()) this.#complete(call, false)
    else this.destroy(new Error('The service closed the connection'))
  }

  #onClose(): void {
    const call = this.#call
    const cause = this.#cause ?? new Error('The service closed the connection')
    this.#call = undefined
    this.#parser.free()
    const fault = faultOf(cause)
    const isStale = fault === 'unavailable' && this.#wasUsed && !this.#parser.isInMessage
    if (call?.mayRepeat === true && isStale) {
      // First: a closed pool is over with its last connection.
      this.#owner.onStale(call)
      return this.#owner.onClose(this, cause)
    }
    this.#owner.onClose(this, cause)
    call?.fail(fault, cause)
  }
}
