const OPCODE_CLOSE = 0x8

/**
 * Follows where the frames of one direction begin and end (RFC 6455 §5.2), so that a frame can be put between two of them.
 * It keeps nothing of what they hold.
 */
export class FrameTracker {
  /** True once a frame that closes has begun: nothing follows it. */
  hasClosed = false
  readonly #head: number[] = []
  #payloadLeft = 0

  /** True between two frames. */
  get isBetweenFrames(): boolean {
    return this.#head.length === 0 && this.#payloadLeft === 0
  }

  /**
   * Reads a piece, or of it only what belongs to the frame that has begun.
   *
   * @returns how many bytes were read
   */
  read(chunk: Buffer, onlyToFrameEnd = false): number {
    let at = 0
    while (at < chunk.byteLength) {
      if (onlyToFrameEnd && this.isBetweenFrames) break
      if (this.#payloadLeft > 0) {
        const taken = Math.min(this.#payloadLeft, chunk.byteLength - at)
        this.#payloadLeft -= taken
        at += taken
      } else {
        this.#head.push(chunk[at] as number)
        at += 1
        if (this.#head.length === headLength(this.#head)) this.#begin()
      }
    }
    return at
  }

  #begin(): void {
    const head = this.#head
    if (((head[0] as number) & 0x0f) === OPCODE_CLOSE) this.hasClosed = true
    const short = (head[1] as number) & 0x7f
    const extended = head.slice(2, short === 127 ? 10 : 4)
    this.#payloadLeft = short < 126 ? short : extended.reduce((length, byte) => length * 256 + byte, 0)
    head.length = 0
  }
}

/** The length of a head, as far as its first two bytes say; with fewer of them it is not whole yet. */
function headLength(head: readonly number[]): number {
  const second = head[1]
  if (second === undefined) return 2
  const short = second & 0x7f
  const extended = short === 127 ? 8 : short === 126 ? 2 : 0
  return 2 + extended + (second >= 0x80 ? 4 : 0)
}
