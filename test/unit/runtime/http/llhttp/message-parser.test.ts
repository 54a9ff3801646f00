import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { Fields } from '../../../../../src/runtime/http/index.ts'
import { MessageParser } from '../../../../../src/runtime/http/llhttp/message-parser.ts'

const limits = { maxUriBytes: 100, maxHeaderBytes: 300, maxHeaderCount: 5 }

interface Read {
  readonly start: string
  readonly fields: readonly string[]
  readonly lines: string
  readonly body: string
  readonly isComplete: boolean
  readonly fault: string | undefined
  readonly readBytes: number
}

/** Reads one message that arrives in pieces, as far as it goes. */
function read(kind: 'request' | 'response', pieces: readonly Buffer[]): Read {
  const parser = new MessageParser(kind, limits)
  let body = ''
  let readBytes = 0
  for (const piece of pieces) {
    readBytes += parser.read(piece)
    body += parser.body?.toString('latin1') ?? ''
    if (parser.fault !== undefined || parser.isMessageComplete) break
  }
  const { text, spans, known, urlEnd, method, status, fault, isMessageComplete: isComplete } = parser
  const head = new Fields(text, spans, known)
  parser.free()
  const start = kind === 'request' ? `${method} ${text.slice(0, urlEnd)}` : String(status)
  return { start, fields: head.pairs(), lines: head.lines(0, undefined), body, isComplete, fault, readBytes }
}

const whole = (kind: 'request' | 'response', text: string) => read(kind, [Buffer.from(text, 'latin1')])

