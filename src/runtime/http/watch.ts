/** Something that is looked at every now and then, to find what takes too long. */
export interface Watched {
  readonly check: (nowMs: number) => void
}

/**
 * One timer for any number of connections: their times are coarse, and setting one costs no more than an assignment.
 */
export class Watch {
  /** The clock when it was last read, at most one interval ago. */
  nowMs: number
  readonly #monotonicMs: () => number
  readonly #intervalMs: number
  readonly #members = new Set<Watched>()
  #timer: NodeJS.Timeout | undefined

  constructor(monotonicMs: () => number, intervalMs: number) {
    this.#monotonicMs = monotonicMs
    this.#intervalMs = intervalMs
    this.nowMs = monotonicMs()
  }

  /** How many are looked at. */
  get size(): number {
    return this.#members.size
  }

  /** When a time that begins now is over, never too early: the clock was read some time ago. */
  deadlineMs(timeoutMs: number): number {
    return this.nowMs + this.#intervalMs + timeoutMs
  }

  add(member: Watched): void {
    this.#members.add(member)
    if (this.#timer !== undefined) return
    this.nowMs = this.#monotonicMs()
    this.#timer = setInterval(() => this.#look(), this.#intervalMs)
    // Members are sockets, which keep the process alive as long as they should.
    this.#timer.unref()
  }

  delete(member: Watched): void {
    this.#members.delete(member)
    if (this.#members.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #look(): void {
    this.nowMs = this.#monotonicMs()
    for (const member of this.#members) member.check(this.nowMs)
  }
}
