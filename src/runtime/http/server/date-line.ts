/** `Date` as a header line (RFC 9110 §6.6.1), written once a second. */
export function createDateLine(nowMs: () => number): () => string {
  let line = ''
  let second = -1
  return () => {
    const now = Math.floor(nowMs() / 1000)
    if (now !== second) {
      second = now
      line = `date: ${new Date(now * 1000).toUTCString()}\r\n`
    }
    return line
  }
}
