import type { UpstreamCall } from './upstream-call.ts'

/** Calls that wait beyond this many are refused: they would not be answered in time. */
const MAX_WAITING = 16_384

/** Calls for which there is no connection yet, in the order they came. */
export class WaitingCalls {
  #calls: UpstreamCall[] = []

  get size(): number {
    return this.#calls.length
  }

  /** False where it was refused: it fails when this turn is over. */
  add(call: UpstreamCall): boolean {
    if (this.#calls.length >= MAX_WAITING) {
      queueMicrotask(() => call.fail('unavailable', new Error('Too many requests wait for the service')))
      return false
    }
    this.#calls.push(call)
    return true
  }

  /** The first that somebody still waits for. */
  next(): UpstreamCall | undefined {
    for (;;) {
      const call = this.#calls.shift()
      if (call === undefined || !call.isOver) return call
    }
  }

  /** Fails those whose time is over. */
  failLate(nowMs: number): void {
    const late = this.#calls.filter((call) => call.deadlineMs < nowMs)
    if (late.length === 0) return
    this.#calls = this.#calls.filter((call) => call.deadlineMs >= nowMs)
    for (const call of late) call.fail('timeout', new Error('No connection became free in time'))
  }
}
