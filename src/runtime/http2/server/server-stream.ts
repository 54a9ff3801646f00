import { constants, type ServerHttp2Stream } from 'node:http2'

import {
  acceptsTrailers,
  IncomingRequest,
  plainProblem,
  SlowRead,
  type ConnectionScope,
  type EngineFault,
  type RequestHead,
  type RequestSource,
} from '../../http/index.ts'
import { GOODBYE_MS } from './http2-limits.ts'
import { StreamResponse, type ResponseOwner } from './stream-response.ts'

/** What a stream tells its connection. */
export interface StreamOwner {
  readonly scope: ConnectionScope
  readonly remoteAddress: string
  readonly scheme: 'http' | 'https'
  readonly isPeerVerified: boolean
  /** Ends the connection at once. */
  readonly destroy: () => void
  /** @param wasGivenUp the client has ended it before it had its answer, or has broken the rules on it */
  readonly onStreamClose: (stream: ServerStream, wasGivenUp: boolean) => void
}

/** One request and its answer, on a stream of their own. */
export class ServerStream implements RequestSource, ResponseOwner {
  readonly remoteAddress: string
  readonly scheme: 'http' | 'https'
  readonly isPeerVerified: boolean
  readonly response: StreamResponse
  readonly #stream: ServerHttp2Stream
  readonly #owner: StreamOwner
  readonly #slowRead: SlowRead
  readonly #isHead: boolean
  #request: IncomingRequest | undefined
  #deadlineMs = Infinity
  #checkedMs: number
  #isWritten = false
  #isEndedHere = false
  /** When a reset of ours should have left; a connection that is not read does not let it. */
  #resetDeadlineMs = Infinity

  constructor(stream: ServerHttp2Stream, owner: StreamOwner, isHead: boolean) {
    const { limits, watch } = owner.scope
    this.#stream = stream
    this.#owner = owner
    this.#isHead = isHead
    this.remoteAddress = owner.remoteAddress
    this.scheme = owner.scheme
    this.isPeerVerified = owner.isPeerVerified
    this.response = new StreamResponse(stream, this, isHead)
    this.#slowRead = new SlowRead(this.response.written, limits)
    this.#checkedMs = watch.nowMs
    stream.on('close', () => this.#onClose())
  }

  /** Makes the request whose head was read; its body follows. */
  begin(head: RequestHead, endsWithHead: boolean): IncomingRequest {
    const request = new IncomingRequest(head, this)
    this.response.mayTrail = acceptsTrailers(head.headers.values('te'))
    this.#request = request
    request.isComplete = endsWithHead
    if (endsWithHead) return request
    const { watch, limits } = this.#owner.scope
    this.#deadlineMs = watch.deadlineMs(limits.requestTimeoutMs)
    this.#stream.on('data', (chunk: Buffer) => request.push(chunk))
    this.#stream.on('trailers', (_, __, raw) => head.trailers.take(raw))
    this.#stream.on('end', () => {
      // An end that follows from a reset is none.
      if (!this.#stream.aborted) request.finish()
    })
    return request
  }

  check(nowMs: number): void {
    const request = this.#request
    if (this.#stream.closed && this.#stream.isPaused()) this.giveUp()
    // Time in which the gateway does not want to read is not the client's.
    if (this.#stream.isPaused()) this.#deadlineMs += nowMs - this.#checkedMs
    this.#checkedMs = nowMs
    if (this.#isEndedHere) {
      if (nowMs >= this.#resetDeadlineMs) this.#owner.destroy()
      return
    }
    if (this.#slowRead.isTooSlow(nowMs)) return this.cancel(constants.NGHTTP2_INTERNAL_ERROR)
    if (request === undefined || request.isComplete) return
    const allowanceMs = (request.receivedBytes / this.#owner.scope.limits.minBytesPerSecond) * 1000
    if (nowMs >= this.#deadlineMs + allowanceMs) this.#timeOut(request)
  }

  /** The client has ended it; Node is only done with it once all that has come of it was read. */
  giveUp(): void {
    this.#request?.abort()
    this.#stream.resume()
  }

  pauseReading(): void {
    this.#stream.pause()
  }

  resumeReading(): void {
    this.#stream.resume()
  }

  inviteBody(): void {
    if (!this.#stream.closed) this.#stream.additionalHeaders({ ':status': 100 })
  }

  dateLine(): string {
    return this.#owner.scope.dateLine()
  }

  onWritten(): void {
    this.#isWritten = true
    // RFC 9113 §8.1: whoever has its answer need not send the rest of its request.
    if (this.#request?.isComplete !== true) {
      this.#request?.abort()
      // A reset would overtake fields behind the answer.
      if (this.response.mayTrail) setImmediate(() => this.#leaveRest())
      else this.#leaveRest()
    }
    this.response.settle(true)
  }

  #leaveRest(): void {
    this.cancel(constants.NGHTTP2_NO_ERROR)
    // A stream is only done with once all that has come of it was read.
    this.#stream.resume()
  }

  cutOff(): void {
    this.#request?.abort()
    this.#answerInstead('configuration-retired')
  }

  cancel(code: number): void {
    if (this.#isEndedHere) return
    this.#isEndedHere = true
    this.#resetDeadlineMs = this.#owner.scope.watch.deadlineMs(GOODBYE_MS)
    if (this.#stream.closed) return
    if (code === constants.NGHTTP2_NO_ERROR) this.#stream.close(code)
    // `close` would end the body first, and what is missing of it would not be missed.
    else this.#stream.destroy(new Error('The answer is not whole'))
  }

  #timeOut(request: IncomingRequest): void {
    if (this.response.hasBegun) return this.cancel(constants.NGHTTP2_INTERNAL_ERROR)
    request.abort()
    this.#answerInstead('request-timeout')
  }

  /** Answers in place of whoever has begun to handle it. */
  #answerInstead(fault: EngineFault): void {
    this.response.refusedStatus = plainProblem(fault).status
    this.response.settle(false)
    this.#owner.scope.refuse(new StreamResponse(this.#stream, this, this.#isHead), fault)
  }

  #onClose(): void {
    this.#request?.abort()
    if (!this.#isWritten) this.response.settle(false)
    const { rstCode } = this.#stream
    const wasGivenUp = !this.#isEndedHere && (rstCode !== constants.NGHTTP2_NO_ERROR || !this.#isWritten)
    this.#owner.onStreamClose(this, wasGivenUp)
  }
}
