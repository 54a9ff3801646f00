import type { Duplex } from 'node:stream'

import { chunkParts } from '../chunk-parts.ts'
import { STATUS_CODES } from '../node-http.ts'
import type { BodySink, Reply, ResponseHead } from '../port.ts'
import { TEXT_BYTES, type Part } from '../socket-output.ts'
import { LentPieces } from './lent-pieces.ts'

/** What an answer asks of its connection. */
export interface ResponseTarget {
  /** `Date` as a header line. */
  readonly dateLine: () => string
  /** True where the connection ends with this answer; asked once, when its head is written. */
  readonly endsAfter: () => boolean
  /**
   * False where the writer has to wait for a drain.
   *
   * @param onTaken called once the bytes are not needed any more; never where the connection ends before
   */
  readonly write: (parts: readonly Part[], sizeBytes: number, onTaken?: () => void) => boolean
  /** The answer is written. */
  readonly onWritten: (endsConnection: boolean) => void
  readonly destroy: (withReset?: boolean) => void
  /** Gives the connection away, paused. */
  readonly handOver: (onShutdown: () => void) => Duplex
  /** Answers 503 in the place of whoever has not, and ends the connection; or tells whom it was given to. */
  readonly cutOff: () => void
}

type Framing = 'length' | 'chunked' | 'until-close' | 'none'

const LAST_CHUNK = '0\r\n'

const statusLines = new Map<number, string>(
  Object.entries(STATUS_CODES).map(([status, reason]) => [
    Number(status),
    `HTTP/1.1 ${status} ${reason ?? ''}\r\n`,
  ]),
)

/** The answer on a connection. */
export class OutgoingResponse implements Reply, BodySink {
  /** True once there is an answer. */
  hasBegun = false
  bodyBytes = 0
  refusedStatus = 0
  readonly #target: ResponseTarget
  readonly #isHead: boolean
  readonly #isHttp10: boolean
  #listener: ((complete: boolean) => void) | undefined
  #moreListeners: ((complete: boolean) => void)[] | undefined
  #drainListener: (() => void) | undefined
  #framing: Framing = 'none'
  #endsConnection = false
  #leftBytes = 0
  #lent: LentPieces | undefined
  #isOver = false
  #isGivenAway = false

  constructor(target: ResponseTarget, isHead: boolean, isHttp10: boolean) {
    this.#target = target
    this.#isHead = isHead
    this.#isHttp10 = isHttp10
  }

