import type { Reply } from './http/index.ts'

/** The requests that a configuration has begun to handle, and has not finished. */
export class RequestsInFlight {
  readonly #replies = new Set<Reply>()
  #onIdle: (() => void) | undefined

  get count(): number {
    return this.#replies.size
  }

  begin(reply: Reply): void {
    this.#replies.add(reply)
  }

  end(reply: Reply): void {
    this.#replies.delete(reply)
    if (this.#replies.size === 0) this.#onIdle?.()
  }

  /**
   * Resolves when there are none any more, to how many had to be cut off.
   *
   * @param timeoutMs how long they may last; Infinity for as long as they want
   */
  async drain(timeoutMs: number): Promise<number> {
    if (this.#replies.size === 0) return 0
    const idle = new Promise<void>((resolve) => (this.#onIdle = resolve))
    let cutOff = 0
    const timer =
      timeoutMs === Infinity
        ? undefined
        : setTimeout(() => {
            cutOff = this.#replies.size
            for (const reply of this.#replies) reply.cutOff?.()
          }, timeoutMs)
    await idle
    clearTimeout(timer)
    return cutOff
  }
}
