/** The state of a window after a request was counted, or refused. */
export interface WindowState {
  readonly allowed: boolean
  readonly limit: number
  /** Requests that the window still takes. */
  readonly remaining: number
  /** When the oldest request leaves the window, in ms of the clock that was given. */
  readonly resetMs: number
}

/** Counts requests by key over windows of time. */
export interface WindowCounter {
  /** Counts a request if the window has room for it; a refused one does not count. */
  readonly take: (key: string, quota: number, windowMs: number, nowMs: number) => WindowState
}