  send(head: ResponseHead, body: Buffer | null): void {
    if (!this.#begin()) return
    const sizeBytes = body?.byteLength ?? 0
    const isBodyless = mayNotHaveBody(head.status)
    const text = this.#headText(head, isBodyless ? '' : `content-length: ${sizeBytes}\r\n`)
    if (body !== null && sizeBytes > 0 && !isBodyless && !this.#isHead) {
      this.bodyBytes = sizeBytes
      this.#target.write([text, body], text.length + sizeBytes)
    } else this.#target.write([text], text.length)
    this.#finish()
  }

  stream(head: ResponseHead): BodySink {
    if (!this.#begin()) return this
    const { lengthBytes } = head
    if (mayNotHaveBody(head.status) || this.#isHead) {
      this.#framing = 'none'
      const length = lengthBytes === -1 || head.status === 204 ? '' : `content-length: ${lengthBytes}\r\n`
      this.#writeHead(head, length)
    } else if (lengthBytes !== -1) {
      this.#framing = 'length'
      this.#leftBytes = lengthBytes
      this.#writeHead(head, `content-length: ${lengthBytes}\r\n`)
    } else {
      this.#framing = this.#isHttp10 ? 'until-close' : 'chunked'
      this.#writeHead(head, this.#isHttp10 ? '' : 'transfer-encoding: chunked\r\n')
    }
    return this
  }

  upgrade({ lines, hasDate }: ResponseHead, protocol: string, onShutdown: () => void): Duplex {
    if (this.hasBegun) throw new Error('a request is answered twice')
    this.hasBegun = true
    const date = hasDate ? '' : this.#target.dateLine()
    const text = `${statusLines.get(101)}${lines}${date}connection: upgrade\r\nupgrade: ${protocol}\r\n\r\n`
    this.#target.write([text], text.length)
    this.#isGivenAway = true
    return this.#target.handOver(onShutdown)
  }

  write(chunk: Buffer): boolean {
    return this.#take(chunk, chunk.byteLength)
  }

  writeLent(chunk: Buffer): boolean {
    const sizeBytes = chunk.byteLength
    if (!this.#takesBody(sizeBytes)) return true
    if (sizeBytes <= TEXT_BYTES) return this.#take(chunk.toString('latin1'), sizeBytes)
    return this.#take((this.#lent ??= new LentPieces()).copy(chunk), sizeBytes)
  }

  #takesBody(sizeBytes: number): boolean {
    return !this.#isOver && sizeBytes > 0 && this.#framing !== 'none'
  }

  #take(part: Part, sizeBytes: number): boolean {
    if (!this.#takesBody(sizeBytes)) return true
    this.bodyBytes += sizeBytes
    const onTaken = this.#lent?.release()
    if (this.#framing === 'chunked') {
      const chunk = chunkParts(part, sizeBytes)
      return this.#target.write(chunk.parts, chunk.sizeBytes, onTaken)
    }
    if (this.#framing === 'length') {
      this.#leftBytes -= sizeBytes
      if (this.#leftBytes < 0) {
        this.destroy()
        return true
      }
    }
    return this.#target.write([part], sizeBytes, onTaken)
  }

  onDrain(listener: () => void): void {
    this.#drainListener = listener
  }

  end(trailers = ''): void {
    if (this.#isOver) return
    // What is announced and does not come is no answer.
    if (this.#framing === 'length' && this.#leftBytes > 0) return this.destroy()
    if (this.#framing === 'chunked') {
      const last = `${LAST_CHUNK}${trailers}\r\n`
      this.#target.write([last], last.length)
    }
    this.#finish()
  }

  destroy(): void {
    if (this.#isOver) return
    // The client gets what there was and sees that more is missing, where the end alone would be that of the answer.
    this.#target.destroy(this.#framing === 'until-close')
  }

  cutOff(): void {
    if (this.#isOver) return
    if (this.hasBegun && !this.#isGivenAway) this.destroy()
    else this.#target.cutOff()
  }

  onClose(listener: (complete: boolean) => void): void {
    if (this.#listener === undefined) this.#listener = listener
    else (this.#moreListeners ??= []).push(listener)
  }

  /** The connection takes more. */
  drained(): void {
    if (!this.#isOver) this.#drainListener?.()
  }

  /** Tells how it ended; the connection calls it when it is closed. */
  settle(complete: boolean): void {
    this.#isOver = true
    const [listener, more] = [this.#listener, this.#moreListeners]
    this.#listener = undefined
    this.#moreListeners = undefined
    listener?.(complete)
    for (const other of more ?? []) other(complete)
  }

  #begin(): boolean {
    if (this.#isOver) return false
    if (this.hasBegun) throw new Error('a request is answered twice')
    this.hasBegun = true
    return true
  }

  #headText({ status, lines, hasDate }: ResponseHead, framing: string): string {
    this.#endsConnection = this.#target.endsAfter() || this.#framing === 'until-close'
    const statusLine = statusLines.get(status) ?? `HTTP/1.1 ${status} \r\n`
    const date = hasDate ? '' : this.#target.dateLine()
    const connection = this.#endsConnection ? 'connection: close\r\n\r\n' : '\r\n'
    return statusLine + lines + date + framing + connection
  }

  #writeHead(head: ResponseHead, framing: string): void {
    const text = this.#headText(head, framing)
    this.#target.write([text], text.length)
  }

  #finish(): void {
    // The connection may have ended while it was written to.
    if (!this.#isOver) this.#target.onWritten(this.#endsConnection)
  }
}

/** RFC 9110 §6.4.1. */
function mayNotHaveBody(status: number): boolean {
  return status === 204 || status === 304 || status < 200
}
