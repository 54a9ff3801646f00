import {
  block,
  Flag,
  frame,
  FrameType,
  headers,
  pseudo,
  settings,
  uint32,
  type HeaderPairs,
} from '../../support/h2-frames.ts'

/** What it is called, the frames that follow the preface and the settings, and what is said of the streams and the connection. */
export type SessionCase = readonly [name: string, frames: readonly Buffer[], said: string]

const post = (more: HeaderPairs = [], flags: number = Flag.endHeaders) =>
  headers(1, [...pseudo('POST'), ...more], flags)
const data = (stream: number, text: string, flags = 0) =>
  frame(FrameType.data, flags, stream, Buffer.from(text))
const get = (more: HeaderPairs = [], stream = 1) => headers(stream, [...pseudo(), ...more])
const bytes = (...values: readonly number[]) => Buffer.of(...values)
const without = (name: string) =>
  headers(
    1,
    pseudo().filter(([key]) => key !== name),
  )
const withPseudo = (name: string, value: string) =>
  headers(
    1,
    pseudo().map(([key, old]) => [key, key === name ? value : old]),
  )

/**
 * RFC 9113, section by section. nghttp2 and node:http2 do more than they have to where they end the connection for a fault of a
 * stream, and other than they should in two things: they leave out fields that are no fields, and they overlook streams that
 * go backwards.
 */
