import type { Duplex } from 'node:stream'

import type { Fields } from '../fields.ts'
import type { BodyFlow } from '../port.ts'
import { isLent, kept } from '../shared-input.ts'

/** `refused`: the address is one that the gateway does not connect to. */
export type UpstreamFault = 'unavailable' | 'timeout' | 'refused'

/** Takes a request body that is streamed to an upstream. */
export interface UpstreamBodySink {
  /** False to wait; the flow is resumed when there is room. */
  readonly write: (chunk: Buffer) => boolean
  /** @param trailers lines that go behind the body */
  readonly end: (trailers?: string) => void
  /** The rest will not come. */
  readonly abort: () => void
}

/** A request body that is read once there is a connection to send it on, and no faster than the upstream takes it. */
export interface BodySource {
  /** -1 where it is not known. */
  readonly lengthBytes: number
  readonly start: (sink: UpstreamBodySink) => BodyFlow
}

export interface UpstreamRequest {
  readonly method: string
  /** Origin form: path and query, encoded. */
  readonly target: string
  /** Header lines, each ended by CRLF, without Host and the fields of the connection and the framing. */
  readonly lines: string
  readonly body: Buffer | BodySource | null
  /** Until the response begins, and between two pieces of its body. */
  readonly timeoutMs: number
}

/** What becomes of a request; exactly one of `onEnd` and `onFault` is the last call, unless it is given up. */
export interface UpstreamHandler {
  readonly onStart: (status: number, headers: Fields) => void
  /** False to wait until {@link UpstreamCall.resume}. */
  readonly onData: (chunk: Buffer) => boolean
  /** In place of `onData` where there is one, by engines that read all into the same memory: the bytes are lent. */
  readonly onLent?: (chunk: Buffer) => boolean
  /** @param trailers the fields behind the body that may go on, as lines */
  readonly onEnd: (trailers: string) => void
  readonly onFault: (fault: UpstreamFault, cause: Error) => void
  /** Instead of all others, where the request has asked for a change of protocols: the connection, paused, is the callee's. */
  readonly onUpgrade?: (headers: Fields, connection: Duplex) => void
}

/** Where a call is sent from; a connection, once it has one. */
export interface CallCarrier {
  readonly resume: () => void
  readonly abandon: () => void
}

/** How often a request is sent altogether to an upstream that does not begin with it. */
const MAX_MOVES = 4

/** Methods that may be sent again when a reused connection turns out to be closed (RFC 9110 §9.2.2). */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE', 'QUERY'])

/** True for a method by which asking twice does what asking once does (RFC 9110 §9.2.2). */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method)
}

/** One request to an upstream, from the time it is asked for to the end of its answer. */
export class UpstreamCall {
  readonly request: UpstreamRequest
  readonly handler: UpstreamHandler
  deadlineMs: number
  isOver = false
  /** True once the upstream has said anything. */
  hasStarted = false
  #attempts = 0
  #carrier: CallCarrier | undefined

  constructor(request: UpstreamRequest, handler: UpstreamHandler, deadlineMs: number) {
    this.request = request
    this.handler = handler
    this.deadlineMs = deadlineMs
  }

  /** Goes on with an answer after {@link UpstreamHandler.onData} has said to wait. */
  resume(): void {
    if (!this.isOver) this.#carrier?.resume()
  }

  /** Hands on a piece of the answer, which may be written over once this returns; false to wait. */
  take(piece: Buffer): boolean {
    const { handler } = this
    return handler.onLent !== undefined && isLent(piece) ? handler.onLent(piece) : handler.onData(kept(piece))
  }

  /** Gives the request up; no callback follows. */
  abort(): void {
    if (this.isOver) return
    this.isOver = true
    this.#carrier?.abandon()
  }

  /** It is told to who has it for now, and sends it nowhere. */
  wait(carrier: CallCarrier): void {
    this.#carrier = carrier
  }

  begin(carrier: CallCarrier): void {
    this.#attempts += 1
    this.#carrier = carrier
  }

  fail(fault: UpstreamFault, cause: Error): void {
    if (this.isOver) return
    this.isOver = true
    this.handler.onFault(fault, cause)
  }

  finish(trailers: string): void {
    if (this.isOver) return
    this.isOver = true
    this.handler.onEnd(trailers)
  }

  /** True where the upstream has said that it has not begun with it: then any method may be asked again (RFC 9113 §8.7). */
  get mayMove(): boolean {
    return !this.isOver && !this.hasStarted && this.#attempts < MAX_MOVES && this.#isWhole
  }

  /** True where a connection that was used before has closed in our hands, and asking twice does what asking once does. */
  get mayRepeat(): boolean {
    return (
      !this.isOver &&
      !this.hasStarted &&
      this.#attempts === 1 &&
      this.#isWhole &&
      IDEMPOTENT.has(this.request.method)
    )
  }

  /** What is streamed is gone after the first attempt. */
  get #isWhole(): boolean {
    const { body } = this.request
    return body === null || Buffer.isBuffer(body)
  }
}

/** What an error of a connection is to the call that it carries. */
export function faultOf(cause: Error): UpstreamFault {
  const { code } = cause as NodeJS.ErrnoException
  if (code === 'ETIMEDOUT') return 'timeout'
  return code === 'BCN_ADDRESS' ? 'refused' : 'unavailable'
}
