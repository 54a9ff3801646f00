import type { WindowCounter, WindowState } from './window-counter.ts'

export interface SlidingLogLimits {
  /** Keys that are kept; the one that was not asked for the longest goes first. */
  readonly maxKeys: number
  /** Requests that are kept over all keys. */
  readonly maxRequests: number
}

const DEFAULT_LIMITS: SlidingLogLimits = { maxKeys: 100_000, maxRequests: 10_000_000 }

/** How many keys are looked at for each that is new: more go than come, where all that is left of them is over. */
const SWEPT_KEYS = 2

/**
 * Counts requests by key over a window that moves with the clock. It is exact: no window of that length ever holds more
 * than its quota, which counters of fixed windows do not promise.
 */
export class SlidingLog implements WindowCounter {
  readonly #logs = new Map<string, RequestLog>()
  readonly #limits: SlidingLogLimits
  #requests = 0
  /** Goes through the keys, over and over. */
  #swept: Iterator<RequestLog> | undefined
  #unsweptKeys = 0
  #lastKey: string | undefined

  constructor(limits: SlidingLogLimits = DEFAULT_LIMITS) {
    this.#limits = limits
  }

  /** Counts a request if the window has room for it; a refused one does not count. */
  take(key: string, quota: number, windowMs: number, nowMs: number): WindowState {
    const log = this.#logs.get(key) ?? this.#begin(key, nowMs)
    this.#requests -= log.count
    log.forget(nowMs - windowMs)
    const allowed = log.count < quota
    if (allowed) log.add(nowMs, windowMs)
    this.#requests += log.count
    if (key !== this.#lastKey) this.#putLast(key, log)
    this.#shrink(key)
    const remaining = Math.max(quota - log.count, 0)
    return { allowed, limit: quota, remaining, resetMs: log.oldestMs(nowMs) + windowMs }
  }

  get keyCount(): number {
    return this.#logs.size
  }

  #begin(key: string, nowMs: number): RequestLog {
    this.#sweep(nowMs)
    return new RequestLog(key)
  }

  /** Lets go of keys whose windows are over; nobody who is counted can tell. */
  #sweep(nowMs: number): void {
    for (let looked = 0; looked < SWEPT_KEYS && this.#logs.size > 0; looked += 1) {
      // Keys that are asked for again move to the end, which is therefore never reached.
      if (this.#swept === undefined || this.#unsweptKeys === 0) {
        this.#swept = this.#logs.values()
        this.#unsweptKeys = this.#logs.size
      }
      const { value: log, done } = this.#swept.next()
      this.#unsweptKeys = done === true ? 0 : this.#unsweptKeys - 1
      if (done !== true && log.untilMs <= nowMs) this.#drop(log)
    }
  }

  #drop({ key, count }: RequestLog): void {
    this.#requests -= count
    this.#logs.delete(key)
    if (key === this.#lastKey) this.#lastKey = undefined
  }

  /** What was asked for last stands last. */
  #putLast(key: string, log: RequestLog): void {
    this.#logs.delete(key)
    this.#logs.set(key, log)
    this.#lastKey = key
  }

  #shrink(kept: string): void {
    for (const log of this.#logs.values()) {
      const isOver = this.#logs.size > this.#limits.maxKeys || this.#requests > this.#limits.maxRequests
      if (!isOver || log.key === kept) return
      this.#drop(log)
    }
  }
}

/** Times of requests, oldest first, in a ring that grows by doubling. */
class RequestLog {
  readonly key: string
  /** When the last of them leaves its window. */
  untilMs = -Infinity
  #times = new Float64Array(4)
  #first = 0
  count = 0

  constructor(key: string) {
    this.key = key
  }

  /** Drops what happened at or before a time. */
  forget(untilMs: number): void {
    while (this.count > 0 && (this.#times[this.#first] as number) <= untilMs) {
      this.#first = (this.#first + 1) % this.#times.length
      this.count -= 1
    }
  }

  add(timeMs: number, windowMs: number): void {
    this.untilMs = timeMs + windowMs
    if (this.count === this.#times.length) this.#grow()
    this.#times[(this.#first + this.count) % this.#times.length] = timeMs
    this.count += 1
  }

  oldestMs(otherwiseMs: number): number {
    return this.count === 0 ? otherwiseMs : (this.#times[this.#first] as number)
  }

  #grow(): void {
    const times = new Float64Array(this.#times.length * 2)
    for (let index = 0; index < this.count; index += 1) {
      times[index] = this.#times[(this.#first + index) % this.#times.length] as number
    }
    this.#times = times
    this.#first = 0
  }
}
