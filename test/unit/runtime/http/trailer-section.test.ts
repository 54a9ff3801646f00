import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { acceptsTrailers, TrailerSection } from '../../../../src/runtime/http/index.ts'
import { MessageParser } from '../../../../src/runtime/http/llhttp/message-parser.ts'

const limits = { maxUriBytes: 1024, maxHeaderBytes: 8192, maxHeaderCount: 100 }

describe('fields behind a body', () => {
  it('are read wherever they are cut', () => {
    const fields = 'X-Sum: 1\r\nX-Sum:  \xe4 2 \r\nServer-Timing: a;dur=1\r\n'
    const message = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n${fields}\r\n`
    const bytes = Buffer.from(message, 'latin1')
    for (let cut = 1; cut < bytes.byteLength; cut += 1) {
      const parser = new MessageParser('response', limits)
      parser.read(bytes.subarray(0, cut))
      parser.read(bytes.subarray(cut))
      assert.ok(parser.isMessageComplete)
      assert.equal(
        parser.trailers.lines(),
        'x-sum: 1\r\nx-sum: \xe4 2\r\nserver-timing: a;dur=1\r\n',
        String(cut),
      )
      parser.next()
      assert.equal(parser.trailers.lines(), '')
      parser.free()
    }
  })

  it('go on where they say nothing of how a message is read, goes or came', () => {
    const refused = [
      'Content-Length',
      'Transfer-Encoding',
      'Host',
      'Authorization',
      'Cookie',
      'Set-Cookie',
      'Content-Type',
      'Content-Encoding',
      'Connection',
      'TE',
      'Trailer',
      'Cache-Control',
      'If-Match',
      'X-Forwarded-For',
      'X-Auth-Consumer',
      'X-Request-Id',
      'Forwarded',
      'Via',
      'X_Sum',
      ':status',
    ]
    const kept = ['ETag', 'Content-Digest', 'grpc-status', 'Server-Timing', 'X-Sum']
    const section = new TrailerSection()
    section.take([...refused, ...kept].flatMap((name) => [name, '1']))
    assert.equal(section.lines(), kept.map((name) => `${name.toLowerCase()}: 1\r\n`).join(''))
    section.take(['x-sum', 'a\r\nx: y'])
    assert.equal(section.lines(), '')
  })

  it('are for whoever says to read them', () => {
    assert.ok(acceptsTrailers(['gzip;q=0.5, Trailers']))
    assert.ok(acceptsTrailers(['gzip', 'trailers']))
    for (const te of [[], ['gzip'], ['nottrailers'], ['']]) assert.ok(!acceptsTrailers(te), String(te))
  })
})
