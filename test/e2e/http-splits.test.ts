import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, describe, it } from 'node:test'

import fc from 'fast-check'

import { listenEcho, type EchoListener } from '../support/echo-listener.ts'
import { rawExchange } from '../support/raw-exchange.ts'

const STREAM = Buffer.from(
  [
    'GET /1?a=b HTTP/1.1\r\nHost: a\r\nX-A:  b \r\n\r\n',
    'POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world',
    '\r\nPUT /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nT: 1\r\n\r\n',
    'HEAD /4 HTTP/1.1\r\nHost: a\r\n\r\n',
    'OPTIONS * HTTP/1.1\r\nHost: a\r\nEmpty:\r\n\r\n',
    'POST /5 HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nend',
  ].join(''),
  'latin1',
)

/** Sends each piece by itself, as far as the system lets it. */
function inPieces(port: number, pieces: readonly Buffer[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    let answer = ''
    let index = 0
    const next = () => {
      const piece = pieces[index]
      index += 1
      if (piece === undefined) socket.end()
      else socket.write(piece, () => setImmediate(next))
    }
    socket.on('connect', next)
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => (answer += chunk))
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
    socket.on('end', () => socket.end())
  })
}

/** Whether a client is invited to send a body depends on whether it is there already. */
const withoutInvitations = (answer: string) => answer.replaceAll('HTTP/1.1 100 Continue\r\n\r\n', '')

describe('pipelined requests', () => {
  let listener: EchoListener
  let expected = ''
  before(async () => {
    listener = await listenEcho()
    expected = withoutInvitations(await rawExchange(listener.port, [STREAM]))
    assert.equal(expected.match(/HTTP\/1\.1 200 OK\r/g)?.length, 6)
  })
  after(() => listener.close(0))

  it('are answered the same when they are cut at any byte', async () => {
    let cuts = 0
    for (let start = 1; start < STREAM.length; start += 16) {
      const places = Array.from(
        { length: Math.min(16, STREAM.length - start) },
        (_, offset) => start + offset,
      )
      const answers = await Promise.all(
        places.map((place) => inPieces(listener.port, [STREAM.subarray(0, place), STREAM.subarray(place)])),
      )
      for (const answer of answers) assert.equal(withoutInvitations(answer), expected)
      cuts += answers.length
    }
    assert.equal(cuts, STREAM.length - 1)
  })

  it('are answered the same when they come byte by byte', async () => {
    const bytes = Array.from(STREAM, (byte) => Buffer.from([byte]))
    assert.equal(withoutInvitations(await inPieces(listener.port, bytes)), expected)
  })

  it('are answered the same in any pieces', async () => {
    const cuts = fc.array(fc.integer({ min: 1, max: STREAM.length - 1 }), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        const ends = [...new Set(places)].toSorted((a, b) => a - b)
        const pieces = [...ends, STREAM.length].map((end, index) =>
          STREAM.subarray(ends[index - 1] ?? 0, end),
        )
        assert.equal(withoutInvitations(await inPieces(listener.port, pieces)), expected)
      }),
      { numRuns: 100 },
    )
  })
})
