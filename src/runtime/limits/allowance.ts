/**
 * Says of each call whether it may go ahead: so many a second, after a rest twice as many at once.
 *
 * @param monotonicMs a clock that never goes back
 */
export function createAllowance(perSecond: number, monotonicMs: () => number): () => boolean {
  const most = 2 * perSecond
  let left = most
  let countedMs = monotonicMs()
  return () => {
    const nowMs = monotonicMs()
    left = Math.min(most, left + ((nowMs - countedMs) / 1000) * perSecond)
    countedMs = nowMs
    if (left < 1) return false
    left -= 1
    return true
  }
}
