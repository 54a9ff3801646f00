import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import { after, before, describe, it } from 'node:test'

import { listenEcho, type EchoListener } from '../support/echo-listener.ts'
import { rawExchange, splitResponses } from '../support/raw-exchange.ts'
import { requestCases } from './http/request-cases.ts'

const bytesOf = (text: string) => Buffer.from(text, 'latin1')
const methodsOf = (text: string) => text.split(/(?<=\r\n\r\n)/).map((message) => message.split(' ')[0] ?? '')

describe('requests, byte for byte', () => {
  let listener: EchoListener
  before(async () => {
    listener = await listenEcho()
  })
  after(() => listener.close(0))

  const statusesOf = (answer: string, bytes: string) =>
    splitResponses(answer, methodsOf(bytes))
      .map(({ status }) => status)
      .join(' ')

  for (const [name, bytes, statuses, seen = ''] of requestCases) {
    it(`${name}: ${statuses === '' ? 'no answer' : statuses}`, async () => {
      listener.seen.length = 0
      const answer = await rawExchange(listener.port, [bytesOf(bytes)])
      assert.equal(statusesOf(answer, bytes), statuses)
      assert.equal(listener.seen.join('|'), seen)
    })
  }

  it('are at least 150, each with a name of its own', () => {
    assert.ok(requestCases.length >= 150, String(requestCases.length))
    assert.equal(new Set(requestCases.map(([name]) => name)).size, requestCases.length)
  })
})

/** After a request for an upgrade that nobody takes up, node:http reads nothing more of the connection. */
const ENDS_EARLIER: ReadonlySet<string> = new Set([
  'an upgrade that is not taken up',
  'an upgrade with a body',
])

describe('requests that node:http reads strictly', () => {
  let listener: EchoListener
  let server: Server
  let seen: string[] = []
  before(async () => {
    listener = await listenEcho()
    server = createServer({ insecureHTTPParser: false, requireHostHeader: true, maxHeaderSize: 65_536 })
    Object.assign(server, { httpAllowHalfOpen: true })
    server.on('request', (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        seen.push(`${request.method} ${Buffer.concat(chunks).toString('latin1')}`)
        response.end()
      })
      request.on('error', () => response.destroy())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  after(async () => {
    await listener.close(0)
    server.closeAllConnections()
    server.close()
  })

  it('are read alike here: nothing is accepted that it refuses, and every body is the same', async () => {
    let agreed = 0
    for (const [name, bytes] of requestCases) {
      listener.seen.length = 0
      seen = []
      const { port } = server.address() as { port: number }
      await Promise.all([rawExchange(listener.port, [bytesOf(bytes)]), rawExchange(port, [bytesOf(bytes)])])
      const ours = listener.seen.map((text) => text.replace(/^(\S+) \S+ /, '$1 '))
      if (ENDS_EARLIER.has(name)) continue
      // It may read on where we have ended; what we have read, it has read too.
      assert.deepEqual(ours, seen.slice(0, ours.length), name)
      agreed += ours.length
    }
    assert.ok(agreed > 40, String(agreed))
  })
})
