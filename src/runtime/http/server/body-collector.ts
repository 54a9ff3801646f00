const EMPTY = Buffer.alloc(0)
const SMALLEST_BYTES = 4096

/** Puts a body together, in memory of at most twice its size however small the pieces are that it comes in. */
export class BodyCollector {
  #buffer: Buffer = EMPTY
  #sizeBytes = 0
  #isOwn = false

  add(piece: Buffer): void {
    if (this.#sizeBytes === 0) {
      // Most bodies are one piece, which need not be copied.
      this.#buffer = piece
      this.#sizeBytes = piece.byteLength
      return
    }
    const sizeBytes = this.#sizeBytes + piece.byteLength
    if (!this.#isOwn || sizeBytes > this.#buffer.byteLength) this.#grow(sizeBytes)
    this.#buffer.set(piece, this.#sizeBytes)
    this.#sizeBytes = sizeBytes
  }

  /** The body so far. */
  whole(): Buffer {
    return this.#buffer.subarray(0, this.#sizeBytes)
  }

  #grow(sizeBytes: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(SMALLEST_BYTES, sizeBytes, 2 * this.#sizeBytes))
    larger.set(this.whole())
    this.#buffer = larger
    this.#isOwn = true
  }
}