export const sessionCases: readonly SessionCase[] = [
  // §4.1 to §4.3: frames
  ['a request', [get()], '1 200'],
  ['a frame of an unknown type', [frame(0xee, 0xff, 0, bytes(1, 2, 3)), get()], '1 200'],
  ['a frame of an unknown type on a stream', [get(), frame(0xee, 0, 1, bytes(1))], '1 200'],
  [
    'a frame larger than was agreed',
    [post(), frame(FrameType.data, 0, 1, Buffer.alloc(16_385))],
    'GOAWAY FRAME_SIZE_ERROR',
  ],
  [
    'a block with an index that is not there',
    [frame(FrameType.headers, 5, 1, bytes(0xff, 0x40))],
    'GOAWAY COMPRESSION_ERROR',
  ],
  [
    'a block that breaks off',
    [frame(FrameType.headers, 5, 1, bytes(0x00, 0x05, 0x61))],
    'GOAWAY COMPRESSION_ERROR',
  ],
  [
    'a table larger than was agreed',
    [frame(FrameType.headers, 5, 1, bytes(0x3f, 0xe2, 0x1f + 0xe0, 0x7f))],
    'GOAWAY COMPRESSION_ERROR',
  ],
  // §5.1: states
  ['DATA on a stream that is not there', [data(1, 'x')], 'GOAWAY PROTOCOL_ERROR'],
  [
    'RST_STREAM on a stream that is not there',
    [frame(FrameType.rstStream, 0, 1, uint32(8))],
    'GOAWAY PROTOCOL_ERROR',
  ],
  [
    'WINDOW_UPDATE on a stream that is not there',
    [frame(FrameType.windowUpdate, 0, 1, uint32(1))],
    'GOAWAY PROTOCOL_ERROR',
  ],
  [
    'DATA behind the end of a request',
    [headers(1, [...pseudo('POST')]), data(1, 'x')],
    'GOAWAY STREAM_CLOSED',
  ],
  [
    'HEADERS behind the end of a request',
    [headers(1, pseudo()), headers(1, pseudo())],
    'GOAWAY STREAM_CLOSED',
  ],
  ['a stream of even number', [headers(2, pseudo())], 'GOAWAY PROTOCOL_ERROR'],
  ['a stream below one before', [get([], 5), get([], 3)], '5 200'],
  ['streams that are left out', [get([], 1), get([], 7)], '1 200, 7 200'],
  // §6.1: DATA
  ['DATA on stream 0', [data(0, 'x')], 'GOAWAY PROTOCOL_ERROR'],
  [
    'a padding longer than its frame',
    [post(), frame(FrameType.data, Flag.padded, 1, bytes(9, 1))],
    'GOAWAY PROTOCOL_ERROR',
  ],
  [
    'a body with padding',
    [post(), frame(FrameType.data, Flag.padded | Flag.endStream, 1, bytes(2, 0x61, 0, 0))],
    '1 200',
  ],
  ['a body in pieces', [post(), data(1, 'a'), data(1, ''), data(1, 'b', Flag.endStream)], '1 200'],
  // §6.2 and §6.10: HEADERS and CONTINUATION
  ['HEADERS on stream 0', [headers(0, pseudo())], 'GOAWAY PROTOCOL_ERROR'],
  [
    'a head in two frames',
    [
      frame(FrameType.headers, Flag.endStream, 1, block(pseudo()).subarray(0, 9)),
      frame(FrameType.continuation, Flag.endHeaders, 1, block(pseudo()).subarray(9)),
    ],
    '1 200',
  ],
  [
    'a head with another frame in it',
    [headers(1, pseudo(), Flag.endStream), frame(FrameType.ping, 0, 0, Buffer.alloc(8))],
    'GOAWAY PROTOCOL_ERROR',
  ],
  [
    'a head that goes on on another stream',
    [headers(1, pseudo(), Flag.endStream), frame(FrameType.continuation, Flag.endHeaders, 3)],
    'GOAWAY PROTOCOL_ERROR',
  ],
  [
    'CONTINUATION of nothing',
    [frame(FrameType.continuation, Flag.endHeaders, 1, block(pseudo()))],
    'GOAWAY PROTOCOL_ERROR',
  ],
  [
    'CONTINUATION behind the end of a head',
    [get(), frame(FrameType.continuation, Flag.endHeaders, 1)],
    'GOAWAY PROTOCOL_ERROR',
  ],
  [
    'HEADERS with a priority',
    [frame(FrameType.headers, 0x25, 1, Buffer.concat([bytes(0, 0, 0, 0, 15), block(pseudo())]))],
    '1 200',
  ],
  // §6.3 and §6.4: PRIORITY and RST_STREAM
  [
    'PRIORITY of a wrong size',
    [frame(FrameType.priority, 0, 1, bytes(1, 2, 3, 4)), get()],
    'GOAWAY FRAME_SIZE_ERROR',
  ],
  ['PRIORITY on stream 0', [frame(FrameType.priority, 0, 0, bytes(0, 0, 0, 1, 1))], ''],
  ['RST_STREAM on stream 0', [frame(FrameType.rstStream, 0, 0, uint32(8))], 'GOAWAY PROTOCOL_ERROR'],
  [
    'RST_STREAM of a wrong size',
    [post(), frame(FrameType.rstStream, 0, 1, bytes(1))],
    'GOAWAY FRAME_SIZE_ERROR',
  ],
  // §6.5: SETTINGS
  ['SETTINGS on a stream', [frame(FrameType.settings, 0, 1)], 'GOAWAY PROTOCOL_ERROR'],
  ['SETTINGS of a wrong size', [frame(FrameType.settings, 0, 0, bytes(1, 2, 3))], 'GOAWAY FRAME_SIZE_ERROR'],
  [
    'an acknowledgement with values',
    [frame(FrameType.settings, Flag.ack, 0, Buffer.alloc(6))],
    'GOAWAY FRAME_SIZE_ERROR',
  ],
  ['ENABLE_PUSH that is no switch', [settings([2, 2])], 'GOAWAY PROTOCOL_ERROR'],
  ['a window beyond its maximum', [settings([4, 2 ** 31])], 'GOAWAY FLOW_CONTROL_ERROR'],
  ['frames smaller than allowed', [settings([5, 16_383])], 'GOAWAY PROTOCOL_ERROR'],
  ['frames larger than possible', [settings([5, 2 ** 24])], 'GOAWAY PROTOCOL_ERROR'],
  ['a setting that is not known', [settings([0xff, 1]), get()], '1 200'],
  // §6.6 to §6.9: PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE
  [
    'PUSH_PROMISE of a client',
    [frame(FrameType.pushPromise, Flag.endHeaders, 1, Buffer.concat([uint32(2), block(pseudo())]))],
    'GOAWAY PROTOCOL_ERROR',
  ],
  ['PING on a stream', [frame(FrameType.ping, 0, 1, Buffer.alloc(8))], 'GOAWAY PROTOCOL_ERROR'],
  ['PING of a wrong size', [frame(FrameType.ping, 0, 0, Buffer.alloc(7))], 'GOAWAY FRAME_SIZE_ERROR'],
  ['GOAWAY on a stream', [frame(FrameType.goaway, 0, 1, Buffer.alloc(8))], 'GOAWAY PROTOCOL_ERROR'],
  [
    'a window that grows by nothing',
    [frame(FrameType.windowUpdate, 0, 0, uint32(0))],
    'GOAWAY PROTOCOL_ERROR',
  ],
  [
    'a window of a stream that grows by nothing',
    [post(), frame(FrameType.windowUpdate, 0, 1, uint32(0))],
    'GOAWAY PROTOCOL_ERROR',
  ],
  [
    'a window that grows beyond its maximum',
    [frame(FrameType.windowUpdate, 0, 0, uint32(2 ** 31 - 1))],
    'GOAWAY FLOW_CONTROL_ERROR',
  ],
  [
    'a window of a stream that grows beyond its maximum',
    [post(), frame(FrameType.windowUpdate, 0, 1, uint32(2 ** 31 - 1))],
    'GOAWAY FLOW_CONTROL_ERROR',
  ],
  [
    'WINDOW_UPDATE of a wrong size',
    [frame(FrameType.windowUpdate, 0, 0, bytes(1))],
    'GOAWAY FRAME_SIZE_ERROR',
  ],
  // §8.1: messages
  ['fields behind the body', [post(), data(1, 'x'), headers(1, [['x-sum', '1']])], '1 200'],
  [
    'fields behind the body that do not end it',
    [post(), data(1, 'x'), headers(1, [['x-sum', '1']], Flag.endHeaders)],
    'RST 1 PROTOCOL_ERROR',
  ],
  [
    'a pseudo field behind the body',
    [post(), data(1, 'x'), headers(1, [[':path', '/b']])],
    'RST 1 PROTOCOL_ERROR',
  ],
  [
    'a body shorter than announced',
    [post([['content-length', '5']]), data(1, 'x', Flag.endStream)],
    'RST 1 PROTOCOL_ERROR',
  ],
  [
    'a body longer than announced',
    [post([['content-length', '1']]), data(1, 'xyz', Flag.endStream)],
    'GOAWAY INTERNAL_ERROR',
  ],
  ['a length and no body', [get([['content-length', '5']])], 'RST 1 PROTOCOL_ERROR'],
  [
    'two lengths',
    [
      post([
        ['content-length', '1'],
        ['content-length', '1'],
      ]),
      data(1, 'x', Flag.endStream),
    ],
    'RST 1 PROTOCOL_ERROR',
  ],
  [
    'a length that is no number',
    [post([['content-length', '1x']]), data(1, 'x', Flag.endStream)],
    'RST 1 PROTOCOL_ERROR',
  ],
  [
    'a negative length',
    [post([['content-length', '-1']]), data(1, 'x', Flag.endStream)],
    'RST 1 PROTOCOL_ERROR',
  ],
  ['a body larger than the limit', [post([['content-length', '70000']])], '1 413, RST 1 NO_ERROR'],
  // §8.2: fields
  ['a name in upper case', [get([['X-A', '1']])], 'RST 1 PROTOCOL_ERROR'],
  ['a name with a space', [get([['x a', '1']])], '1 200'],
  ['a name with a colon', [get([['x:a', '1']])], '1 200'],
  ['an empty name', [get([['', '1']])], '1 200'],
  ['a value with a line end', [get([['x-a', '1\r\nx-b: 2']])], '1 200'],
  ['a value with a line feed', [get([['x-a', '1\n2']])], '1 200'],
  ['a value with NUL', [get([['x-a', '1\0']])], '1 200'],
  ['a value that begins with a space', [get([['x-a', ' 1']])], '1 200'],
  ['Connection', [get([['connection', 'close']])], 'RST 1 PROTOCOL_ERROR'],
  ['Keep-Alive', [get([['keep-alive', '1']])], 'RST 1 PROTOCOL_ERROR'],
  ['Proxy-Connection', [get([['proxy-connection', 'close']])], 'RST 1 PROTOCOL_ERROR'],
  [
    'Transfer-Encoding',
    [post([['transfer-encoding', 'chunked']]), data(1, 'x', Flag.endStream)],
    'RST 1 PROTOCOL_ERROR',
  ],
  ['Upgrade', [get([['upgrade', 'websocket']])], 'RST 1 PROTOCOL_ERROR'],
  ['TE that is not trailers', [get([['te', 'gzip']])], 'RST 1 PROTOCOL_ERROR'],
  ['TE: trailers', [get([['te', 'trailers']])], '1 200'],
  ['a name that differs from a length in _ only', [get([['content_length', '1']])], '1 400'],
  ['a name that differs from a coding in _ only', [get([['transfer_encoding', 'chunked']])], '1 400'],
  [
    'cookies in crumbs',
    [
      get([
        ['cookie', 'a=1'],
        ['x-a', '1'],
        ['cookie', 'b=2'],
      ]),
    ],
    '1 200',
  ],
  // §8.3: pseudo fields
  [
    'a pseudo field behind a field',
    [headers(1, [...pseudo().slice(0, 3), ['x-a', '1'], [':path', '/a']])],
    'RST 1 PROTOCOL_ERROR',
  ],
  ['a pseudo field that is not known', [headers(1, [...pseudo(), [':other', '1']])], 'RST 1 PROTOCOL_ERROR'],
  ['a pseudo field of an answer', [headers(1, [...pseudo(), [':status', '200']])], 'RST 1 PROTOCOL_ERROR'],
  ['two methods', [headers(1, [...pseudo(), [':method', 'POST']])], 'RST 1 PROTOCOL_ERROR'],
  ['two paths', [headers(1, [...pseudo(), [':path', '/b']])], 'RST 1 PROTOCOL_ERROR'],
  ['two authorities', [headers(1, [...pseudo(), [':authority', 'other.test']])], 'RST 1 PROTOCOL_ERROR'],
  ['no method', [without(':method')], 'RST 1 PROTOCOL_ERROR'],
  ['no scheme', [without(':scheme')], 'RST 1 PROTOCOL_ERROR'],
  ['no path', [without(':path')], 'RST 1 PROTOCOL_ERROR'],
  ['an empty path', [withPseudo(':path', '')], 'RST 1 PROTOCOL_ERROR'],
  ['a path without a slash', [withPseudo(':path', 'a')], 'RST 1 PROTOCOL_ERROR'],
  ['a path with a whole URL', [withPseudo(':path', 'http://other.test/a')], 'RST 1 PROTOCOL_ERROR'],
  ['a path with a space', [withPseudo(':path', '/a b')], 'RST 1 PROTOCOL_ERROR'],
  ['a path with a fragment', [withPseudo(':path', '/a#b')], '1 400'],
  ['a path with a line end', [withPseudo(':path', '/a\r\nx: 1')], 'RST 1 PROTOCOL_ERROR'],
  ['a path that is not ASCII', [withPseudo(':path', '/\xe4')], '1 400'],
  ['a method with a space', [withPseudo(':method', 'GET /b')], 'RST 1 PROTOCOL_ERROR'],
  ['* of GET', [withPseudo(':path', '*')], 'RST 1 PROTOCOL_ERROR'],
  ['* of OPTIONS', [headers(1, pseudo('OPTIONS', '*'))], '1 200'],
  ['a scheme that is not of HTTP', [withPseudo(':scheme', 'ftp')], '1 400'],
  ['a scheme with more in it', [withPseudo(':scheme', 'http://other.test/?')], 'RST 1 PROTOCOL_ERROR'],
  ['the scheme https where something before has ended TLS', [withPseudo(':scheme', 'https')], '1 200'],
  ['Host that is the authority', [get([['host', 'SHOP.test']])], '1 200'],
  ['Host that is not the authority', [get([['host', 'other.test']])], '1 400'],
  [
    'two hosts',
    [headers(1, [...pseudo().filter(([name]) => name !== ':authority'), ['host', 'a'], ['host', 'b']])],
    'RST 1 PROTOCOL_ERROR',
  ],
  [
    'Host alone',
    [headers(1, [...pseudo().filter(([name]) => name !== ':authority'), ['host', 'shop.test']])],
    '1 200',
  ],
  ['neither Host nor an authority', [without(':authority')], 'RST 1 PROTOCOL_ERROR'],
  ['an authority with a user', [withPseudo(':authority', 'user@shop.test')], 'RST 1 PROTOCOL_ERROR'],
  ['an authority with a path', [withPseudo(':authority', 'shop.test/b')], 'RST 1 PROTOCOL_ERROR'],
  ['an empty authority', [withPseudo(':authority', '')], 'RST 1 PROTOCOL_ERROR'],
  [
    'CONNECT',
    [
      headers(1, [
        [':method', 'CONNECT'],
        [':authority', 'other.test:443'],
      ]),
    ],
    '1 400',
  ],
  [
    'CONNECT for WebSocket (RFC 8441), which was not offered',
    [headers(1, [...pseudo('CONNECT'), [':protocol', 'websocket']])],
    'RST 1 PROTOCOL_ERROR',
  ],
  ['CONNECT with a path', [headers(1, pseudo('CONNECT'))], 'RST 1 PROTOCOL_ERROR'],
  // Limits, as over HTTP/1.1
  ['a target that is too long', [withPseudo(':path', `/${'a'.repeat(9000)}`)], '1 414'],
  ['too many fields', [get(Array.from({ length: 110 }, (_, index) => [`x-${index}`, '1']))], '1 431'],
  ['an expectation that is not known', [post([['expect', 'miracles']])], '1 417, RST 1 NO_ERROR'],
  [
    'an expectation of an invitation',
    [post([['expect', '100-continue']]), data(1, 'x', Flag.endStream)],
    '1 100, 1 200',
  ],
]
