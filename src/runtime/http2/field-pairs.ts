import type { OutgoingHttpHeaders } from 'node:http'

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
    const value = lines.slice(colon + 1, end).trim()
    const id = knownField(lines, start, colon)
    if ((OF_CONNECTION & (1 << id)) === 0 || (id === Known.te && value === 'trailers')) {
      pairs.push(lines.slice(start, colon).toLowerCase(), value)
    }
    start = end + 2
  }
}

/** The fields of lines, as node:http2 takes them behind a body. */
export function trailerFields(lines: string): OutgoingHttpHeaders {
  const pairs: string[] = []
  addPairs(pairs, lines)
  const fields = new Map<string, string[]>()
  for (let at = 0; at < pairs.length; at += 2) {
    const name = pairs[at] as string
    fields.set(name, [...(fields.get(name) ?? []), pairs[at + 1] as string])
  }
  return Object.fromEntries(fields)
}
