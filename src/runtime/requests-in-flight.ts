import type { Reply } from './http/index.ts'

/** The requests that a configuration has begun to handle, and has not finished. */
export class RequestsInFlight {
  /** Numbered, since a set would cost a request more than all of its routing. */
  readonly #replies: (Reply | undefined)[] = []
  readonly #freeNumbers: number[] = []
  #count = 0
  #onIdle: (() => void) | undefined

  get count(): number {
    return this.#count
  }

  /** Returns what {@link end} wants to know. */
  begin(reply: Reply): number {
    this.#count += 1
    const number = this.#freeNumbers.pop() ?? this.#replies.length
    this.#replies[number] = reply
    return number
  }

  end(number: number): void {
    this.#count -= 1
    this.#replies[number] = undefined
    this.#freeNumbers.push(number)
    if (this.#count === 0) this.#onIdle?.()
  }

  /**
   * Resolves when there are none any more, to how many had to be cut off.
   *
   * @param timeoutMs how long they may last; Infinity for as long as they want
   */
  async drain(timeoutMs: number): Promise<number> {
    if (this.#count === 0) return 0
    const idle = new Promise<void>((resolve) => (this.#onIdle = resolve))
    let cutOff = 0
    const timer =
      timeoutMs === Infinity
        ? undefined
        : setTimeout(() => {
            cutOff = this.#count
            for (const reply of this.#replies) reply?.cutOff?.()
          }, timeoutMs)
    await idle
    clearTimeout(timer)
    return cutOff
  }
}
