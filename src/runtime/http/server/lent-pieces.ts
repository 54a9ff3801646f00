import { SHARED_INPUT_BYTES } from '../shared-input.ts'

/** What is kept for others when it is not needed: 4 MB. */
const MAX_FREE = 64

const free: Buffer[] = []

/**
 * Copies of pieces of bodies until they are written, in memory that is used again: what is allocated for each piece lies
 * about until V8 collects it, which it then does again and again.
 */
export class LentPieces {
  #used: Buffer[] = []

  /** A copy, which stays until {@link release}; of what is longer than is ever lent, a copy that is not used again. */
  copy(piece: Buffer): Buffer {
    if (piece.byteLength > SHARED_INPUT_BYTES) return Buffer.from(piece)
    const memory = free.pop() ?? Buffer.allocUnsafeSlow(SHARED_INPUT_BYTES)
    this.#used.push(memory)
    memory.set(piece)
    return piece.byteLength === SHARED_INPUT_BYTES ? memory : memory.subarray(0, piece.byteLength)
  }

  /** Hands over what was copied so far: to be called when it is written. Undefined where there is nothing. */
  release(): (() => void) | undefined {
    const used = this.#used
    if (used.length === 0) return undefined
    this.#used = []
    return () => {
      for (const memory of used) if (free.length < MAX_FREE) free.push(memory)
    }
  }
}
