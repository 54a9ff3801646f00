import { Fields } from '../fields.ts'
import { fieldSet, Known, knownField } from '../known-field.ts'
import type { MessageParser } from '../llhttp/message-parser.ts'
import type { ProtocolFault } from '../port.ts'
import type { TrailerSection } from '../trailer-section.ts'
import { parseRequestTarget } from '../request-target.ts'

/** What the head of a request says, where it has one reading. */
export interface RequestHead {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: Fields
  /** -1 where none is announced. */
  readonly contentLength: number
  readonly isChunked: boolean
  /** True where the client waits for `100 Continue` before it sends the body. */
  readonly expectsContinue: boolean
  readonly version: '1.0' | '1.1' | '2.0'
  readonly upgrade?: string | undefined
  /** What will have come behind the body. */
  readonly trailers: TrailerSection
}

export const HOST = /^(?:\[[\da-f:.]+\]|[\w.~%!$&'()*+,;=-]+)(?::\d{0,5})?$/i

/** The fields that decide how a message is read; none may come twice. */
const FRAMING = fieldSet(Known.host, Known.contentLength, Known.transferEncoding, Known.expect)

/** Their values, of the head that is being read. */
interface Framing {
  host: string | undefined
  length: string | undefined
  encoding: string | undefined
  expect: string | undefined
}

/** The last `Host` that was well-formed: that of the next request is mostly the same. */
let knownHost = ''

/** Reads a head that llhttp has found well-formed, and refuses what another reader could understand otherwise. */
export function readRequestHead(parser: MessageParser): RequestHead | ProtocolFault {
  const { text, spans, urlEnd, method, known } = parser
  const version = versionAt(text, urlEnd)
  const isHttp10 = version === '1.0'
  if (version === undefined) return 'bad-request'
  const framing = framingOf(text, spans)
  if (framing === undefined) return 'bad-request'
  const { host, length, encoding, expect } = framing
  if (!isHost(host, isHttp10) || isAmbiguous(length, encoding, isHttp10)) return 'bad-request'
  if (hasDisguise(text, spans)) return 'bad-request'
  const target = parseRequestTarget(text.slice(0, urlEnd), method)
  if (target === undefined || !agrees(target.authority, host)) return 'bad-request'
  const isExpecting = expect !== undefined && !isHttp10
  if (isExpecting && expect?.toLowerCase() !== '100-continue') return 'expectation-failed'
  return {
    method,
    path: target.path,
    query: target.query,
    headers: new Fields(text, spans, known),
    contentLength: length === undefined ? -1 : Number(length),
    isChunked: encoding !== undefined,
    expectsContinue: isExpecting,
    version,
    upgrade: upgradeOf(parser, version),
    trailers: parser.trailers,
  }
}

/** Undefined where one of the fields is repeated. */
function framingOf(text: string, spans: readonly number[]): Framing | undefined {
  const framing: Framing = { host: undefined, length: undefined, encoding: undefined, expect: undefined }
  let seen = 0
  for (let at = 0; at < spans.length; at += 5) {
    const id = spans[at] as number
    const bit = 1 << id
    if ((FRAMING & bit) === 0) continue
    if ((seen & bit) !== 0) return undefined
    seen |= bit
    const value = text.slice(spans[at + 3], spans[at + 4])
    if (id === Known.host) framing.host = value
    else if (id === Known.contentLength) framing.length = value
    else if (id === Known.transferEncoding) framing.encoding = value
    else framing.expect = value
  }
  return framing
}

/** The one protocol that is offered; of several none is chosen. */
function upgradeOf({ upgrade, text, spans }: MessageParser, version: string): string | undefined {
  if (!upgrade || version === '1.0') return undefined
  const values: string[] = []
  for (let at = 0; at < spans.length; at += 5) {
    if (spans[at] === Known.upgrade) values.push(text.slice(spans[at + 3], spans[at + 4]))
  }
  return values.length === 1 ? values[0] : undefined
}

/** llhttp knows RTSP and ICE, too. */
function versionAt(text: string, at: number): '1.0' | '1.1' | undefined {
  if (text.startsWith(' HTTP/1.1\r\n', at)) return '1.1'
  return text.startsWith(' HTTP/1.0\r\n', at) ? '1.0' : undefined
}

function isHost(host: string | undefined, isHttp10: boolean): boolean {
  if (host === undefined) return isHttp10
  if (host === knownHost) return true
  if (!HOST.test(host)) return false
  knownHost = host
  return true
}

/** A coding that is not taken off would be a second reading of the body (RFC 9112 §6.1). */
function isAmbiguous(length: string | undefined, encoding: string | undefined, isHttp10: boolean): boolean {
  if (encoding !== undefined) return isHttp10 || length !== undefined || encoding.toLowerCase() !== 'chunked'
  return length !== undefined && !Number.isSafeInteger(Number(length))
}

/** True where a name reads like one of those that matter to services that know no difference of `_` and `-`. */
function hasDisguise(text: string, spans: readonly number[]): boolean {
  let mark = -1
  for (let at = 0; at < spans.length; at += 5) {
    const start = spans[at + 1] as number
    const end = spans[at + 2] as number
    // Tokens and cookies are full of them: what is in a value is passed over with the value.
    if (mark < start) mark = text.indexOf('_', start)
    if (mark === -1) return false
    if (mark < end && isDisguise(text.slice(start, end))) return true
  }
  return false
}

export function isDisguise(name: string): boolean {
  return name.includes('_') && knownField(name.replaceAll('_', '-'), 0, name.length) !== Known.other
}

/** The authority of a target in absolute form is that of the Host field: services read the one or the other. */
function agrees(authority: string | undefined, host: string | undefined): boolean {
  return authority === undefined || authority.toLowerCase() === host?.toLowerCase()
}
