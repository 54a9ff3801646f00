import type { CallCarrier, UpstreamCall } from './upstream-call.ts'

/** Calls that wait beyond this many are refused: they would not be answered in time. */
const MAX_WAITING = 16_384

/** Calls for which there is no connection yet, in the order they came. */
export class WaitingCalls implements CallCarrier {
  #calls: UpstreamCall[] = []
  /** Those among them that were given up. */
  #abandoned = 0

  /** How many there are that somebody still waits for. */
  get size(): number {
    return this.#calls.length - this.#abandoned
  }

  /** False where it was refused: it fails when this turn is over. */
  add(call: UpstreamCall): boolean {
    if (this.#calls.length >= MAX_WAITING) {
      queueMicrotask(() => call.fail('unavailable', new Error('Too many requests wait for the service')))
      return false
    }
    call.wait(this)
    this.#calls.push(call)
    return true
  }

  /** The first that somebody still waits for. */
  next(): UpstreamCall | undefined {
    for (;;) {
      const call = this.#calls.shift()
      if (call === undefined || !call.isOver) return call
      this.#abandoned -= 1
    }
  }

  /** Fails those whose time is over. */
  failLate(nowMs: number): void {
    const late = this.#calls.filter((call) => call.deadlineMs < nowMs)
    if (late.length === 0) return
    this.#calls = this.#calls.filter((call) => call.deadlineMs >= nowMs)
    const failing = late.filter((call) => !call.isOver)
    this.#abandoned -= late.length - failing.length
    for (const call of failing) {
      // Whoever is told of one may give up another.
      if (call.isOver) this.#abandoned -= 1
      else call.fail('timeout', new Error('No connection became free in time'))
    }
  }

  /** There is nothing of an answer yet. */
  resume(): void {}

  /** One of them is over: it is passed by when its turn comes. */
  abandon(): void {
    this.#abandoned += 1
  }
}
