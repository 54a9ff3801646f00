import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'

import { MessageParser } from '../llhttp/message-parser.ts'
import { noticeReset } from '../notice-reset.ts'
import type { EngineFault } from '../port.ts'
import { plainProblem } from '../problem-response.ts'
import { kept } from '../shared-input.ts'
import { behind, SocketOutput, type Part } from '../socket-output.ts'
import type { Watched } from '../watch.ts'
import { pauseAsStream, receiveFrom } from './accepted-socket.ts'
import type { ConnectionScope, ListenerConnection } from './connection-scope.ts'
import { IncomingRequest, type RequestSource } from './incoming-request.ts'
import { OutgoingResponse, type ResponseTarget } from './outgoing-response.ts'
import { readRequestHead } from './request-head.ts'
import { SlowRead } from './slow-read.ts'

/**
 * Where a connection is: between two requests, in a head, in a body, waiting for an answer, or only reading what a client
 * still sends after the last answer so that the answer is not lost (RFC 9112 §9.6); or given away, and somebody else's.
 */
type Phase = 'idle' | 'head' | 'body' | 'answer' | 'linger' | 'tunnel' | 'closed'

const LINGER_MS = 2_000
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n'

/** One client: its requests are read and answered one after the other, however they come. */
export class ServerConnection implements ListenerConnection, Watched, RequestSource, ResponseTarget {
  readonly remoteAddress: string
  readonly scheme: 'http' | 'https'
  readonly isPeerVerified: boolean
  readonly #socket: Socket
  readonly #output: SocketOutput
  readonly #scope: ConnectionScope
  readonly #parser: MessageParser
  readonly #slowRead: SlowRead
  #phase: Phase = 'idle'
  #deadlineMs: number
  #checkedMs: number
  #request: IncomingRequest | undefined
  #response: OutgoingResponse | undefined
  /** What has come of later requests. */
  #rest: Buffer | undefined
  #requests = 0
  #isReading = false
  #isPaused = false
  #isInputEnded = false
  #onShutdown: (() => void) | undefined

