import type { Http2Stream } from 'node:http2'

import type { Written } from '../http/index.ts'

/** What is given to nghttp2 at a time: when it is gone, that much has been read by the peer or is on its way. */
const PIECE_BYTES = 32 * 1024
/** Where more than this waits, whoever writes has to wait too. */
const HIGH_WATER_BYTES = 128 * 1024

/** A body on a stream, written no faster than the peer reads it. */
export class StreamOutput implements Written {
  bytesWritten = 0
  writableLength = 0
  readonly #stream: Http2Stream
  readonly #onDrain: () => void
  #waiting: Buffer[] = []
  #isBusy = false
  #isFull = false
  #end: (() => void) | undefined

  /** @param onDrain there is room again, after {@link write} has said that there is none */
  constructor(stream: Http2Stream, onDrain: () => void) {
    this.#stream = stream
    this.#onDrain = onDrain
  }

  /** False where there is no more room. */
  write(chunk: Buffer): boolean {
    this.#waiting.push(chunk)
    this.bytesWritten += chunk.byteLength
    this.writableLength += chunk.byteLength
    this.#pump()
    this.#isFull = this.writableLength >= HIGH_WATER_BYTES
    return !this.#isFull
  }

  /** Calls once all that was written is gone. */
  end(done: () => void): void {
    this.#end = done
    this.#pump()
  }

  #pump(): void {
    if (this.#isBusy) return
    const piece = this.#nextPiece()
    if (piece === undefined) return this.#end?.()
    this.#isBusy = true
    this.#stream.write(piece, () => {
      this.#isBusy = false
      this.writableLength -= piece.byteLength
      if (this.#isFull && this.writableLength < HIGH_WATER_BYTES) {
        this.#isFull = false
        this.#onDrain()
      }
      if (!this.#stream.destroyed) this.#pump()
    })
  }

  #nextPiece(): Buffer | undefined {
    const waiting = this.#waiting
    const [first] = waiting
    if (first === undefined) return undefined
    if (first.byteLength > PIECE_BYTES) {
      waiting[0] = first.subarray(PIECE_BYTES)
      return first.subarray(0, PIECE_BYTES)
    }
    let count = 1
    let sizeBytes = first.byteLength
    while (count < waiting.length && sizeBytes + (waiting[count] as Buffer).byteLength <= PIECE_BYTES) {
      sizeBytes += (waiting[count] as Buffer).byteLength
      count += 1
    }
    const taken = waiting.splice(0, count)
    return count === 1 ? first : Buffer.concat(taken, sizeBytes)
  }
}
