export interface BudgetLimits {
  /** The share of requests that may be retries. */
  readonly ratio: number
  /** Retries in the window that are always allowed. */
  readonly minimum: number
}

const WINDOW_MS = 10_000

/** Counts requests and retries over a window, so that retries never become most of what a failing service gets. */
export class RetryBudget {
  #windowStartMs = 0
  #requests = 0
  #retries = 0
  #requestsBefore = 0
  #retriesBefore = 0

  /** Counts a request. */
  count(nowMs: number): void {
    this.#turn(nowMs)
    this.#requests += 1
  }

  /** Counts a retry, if there is room for it. */
  take({ ratio, minimum }: BudgetLimits, nowMs: number): boolean {
    this.#turn(nowMs)
    const retries = this.#retries + this.#retriesBefore
    const allowed = Math.max(minimum, Math.floor((this.#requests + this.#requestsBefore) * ratio))
    if (retries >= allowed) return false
    this.#retries += 1
    return true
  }

  #turn(nowMs: number): void {
    const passed = nowMs - this.#windowStartMs
    if (passed < WINDOW_MS) return
    const isNext = passed < 2 * WINDOW_MS
    this.#requestsBefore = isNext ? this.#requests : 0
    this.#retriesBefore = isNext ? this.#retries : 0
    ;[this.#requests, this.#retries, this.#windowStartMs] = [0, 0, nowMs]
  }
}