  constructor(socket: Socket, scope: ConnectionScope) {
    scope.watch.add(this)
    this.#socket = socket
    this.#output = new SocketOutput(socket)
    this.#scope = scope
    receiveFrom(socket, (chunk) => this.#onData(chunk))
    this.#parser = new MessageParser('request', scope.limits)
    this.remoteAddress = socket.remoteAddress ?? ''
    this.scheme = socket instanceof TLSSocket ? 'https' : 'http'
    this.isPeerVerified = socket instanceof TLSSocket && socket.authorized
    this.#checkedMs = scope.watch.nowMs
    this.#slowRead = new SlowRead(socket, scope.limits)
    // Whoever connects and says nothing has as long as for a head.
    this.#deadlineMs = scope.watch.deadlineMs(scope.limits.headersTimeoutMs)
    socket.on('end', () => this.#onEnd())
    socket.on('drain', () => this.#onDrain())
    // A reset is a way to leave; `close` follows.
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#onClose())
  }

  /** Ends a connection that does nothing. */
  endIdle(): void {
    if (this.#phase === 'idle') this.#linger()
    else this.#onShutdown?.()
  }

  destroy(withReset = false): void {
    this.#output.destroy(withReset)
  }

  check(nowMs: number): void {
    // Time in which the gateway does not want to read is not the client's.
    if (this.#phase === 'body' && this.#isPaused) this.#deadlineMs += nowMs - this.#checkedMs
    this.#checkedMs = nowMs
    if (this.#isPaused && this.#phase !== 'tunnel') noticeReset(this.#socket)
    if (this.#slowRead.isTooSlow(nowMs)) return this.destroy()
    if (nowMs < this.#deadlineMs + this.#bodyAllowanceMs()) return
    if (this.#phase === 'head') this.#refuse('request-timeout')
    else if (this.#phase === 'body') this.#breakOff('request-timeout')
    else if (this.#phase === 'idle' && !this.#scope.isClosing()) this.#linger()
    else this.destroy()
  }

  pauseReading(): void {
    this.#isPaused = true
    this.#socket.pause()
  }

  resumeReading(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#socket.resume()
  }

  inviteBody(): void {
    this.#output.writeText(CONTINUE)
  }

  dateLine(): string {
    return this.#scope.dateLine()
  }

  endsAfter(): boolean {
    const { limits, endsConnections } = this.#scope
    const isLast = this.#isInputEnded && this.#rest === undefined
    const isUnread = this.#request?.isBeingRead === false
    const isWorn = this.#requests >= limits.maxRequestsPerConnection
    return !this.#parser.keepAlive || isLast || isUnread || isWorn || endsConnections()
  }

  write(parts: readonly Part[], sizeBytes: number, onTaken?: () => void): boolean {
    return this.#output.write(parts, sizeBytes, onTaken)
  }

  handOver(onShutdown: () => void): Duplex {
    const rest = this.#rest
    this.#rest = undefined
    this.#phase = 'tunnel'
    this.#deadlineMs = Infinity
    this.#onShutdown = onShutdown
    this.#output.flush()
    pauseAsStream(this.#socket)
    if (rest !== undefined) this.#socket.unshift(rest)
    return this.#socket
  }

  cutOff(): void {
    if (this.#onShutdown === undefined) this.#refuse('configuration-retired')
    else this.#onShutdown()
  }

  onWritten(endsConnection: boolean): void {
    const isWhole = this.#request?.isComplete === true
    this.#settle(true)
    if (endsConnection || !isWhole) return this.#linger()
    this.#phase = 'idle'
    this.#deadlineMs = this.#scope.watch.deadlineMs(this.#scope.limits.keepAliveTimeoutMs)
    this.#parser.next()
    if (this.#isReading) this.resumeReading()
    else this.#continue()
  }

  /** Tells the two sides of an exchange that it is over. */
  #settle(complete: boolean): void {
    const [request, response] = [this.#request, this.#response]
    this.#request = undefined
    this.#response = undefined
    request?.abort()
    response?.settle(complete)
  }

  /** A body may take its time as long as it comes faster than the slowest that is allowed. */
  #bodyAllowanceMs(): number {
    if (this.#phase !== 'body') return 0
    return ((this.#request?.receivedBytes ?? 0) / this.#scope.limits.minBytesPerSecond) * 1000
  }

  #onData(chunk: Buffer): void {
    if (this.#phase === 'linger' || this.#phase === 'tunnel') return
    if (this.#rest !== undefined) this.#rest = Buffer.concat([this.#rest, chunk])
    else this.#read(chunk)
  }

  /** Goes on with what has come of later requests. */
  #continue(): void {
    const rest = this.#rest
    this.#rest = undefined
    if (rest !== undefined) this.#read(rest)
    if (this.#rest !== undefined || this.#phase === 'linger') return
    if (this.#isInputEnded && this.#phase !== 'answer') this.#onEnd()
    else if (this.#request === undefined) this.resumeReading()
  }

  #read(chunk: Buffer): void {
    this.#isReading = true
    let rest = chunk
    while (rest.byteLength > 0 && this.#phase !== 'linger' && this.#phase !== 'closed') {
      if (this.#phase === 'answer' || (this.#phase === 'idle' && !this.#output.isRoomy)) {
        this.#rest = kept(rest)
        this.pauseReading()
        break
      }
      if (this.#phase === 'idle') this.#beginHead()
      rest = behind(rest, this.#parser.read(rest))
      this.#take()
    }
    this.#isReading = false
  }

  #beginHead(): void {
    this.#phase = 'head'
    this.#deadlineMs = this.#scope.watch.deadlineMs(this.#scope.limits.headersTimeoutMs)
  }

  /** Takes what the parser has read. */
  #take(): void {
    const { fault, isHeadComplete, body, isMessageComplete } = this.#parser
    if (fault !== undefined && this.#phase === 'head') {
      return this.#refuse(fault === 'malformed' ? 'bad-request' : fault)
    }
    if (fault !== undefined) return this.#breakOff('bad-request')
    if (!isHeadComplete) return
    if (this.#phase === 'head') return this.#begin()
    const request = this.#request as IncomingRequest
    if (isMessageComplete) this.#phase = 'answer'
    if (body !== undefined) request.push(kept(body))
    if (!isMessageComplete) return
    this.#deadlineMs = this.#answerDeadlineMs()
    request.finish()
  }

  #begin(): void {
    const head = readRequestHead(this.#parser)
    if (typeof head === 'string') return this.#refuse(head)
    const { limits, watch, onRequest } = this.#scope
    const request = new IncomingRequest(head, this)
    const response = new OutgoingResponse(this, head.method === 'HEAD', head.version === '1.0')
    this.#request = request
    this.#response = response
    this.#requests += 1
    request.isComplete = this.#parser.isMessageComplete
    if (this.#parser.body !== undefined) request.push(kept(this.#parser.body))
    if (request.isComplete) {
      this.#phase = 'answer'
      this.#deadlineMs = this.#answerDeadlineMs()
    } else {
      this.#phase = 'body'
      this.#deadlineMs = watch.deadlineMs(limits.requestTimeoutMs)
    }
    onRequest(request, response)
  }

  #answerDeadlineMs(): number {
    if (!this.#isInputEnded) return Infinity
    return this.#scope.watch.deadlineMs(this.#scope.limits.halfClosedTimeoutMs)
  }

  /**
   * Answers what cannot be read, in place of whoever has begun to handle it; nothing that follows on the connection can be
   * understood.
   */
  #refuse(fault: EngineFault): void {
    const { status } = plainProblem(fault)
    if (this.#response === undefined) this.#scope.onRefused(fault, status, this.remoteAddress)
    else this.#response.refusedStatus = status
    this.#settle(false)
    this.#parser.keepAlive = false
    this.#response = new OutgoingResponse(this, this.#parser.method === 'HEAD', false)
    this.#scope.refuse(this.#response, fault)
  }

  /** The rest of a body cannot be read, or does not come. */
  #breakOff(fault: EngineFault): void {
    if (this.#response?.hasBegun === true) return this.destroy()
    this.#refuse(fault)
  }

  #onEnd(): void {
    this.#isInputEnded = true
    if (this.#phase === 'tunnel') return
    if (this.#phase === 'linger') this.#output.destroySoon()
    else if (this.#phase === 'answer') this.#deadlineMs = this.#answerDeadlineMs()
    else if (this.#phase === 'idle') this.#output.end()
    else if (this.#phase === 'head') this.#refuse('bad-request')
    else this.destroy()
  }

  /** Says that nothing follows, and waits a moment for the client to take what was said. */
  #linger(): void {
    this.#phase = 'linger'
    this.#deadlineMs = this.#scope.watch.deadlineMs(LINGER_MS)
    this.#rest = undefined
    if (this.#isInputEnded) return this.#output.destroySoon()
    this.#output.end()
    this.resumeReading()
  }

  #onDrain(): void {
    if (this.#response !== undefined) this.#response.drained()
    else if (this.#phase === 'idle') this.#continue()
  }

  #onClose(): void {
    this.#phase = 'closed'
    this.#scope.watch.delete(this)
    this.#parser.free()
    this.#settle(this.#onShutdown !== undefined)
  }
}
