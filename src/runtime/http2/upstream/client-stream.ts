import { constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2'

import {
  Fields,
  faultOf,
  TrailerSection,
  type BodyFlow,
  type BodySource,
  type CallCarrier,
  type UpstreamCall,
} from '../../http/index.ts'
import { addPairs, trailerFields } from '../field-pairs.ts'
import { StreamOutput } from '../stream-output.ts'

/** What a stream asks of its session. */
export interface ClientStreamOwner {
  readonly scheme: 'http' | 'https'
  readonly authority: string
  readonly deadlineMs: (timeoutMs: number) => number
  /** The service has said that it has not looked at the stream with this number. */
  readonly isLeftOut: (id: number) => boolean
  /** Why the session has ended, where it has. */
  readonly cause: Error | undefined
  readonly onStreamClose: (stream: ClientStream) => void
  /** The call can be made on another session. */
  readonly onUnprocessed: (call: UpstreamCall) => void
  /** There was no answer in time; the connection may be dead. */
  readonly onSilence: () => void
}

/** A service may say this often that it is not done yet. */
const MAX_INTERIM = 32

/** One call on a stream of its own. */
export class ClientStream implements CallCarrier {
  readonly #call: UpstreamCall
  readonly #owner: ClientStreamOwner
  readonly #stream: ClientHttp2Stream
  readonly #trailers = new TrailerSection()
  #bodyFlow: BodyFlow | undefined
  #interim = 0
  #cause: Error | undefined

  constructor(call: UpstreamCall, session: ClientHttp2Session, owner: ClientStreamOwner) {
    const { body } = call.request
    this.#call = call
    this.#owner = owner
    const stream = session.request(requestPairs(call, owner), {
      endStream: body === null,
      waitForTrailers: body !== null && !Buffer.isBuffer(body),
    })
    this.#stream = stream
    stream.on('headers', () => this.#onInterim())
    stream.on('response', (_, __, raw) => this.#onResponse(raw))
    stream.on('data', (chunk: Buffer) => this.#onData(chunk))
    stream.on('trailers', (_, __, raw) => this.#trailers.take(raw))
    stream.on('end', () => this.#onEnd())
    stream.on('error', (error: Error) => (this.#cause ??= error))
    stream.on('close', () => this.#onClose())
    call.begin(this)
    if (Buffer.isBuffer(body)) stream.end(body)
    else if (body !== null) this.#streamBody(body)
  }

  resume(): void {
    if (!this.#stream.isPaused()) return
    this.#extend()
    this.#stream.resume()
  }

  /** Nobody waits for the answer any more. */
  abandon(): void {
    this.#cancel(new Error('The request was given up'))
  }

  check(nowMs: number): void {
    const call = this.#call
    if (call.isOver || nowMs <= call.deadlineMs || this.#stream.isPaused()) return
    const what = call.hasStarted ? 'The answer stopped' : 'No answer'
    this.#owner.onSilence()
    this.#cancel(Object.assign(new Error(`${what} in time`), { code: 'ETIMEDOUT' }))
  }

  #streamBody(body: BodySource): void {
    const output = new StreamOutput(this.#stream, () => this.#bodyFlow?.resume())
    this.#bodyFlow = body.start({
      write: (chunk) => {
        if (this.#call.isOver || this.#stream.closed || chunk.byteLength === 0) return true
        // As long as the client sends, the service need not have answered.
        this.#extend()
        return output.write(chunk)
      },
      end: (trailers = '') => {
        this.#stream.once('wantTrailers', () => this.#stream.sendTrailers(trailerFields(trailers)))
        output.end(() => this.#stream.end())
      },
      abort: () => this.#cancel(new Error('The client did not send the whole request')),
    })
  }

  #onInterim(): void {
    this.#interim += 1
    if (this.#interim > MAX_INTERIM) this.#cancel(new Error('The service does not come to its answer'))
  }

  #onResponse(raw: readonly string[]): void {
    const call = this.#call
    if (call.isOver) return
    call.hasStarted = true
    this.#extend()
    const pairs: string[] = []
    let status = 0
    for (let at = 0; at < raw.length; at += 2) {
      const [name, value] = [raw[at] as string, raw[at + 1] as string]
      if (name === ':status') status = Number(value)
      else pairs.push(name, value.trim())
    }
    call.handler.onStart(status, Fields.received(pairs))
  }

  #onData(chunk: Buffer): void {
    this.#extend()
    if (!this.#call.isOver && !this.#call.handler.onData(chunk)) this.#stream.pause()
  }

  #onEnd(): void {
    // An end that follows from a reset is none.
    if (this.#stream.rstCode !== constants.NGHTTP2_NO_ERROR || !this.#call.hasStarted) return
    this.#call.finish(this.#trailers.lines())
    // The service has answered without the rest of the request, which nobody needs (RFC 9113 §8.1).
    if (!this.#stream.writableEnded) this.#reset()
  }

  #extend(): void {
    this.#call.deadlineMs = this.#owner.deadlineMs(this.#call.request.timeoutMs)
  }

  #cancel(cause: Error): void {
    this.#cause ??= cause
    this.#reset()
  }

  #reset(): void {
    // `close` would end a body first, and what is missing of it would not be missed.
    if (this.#stream.writableEnded) this.#stream.close(constants.NGHTTP2_CANCEL)
    else this.#stream.destroy(this.#cause)
    this.#stream.resume()
  }

  #onClose(): void {
    const call = this.#call
    this.#owner.onStreamClose(this)
    if (call.isOver) return
    if (this.#isUnprocessed() && call.mayMove) return this.#owner.onUnprocessed(call)
    const cause = this.#cause ?? this.#owner.cause ?? new Error('The service has ended the answer')
    call.fail(faultOf(cause), cause)
  }

  #isUnprocessed(): boolean {
    const { id, rstCode } = this.#stream
    if (id === undefined || rstCode === constants.NGHTTP2_REFUSED_STREAM) return true
    return this.#owner.isLeftOut(id)
  }
}

/** Names and values by turns. */
function requestPairs({ request }: UpstreamCall, { scheme, authority }: ClientStreamOwner): string[] {
  const { method, target, lines, body } = request
  const pairs = [':method', method, ':scheme', scheme, ':authority', authority, ':path', target]
  addPairs(pairs, lines)
  const lengthBytes = Buffer.isBuffer(body) ? body.byteLength : (body?.lengthBytes ?? -1)
  if (lengthBytes !== -1) pairs.push('content-length', String(lengthBytes))
  return pairs
}
