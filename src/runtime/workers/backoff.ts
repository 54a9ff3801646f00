const FIRST_MS = 100
const MOST_MS = 30_000
/** Whoever has run this long has not failed to start. */
const SETTLED_MS = 60_000

/** How long to wait before the next start of something that ends too early: twice as long each time. */
export function createBackoff(): (ranMs: number) => number {
  let nextMs = FIRST_MS
  return (ranMs) => {
    if (ranMs >= SETTLED_MS) nextMs = FIRST_MS
    const waitMs = nextMs
    nextMs = Math.min(MOST_MS, nextMs * 2)
    return waitMs
  }
}
