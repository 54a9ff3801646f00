import { connectionOptions } from './connection-options.ts'
import { fieldLines, type Fields, type RawHeaders } from './fields.ts'
import { fieldSet, HOP_BY_HOP, Known } from './known-field.ts'
import type { ResponseHead } from './port.ts'

/** What the engine says itself of a response. */
const OF_ENGINE = [...HOP_BY_HOP, Known.contentLength]

/** What the gateway says itself in every answer, in place of the word of a service. */
const REPLACED = fieldSet(...OF_ENGINE, Known.server, Known.xRequestId, Known.xContentTypeOptions)

/** The head of a response whose lines the gateway knows by heart. @throws {TypeError} for what HTTP does not allow. */
export function fixedHead(status: number, pairs: RawHeaders): ResponseHead {
  const hasDate = pairs.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'date')
  return { status, lines: fieldLines(pairs), hasDate, lengthBytes: -1 }
}

/**
 * The head of a response with the fields of a message that goes on to the client: hop-by-hop fields (RFC 9110 §7.6.1)
 * and the framing left out, and the gateway's own lines in place of what the service says of itself.
 */
export function forwardedHead(status: number, headers: Fields, ownLines: string): ResponseHead {
  const length = headers.getKnown(Known.contentLength)
  return {
    status,
    lines: headers.lines(REPLACED, connectionOptions(headers)) + ownLines,
    hasDate: headers.getKnown(Known.date) !== undefined,
    lengthBytes: length === undefined ? -1 : Number(length),
  }
}
