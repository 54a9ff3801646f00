import assert from 'node:assert/strict'
import { createServer, request, type Server } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'

import { UpstreamPool, Watch } from '../../src/runtime/http/index.ts'
import { listenEcho, type EchoListener } from '../support/echo-listener.ts'
import { rawExchange } from '../support/raw-exchange.ts'
import { outcomeOf } from '../support/upstream-outcome.ts'
import { requestCases } from './http/request-cases.ts'
import { responseCases } from './http/response-cases.ts'

/** What node:http takes and the gateway refuses, by the reason. */
const STRICTER: Readonly<Record<string, readonly string[]>> = {
  'the target has to name what Host names, once, and nothing of another scheme (RFC 9112 §3.2, RFC 9110 §4.2)':
    [
      'another authority than Host',
      'another port than Host',
      'a user in the authority',
      'another scheme',
      'an asterisk of GET',
      'a fragment',
    ],
  'there is one Host, and it is an authority (RFC 9112 §3.2)': [
    'an empty Host',
    'two Host',
    'the same Host twice',
    'two Host in HTTP/1.0',
    'a list in Host',
    'a space in Host',
    'a path in Host',
    'a user in Host',
    'a port that is none',
    // Its first request has no Host; node:http answers that with 400 and goes on with the next.
    'nothing behind a refusal',
  ],
  'a request line is HTTP/1.0 or HTTP/1.1 with single spaces (RFC 9112 §3)': [
    'no version',
    'HTTP/0.9',
    'HTTP/2.0',
    'RTSP',
    'ICE',
    'two spaces behind the method',
    'two spaces before the version',
  ],
  'the only transfer coding is chunked, and not in HTTP/1.0 (RFC 9112 §6.1)': [
    'another coding before chunked',
    'a comma before chunked',
    'chunks in HTTP/1.0',
  ],
  'a service may take an underline for a hyphen': ['Content_Length', 'Transfer_Encoding', 'X_Forwarded_For'],
  'an expectation is one': ['Expect twice'],
  'there are limits, and node:http has none or cuts off what is more': [
    'a target that is too long',
    'fields that are too large',
    'fields that are too large by their names',
    'too many fields',
  ],
}

/** What the gateway takes and node:http does not read, by the reason. */
const FURTHER: Readonly<Record<string, readonly string[]>> = {
  'node:http reads nothing more of a connection after an upgrade that nobody takes up (RFC 9110 §7.8)': [
    'an upgrade that is not taken up',
    'an upgrade with a body',
  ],
}

/** What node:http takes of a service and the gateway refuses, by the reason. */
const STRICTER_OF_SERVICES: Readonly<Record<string, readonly string[]>> = {
  'the only transfer coding is chunked, once': [
    'another coding',
    'another coding before chunked',
    'chunked twice',
  ],
  'a status line is HTTP/1.0 or HTTP/1.1': ['RTSP', 'HTTP/2.0', 'HTTP/0.9'],
  'there are limits, and node:http cuts off what is more': ['too many fields'],
}

/** What the gateway takes of a service and node:http refuses, by the reason. */
const FURTHER_OF_SERVICES: Readonly<Record<string, readonly string[]>> = {
  'the answer was whole; what comes behind it ends the connection and reaches nobody (RFC 9112 §6.3)': [
    'bytes behind a length',
    'a body of 204',
    'a body of 304',
    'a body of the answer to HEAD',
  ],
}

const namesOf = (byReason: Readonly<Record<string, readonly string[]>>) =>
  Object.values(byReason).flat().toSorted()

/** Which cases one of two readers takes more of than the other; what both take has to be the same. */
class Comparison {
  readonly stricter: string[] = []
  readonly further: string[] = []
  both = 0

  add(name: string, ours: readonly string[], theirs: readonly string[]): void {
    const shared = Math.min(ours.length, theirs.length)
    assert.deepEqual(ours.slice(0, shared), theirs.slice(0, shared), name)
    this.both += shared
    if (ours.length < theirs.length) this.stricter.push(name)
    if (ours.length > theirs.length) this.further.push(name)
  }
}

