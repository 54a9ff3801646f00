import type { HttpLimits } from '../limits.ts'

/** What is written to a client, of a socket or of a stream on one. */
export interface Written {
  /** All that was written so far. */
  readonly bytesWritten: number
  /** What of it has not left yet. */
  readonly writableLength: number
}

/** Finds clients that read so slowly that their answers only take up memory. */
export class SlowRead {
  readonly #written: Written
  readonly #limits: HttpLimits
  #sinceMs = -1
  #writtenBytes = 0

  constructor(written: Written, limits: HttpLimits) {
    this.#written = written
    this.#limits = limits
  }

  isTooSlow(nowMs: number): boolean {
    if (this.#written.writableLength === 0) {
      this.#sinceMs = -1
      return false
    }
    const leftBytes = this.#written.bytesWritten - this.#written.writableLength
    if (this.#sinceMs === -1) this.#begin(nowMs, leftBytes)
    const elapsedMs = nowMs - this.#sinceMs
    if (elapsedMs < this.#limits.sendTimeoutMs) return false
    const isSlow = leftBytes - this.#writtenBytes < (elapsedMs / 1000) * this.#limits.minBytesPerSecond
    this.#begin(nowMs, leftBytes)
    return isSlow
  }

  #begin(nowMs: number, leftBytes: number): void {
    this.#sinceMs = nowMs
    this.#writtenBytes = leftBytes
  }
}
