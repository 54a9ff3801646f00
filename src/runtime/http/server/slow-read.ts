import type { Socket } from 'node:net'

import type { HttpLimits } from '../limits.ts'

/** Finds clients that read so slowly that their answers only take up memory. */
export class SlowRead {
  readonly #socket: Socket
  readonly #limits: HttpLimits
  #sinceMs = -1
  #writtenBytes = 0

  constructor(socket: Socket, limits: HttpLimits) {
    this.#socket = socket
    this.#limits = limits
  }

  isTooSlow(nowMs: number): boolean {
    if (this.#socket.writableLength === 0) {
      this.#sinceMs = -1
      return false
    }
    const leftBytes = this.#socket.bytesWritten - this.#socket.writableLength
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
