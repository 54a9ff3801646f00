import type { Fields } from '../fields.ts'
import type { BodyFault, BodyFlow, BodyReader, GatewayRequest } from '../port.ts'
import { BodyCollector } from './body-collector.ts'
import type { RequestHead } from './request-head.ts'

/** What a request asks of the connection that it came on. */
export interface RequestSource {
  readonly remoteAddress: string
  readonly scheme: 'http' | 'https'
  readonly isPeerVerified: boolean
  readonly pauseReading: () => void
  readonly resumeReading: () => void
  readonly inviteBody: () => void
}

const NO_FLOW: BodyFlow = { resume: () => {} }

/** A request on a connection. Its body waits until somebody reads it, and the connection waits with it. */
export class IncomingRequest implements GatewayRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: Fields
  readonly hasBody: boolean
  readonly contentLength: number
  readonly remoteAddress: string
  readonly scheme: 'http' | 'https'
  readonly version: '1.0' | '1.1' | '2.0'
  readonly upgrade: string | undefined
  /** True once the whole message has arrived. */
  isComplete = false
  receivedBytes = 0
  readonly #head: RequestHead
  readonly #source: RequestSource
  /** What has come before somebody reads: the first piece, and those behind it. */
  #held: Buffer | undefined
  #heldMore: Buffer[] | undefined
  #reader: BodyReader | undefined
  #limitBytes = 0
  #isSettled = false

  constructor(head: RequestHead, source: RequestSource) {
    this.method = head.method
    this.path = head.path
    this.query = head.query
    this.headers = head.headers
    this.contentLength = head.contentLength
    this.hasBody = head.isChunked || head.contentLength > 0
    this.remoteAddress = source.remoteAddress
    this.scheme = source.scheme
    this.version = head.version
    this.upgrade = head.upgrade
    this.#head = head
    this.#source = source
  }

  get isPeerVerified(): boolean {
    return this.#source.isPeerVerified
  }

  /** True where the rest of the message will be taken off the connection. */
  get isBeingRead(): boolean {
    return this.isComplete || (this.#reader !== undefined && !this.#isSettled)
  }

  readBody(limitBytes: number, done: (outcome: Buffer | BodyFault) => void): void {
    const held = this.#held
    const isWhole = this.isComplete && held !== undefined && this.#heldMore === undefined
    if (isWhole && held.byteLength <= limitBytes) {
      this.#isSettled = true
      this.#held = undefined
      return done(held)
    }
    const collector = new BodyCollector()
    this.streamBody(limitBytes, {
      onData: (piece) => {
        collector.add(piece)
        return true
      },
      onEnd: () => done(collector.whole()),
      onFault: done,
    })
  }

  streamBody(limitBytes: number, reader: BodyReader): BodyFlow {
    if (this.contentLength > limitBytes) {
      this.#isSettled = true
      this.#takeHeld()
      reader.onFault('too-large')
      return NO_FLOW
    }
    this.#limitBytes = limitBytes
    this.#reader = reader
    if (this.#head.expectsContinue && !this.isComplete && this.receivedBytes === 0) this.#source.inviteBody()
    this.receivedBytes = 0
    let isTaking = true
    for (const piece of this.#takeHeld()) isTaking = this.#deliver(piece)
    if (this.isComplete) this.finish()
    else if (isTaking) this.#source.resumeReading()
    return {
      resume: () => {
        if (!this.isComplete) this.#source.resumeReading()
      },
    }
  }

  /** Takes a piece of the body from the connection. */
  push(piece: Buffer): void {
    if (this.#isSettled) return
    if (this.#reader === undefined) {
      this.receivedBytes += piece.byteLength
      if (this.#held === undefined) this.#held = piece
      else (this.#heldMore ??= []).push(piece)
      if (!this.isComplete) this.#source.pauseReading()
    } else if (!this.#deliver(piece)) this.#source.pauseReading()
  }

  /** The whole message has arrived. */
  finish(): void {
    this.isComplete = true
    if (this.#reader === undefined || this.#isSettled) return
    this.#isSettled = true
    this.#reader.onEnd(this.#head.trailers.lines())
  }

  /** The rest of the message will not arrive. */
  abort(): void {
    if (this.isComplete || this.#isSettled) return
    this.#isSettled = true
    this.#reader?.onFault('aborted')
  }

  #takeHeld(): readonly Buffer[] {
    const pieces = this.#held === undefined ? [] : [this.#held, ...(this.#heldMore ?? [])]
    this.#held = undefined
    this.#heldMore = undefined
    return pieces
  }

  #deliver(piece: Buffer): boolean {
    if (this.#isSettled) return true
    this.receivedBytes += piece.byteLength
    if (this.receivedBytes > this.#limitBytes) {
      this.#isSettled = true
      this.#reader?.onFault('too-large')
      return true
    }
    return this.#reader?.onData(piece) ?? true
  }
}
