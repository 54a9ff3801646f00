import { constants, type ServerHttp2Stream } from 'node:http2'

import type { BodySink, Reply, ResponseHead, Written } from '../../http/index.ts'
import { addPairs, trailerFields } from '../field-pairs.ts'
import { StreamOutput } from '../stream-output.ts'

/** What an answer tells the stream that it is given on. */
export interface ResponseOwner {
  readonly dateLine: () => string
  /** The answer has left. */
  readonly onWritten: () => void
  /** Ends the stream without the rest of its answer. */
  readonly cancel: (code: number) => void
  /** Answers 503 in the place of whoever has not. */
  readonly cutOff: () => void
}

/** The answer on a stream. */
export class StreamResponse implements Reply, BodySink {
  /** True once there is an answer. */
  hasBegun = false
  refusedStatus = 0
  /** The client reads fields behind a body. */
  mayTrail = false
  readonly #stream: ServerHttp2Stream
  readonly #owner: ResponseOwner
  readonly #isHead: boolean
  readonly #output: StreamOutput
  #listeners: ((complete: boolean) => void)[] = []
  #drainListener: (() => void) | undefined
  #hasBody = false
  #leftBytes = -1
  #isOver = false

  constructor(stream: ServerHttp2Stream, owner: ResponseOwner, isHead: boolean) {
    this.#stream = stream
    this.#owner = owner
    this.#isHead = isHead
    this.#output = new StreamOutput(stream, () => this.#drainListener?.())
  }

  get bodyBytes(): number {
    return this.#output.bytesWritten
  }

  get written(): Written {
    return this.#output
  }

  send(head: ResponseHead, body: Buffer | null): void {
    if (!this.#begin()) return
    const lengthBytes = body?.byteLength ?? 0
    this.#respond(head, isBodyless(head.status) ? -1 : lengthBytes, lengthBytes > 0)
    if (this.#hasBody && body !== null) this.#output.write(body)
    this.#finish()
  }

  stream(head: ResponseHead): BodySink {
    if (this.#begin()) {
      this.#leftBytes = head.lengthBytes
      this.#respond(head, head.lengthBytes, true)
    }
    return this
  }

  write(chunk: Buffer): boolean {
    if (this.#isOver || chunk.byteLength === 0 || !this.#hasBody) return true
    if (this.#leftBytes !== -1) {
      this.#leftBytes -= chunk.byteLength
      if (this.#leftBytes < 0) {
        this.destroy()
        return true
      }
    }
    return this.#output.write(chunk)
  }

  onDrain(listener: () => void): void {
    this.#drainListener = listener
  }

  end(trailers = ''): void {
    if (this.#isOver) return
    // What is announced and does not come is no answer.
    if (this.#hasBody && this.#leftBytes > 0) return this.destroy()
    this.#finish(trailers)
  }

  destroy(): void {
    if (!this.#isOver) this.#owner.cancel(constants.NGHTTP2_INTERNAL_ERROR)
  }

  cutOff(): void {
    if (this.#isOver) return
    if (this.hasBegun) this.destroy()
    else this.#owner.cutOff()
  }

  onClose(listener: (complete: boolean) => void): void {
    this.#listeners.push(listener)
  }

  /** Tells how it ended. */
  settle(complete: boolean): void {
    this.#isOver = true
    const listeners = this.#listeners
    this.#listeners = []
    for (const listener of listeners) listener(complete)
  }

  #begin(): boolean {
    if (this.#isOver) return false
    if (this.hasBegun) throw new Error('a request is answered twice')
    this.hasBegun = true
    return true
  }

  #respond({ status, lines, hasDate }: ResponseHead, lengthBytes: number, hasContent: boolean): void {
    // node:http2 sends none but those that RFC 9110 §15 defines classes for.
    const pairs = [':status', String(status > 599 ? 502 : status)]
    addPairs(pairs, lines)
    if (!hasDate) addPairs(pairs, this.#owner.dateLine())
    if (lengthBytes !== -1 && status !== 204) {
      pairs.push('content-length', String(lengthBytes))
    }
    this.#hasBody = hasContent && !isBodyless(status) && !this.#isHead
    this.#stream.respond(pairs, {
      endStream: !this.#hasBody,
      waitForTrailers: this.#hasBody && this.mayTrail,
    })
  }

  #finish(trailers = ''): void {
    if (!this.#hasBody) return this.#owner.onWritten()
    if (this.mayTrail) {
      this.#stream.once('wantTrailers', () => {
        this.#stream.sendTrailers(trailerFields(trailers))
        this.#owner.onWritten()
      })
    }
    this.#output.end(() => {
      if (this.#isOver) return
      if (this.mayTrail) this.#stream.end()
      else this.#stream.end(() => this.#owner.onWritten())
    })
  }
}

/** RFC 9110 §6.4.1. */
function isBodyless(status: number): boolean {
  return status === 204 || status === 304
}