describe('requests that node:http reads strictly', () => {
  let listener: EchoListener
  let server: Server
  let seen: string[] = []
  before(async () => {
    listener = await listenEcho()
    server = createServer({ insecureHTTPParser: false, requireHostHeader: true, maxHeaderSize: 65_536 })
    Object.assign(server, { httpAllowHalfOpen: true })
    server.on('request', (incoming, response) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('end', () => {
        seen.push(`${incoming.method} ${Buffer.concat(chunks).toString('latin1')}`)
        response.end()
      })
      incoming.on('error', () => response.destroy())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  after(async () => {
    await listener.close(0)
    server.closeAllConnections()
    server.close()
  })

  it('are taken and refused alike, with the same bodies, but for the differences that are listed', async () => {
    const { port } = server.address() as AddressInfo
    const compared = new Comparison()
    for (const [name, bytes] of requestCases) {
      listener.seen.length = 0
      seen = []
      const pieces = [Buffer.from(bytes, 'latin1')]
      await Promise.all([rawExchange(listener.port, pieces), rawExchange(port, pieces)])
      const ours = listener.seen.map((text) => text.replace(/^(\S+) \S+ /, '$1 '))
      compared.add(name, ours, seen)
    }
    assert.deepEqual(compared.stricter.toSorted(), namesOf(STRICTER))
    assert.deepEqual(compared.further.toSorted(), namesOf(FURTHER))
    assert.ok(requestCases.length >= 150, `${requestCases.length} cases`)
    assert.ok(compared.both > 40, `${compared.both} requests that both take`)
  })
})

describe('answers of services that node:http reads strictly', () => {
  const sockets = new Set<Socket>()
  const server = createTcpServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk) => {
      const found = responseCases[Number(/^\S+ \/case\/(\d+) /.exec(chunk.toString())?.[1])]
      if (found === undefined) return
      socket.write(Buffer.from(found[1], 'latin1'))
      // What is not over by then is not whole; neither of the two waits for more.
      if (found[4]?.ends === true || !found[2].startsWith('2')) socket.end()
    })
  })
  before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
  after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })

  it('are taken and refused alike, with the same bodies, but for the differences that are listed', async () => {
    const { port } = server.address() as AddressInfo
    const compared = new Comparison()
    for (const [index, [name, , , , options]] of responseCases.entries()) {
      const path = `/case/${index}`
      const pool = new UpstreamPool({
        origin: `http://127.0.0.1:${port}`,
        watch: new Watch(() => performance.now(), 100),
        allowsPrivate: false,
      })
      const ours = await outcomeOf(pool, path, options?.method)
      pool.close()
      const theirs = await outcomeByNode(port, path, options?.method)
      compared.add(name, isWhole(ours) ? [ours] : [], isWhole(theirs) ? [theirs] : [])
    }
    assert.deepEqual(compared.stricter.toSorted(), namesOf(STRICTER_OF_SERVICES))
    assert.deepEqual(compared.further.toSorted(), namesOf(FURTHER_OF_SERVICES))
    assert.ok(responseCases.length >= 70, `${responseCases.length} cases`)
    assert.ok(compared.both > 20, `${compared.both} answers that both take`)
  })
})

const isWhole = (outcome: string) => /^\d{3} /.test(outcome)

/** What the client of node:http makes of an answer: as {@link outcomeOf}, or why it refuses it. */
function outcomeByNode(port: number, path: string, method = 'GET'): Promise<string> {
  return new Promise((resolve) => {
    const asked = request({ port, host: '127.0.0.1', path, method, agent: false, insecureHTTPParser: false })
    asked.on('error', (error) => resolve(error.message))
    asked.on('upgrade', (_, socket) => {
      socket.destroy()
      resolve('upgraded')
    })
    asked.on('response', (response) => {
      let body = ''
      response.setEncoding('latin1').on('data', (text: string) => (body += text))
      response.on('end', () => resolve(`${response.statusCode} ${body}`))
      response.on('error', (error) => resolve(error.message))
    })
    asked.end()
  })
}
