import { fieldSet, Known, knownField } from '../http/index.ts'

/** Fields of a connection, which a message of HTTP/2 must not have (RFC 9113 §8.2.2). */
const OF_CONNECTION = fieldSet(
  Known.connection,
  Known.http2Settings,
  Known.keepAlive,
  Known.proxyConnection,
  Known.te,
  Known.transferEncoding,
  Known.upgrade,
)

/** Adds the fields of header lines to names and values by turns, the names in lower case. */
export function addPairs(pairs: string[], lines: string): void {
  let start = 0
  while (start < lines.length) {
    const end = lines.indexOf('\r\n', start)
    const colon = lines.indexOf(':', start)
    if ((OF_CONNECTION & (1 << knownField(lines, start, colon))) === 0) {
      pairs.push(lines.slice(start, colon).toLowerCase(), lines.slice(colon + 1, end).trim())
    }
    start = end + 2
  }
}