const messages: readonly (readonly ['request' | 'response', string])[] = [
  ['request', 'GET /a?b=c HTTP/1.1\r\nHost: x\r\nA:b \t \r\nEmpty:\r\nCaf\u0065: \u00e9\r\n\r\n'],
  ['request', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\nhello world'],
  [
    'request',
    'PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n6\r\n world\r\n0\r\nT: 1\r\n\r\n',
  ],
  ['request', 'GET / HTTP/1.0\r\n\r\n'],
  ['response', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: y\r\n\r\nhi'],
  ['response', 'HTTP/1.1 204 \r\nX: y\r\n\r\n'],
  ['response', 'HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n'],
]

describe('MessageParser', () => {
  it('reads heads and bodies', () => {
    const { start, fields, body, isComplete } = whole(...(messages[2] as ['request', string]))
    assert.deepEqual([start, body, isComplete], ['PUT /', 'hello world', true])
    assert.deepEqual(fields, ['Transfer-Encoding', 'chunked'])
    assert.deepEqual(whole(...(messages[0] as ['request', string])).fields, [
      'Host',
      'x',
      'A',
      'b',
      'Empty',
      '',
      'Cafe',
      '\u00e9',
    ])
    assert.equal(whole('request', 'QUERY / HTTP/1.1\r\n\r\n').start, 'QUERY /')
  })

  it('leaves what follows a message', () => {
    for (const [kind, text] of messages) {
      const { isComplete, readBytes } = whole(kind, `${text}GET /next HTTP/1.1\r\n`)
      assert.deepEqual([isComplete, readBytes], [true, text.length], text)
    }
  })

  it('reads the same however a message is cut', () => {
    const message = fc.constantFrom(...messages)
    fc.assert(
      fc.property(message, fc.array(fc.nat(120), { maxLength: 12 }), ([kind, text], cuts) => {
        const bytes = Buffer.from(text, 'latin1')
        const places = [
          0,
          ...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b),
          bytes.length,
        ]
        const pieces = places.slice(1).map((place, index) => bytes.subarray(places[index], place))
        assert.deepEqual(read(kind, pieces), whole(kind, text))
      }),
      { numRuns: 500 },
    )
    for (const [kind, text] of messages) {
      const bytes = Array.from(Buffer.from(text, 'latin1'), (byte) => Buffer.from([byte]))
      assert.deepEqual(read(kind, bytes), whole(kind, text), text)
    }
  })

  it('reads of each connection its own bytes, whatever was read of others in between', () => {
    const bodies = [
      'POST /a HTTP/1.1\r\nContent-Length: 31\r\n\r\n0\r\n\r\nGET /b HTTP/1.1\r\nHost: b\r\n',
      'PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\nT: 1\r\n\r\n',
      'GET /a HTTP/1.1\r\n\r\n',
    ]
    const noise = ['0\r\n\r\nGET /x HTTP/1.1\r\n', '5\r\n'.repeat(20), 'GET /y HTTP/1.1\r\nHost: y\r\n\r\n']
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...bodies), { minLength: 1, maxLength: 4 }),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.constantFrom(...noise)), { minLength: 1 }),
        (texts, cuts) => {
          const stream = Buffer.from(`${texts.join('')}GET /end HTTP/1.1\r\n\r\n`, 'latin1')
          const read = (isDisturbed: boolean) => {
            const parser = new MessageParser('request', limits)
            const found: string[] = []
            let body = ''
            let at = 0
            for (let turn = 0; at < stream.length; turn += 1) {
              const [size, bytes] = cuts[turn % cuts.length] as [number, string]
              const other = new MessageParser('request', limits)
              if (isDisturbed) other.read(Buffer.from(bytes))
              other.free()
              at += parser.read(isDisturbed ? stream.subarray(at, at + size) : stream.subarray(at))
              body += parser.body?.toString('latin1') ?? ''
              assert.equal(parser.fault, undefined)
              if (!parser.isMessageComplete) continue
              found.push(`${parser.method} ${parser.text} ${body} ${parser.trailers.lines()}`)
              body = ''
              parser.next()
            }
            parser.free()
            return found
          }
          assert.deepEqual(read(true), read(false))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('reads one message after the other', () => {
    const parser = new MessageParser('request', limits)
    for (const path of ['/1', '/2', '/3']) {
      parser.read(Buffer.from(`GET ${path} HTTP/1.1\r\nConnection: close\r\n\r\n`))
      assert.deepEqual([parser.text.slice(0, parser.urlEnd), parser.isMessageComplete], [path, true])
      parser.next()
    }
    parser.free()
  })

  it('holds a head to its limits, whole or in pieces', () => {
    const long = `GET /${'a'.repeat(100)} HTTP/1.1\r\n\r\n`
    const large = `GET / HTTP/1.1\r\nA: ${'a'.repeat(300)}\r\n\r\n`
    const many = `GET / HTTP/1.1\r\n${'A: b\r\n'.repeat(6)}\r\n`
    for (const [text, fault] of [
      [long, 'uri-too-long'],
      [large, 'headers-too-large'],
      [many, 'headers-too-large'],
    ] as const) {
      assert.equal(whole('request', text).fault, fault)
      assert.equal(
        read(
          'request',
          Array.from(text, (letter) => Buffer.from(letter)),
        ).fault,
        fault,
      )
    }
    const unending = read(
      'request',
      Array.from({ length: 50 }, () => Buffer.from('GET / HTTP/1.1\r\nA: bbbbbb')),
    )
    assert.equal(unending.fault, 'headers-too-large')
    assert.equal(whole('request', '\r\n'.repeat(100)).fault, 'malformed')
  })

  it('takes no more framing than a body is worth', () => {
    const extension = `1;${'x'.repeat(20_000)}\r\na\r\n`
    const text = `PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n`
    assert.equal(read('request', [Buffer.from(text), Buffer.from(extension)]).fault, 'malformed')
    const small = read('request', [Buffer.from(text), Buffer.from(`${'1\r\na\r\n'.repeat(9000)}0\r\n\r\n`)])
    assert.deepEqual([small.body.length, small.isComplete, small.fault], [9000, true, undefined])
  })

  it('knows what ends with the connection', () => {
    const parser = new MessageParser('response', limits)
    parser.read(Buffer.from('HTTP/1.1 200 OK\r\n\r\nabc'))
    assert.deepEqual([parser.needsEof, parser.isMessageComplete, parser.finish()], [true, false, true])
    const cut = new MessageParser('response', limits)
    cut.read(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'))
    assert.equal(cut.finish(), false)
  })
})
