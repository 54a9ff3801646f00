import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'

import { UpstreamPool, Watch } from '../../src/runtime/http/index.ts'
import { listenEcho, type EchoListener } from '../support/echo-listener.ts'
import { rawExchange } from '../support/raw-exchange.ts'
import { outcomeOf } from '../support/upstream-outcome.ts'
import { requestDifferences, responseDifferences } from './http/known-differences.ts'
import { requestCases } from './http/request-cases.ts'
import { responseCases } from './http/response-cases.ts'

const REFUSED = 'refused'

describe('requests', () => {
  let listener: EchoListener
  let seenByNode: string[] = []
  const server = createServer({ insecureHTTPParser: false, requireHostHeader: true, maxHeaderSize: 65_536 })

  before(async () => {
    listener = await listenEcho()
    // Clients of the cases say that they are done by ending their half.
    Object.assign(server, { httpAllowHalfOpen: true })
    server.on('request', (incoming, response) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('end', () => {
        seenByNode.push(`${incoming.method} ${Buffer.concat(chunks).toString('latin1')}`)
        response.end()
      })
      incoming.on('error', () => response.destroy())
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
  })
  after(async () => {
    await listener.close(0)
    server.closeAllConnections()
    server.close()
  })

  it('are those that node:http reads, in the same way, but for those that are known', async () => {
    const { port } = server.address() as AddressInfo
    const different: string[] = []
    for (const [name, bytes] of requestCases) {
      listener.seen.length = 0
      seenByNode = []
      const pieces = [Buffer.from(bytes, 'latin1')]
      await Promise.all([rawExchange(listener.port, pieces), rawExchange(port, pieces)])
      // The target is what only the gateway tells of.
      const seen = listener.seen.map((text) => text.replace(/^(\S+) \S+ /, '$1 '))
      if (seen.join('\n') !== seenByNode.join('\n')) different.push(name)
    }
    assert.deepEqual(new Set(different), new Set(Object.keys(requestDifferences)))
  })
})

describe('answers', () => {
  it('are those that node:http reads, in the same way, but for those that are known', async () => {
    const sockets = new Set<Socket>()
    const server = createTcpServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('data', (chunk) => {
        const found = responseCases[Number(/^\S+ \/case\/(\d+) /.exec(chunk.toString())?.[1])]
        if (found === undefined) return
        const [, bytes, , , options] = found
        socket.write(Buffer.from(bytes, 'latin1'))
        if (options?.ends === true) socket.end()
      })
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const watch = new Watch(() => performance.now(), 100)
    const different: string[] = []
    for (const [index, [name, , , , options]] of responseCases.entries()) {
      const pool = new UpstreamPool({ origin: `http://127.0.0.1:${port}`, watch, allowsPrivate: false })
      const ours = await outcomeOf(pool, `/case/${index}`, options?.method)
      pool.close()
      const byNode = await outcomeByNode(port, `/case/${index}`, options?.method)
      if ((/^\d{3} /.test(ours) ? ours : REFUSED) !== byNode) different.push(name)
    }
    for (const socket of sockets) socket.destroy()
    server.close()
    assert.deepEqual(new Set(different), new Set(Object.keys(responseDifferences)))
  })
})

/** The status and the body of an answer as node:http reads it. */
function outcomeByNode(port: number, path: string, method = 'GET'): Promise<string> {
  return new Promise((resolve) => {
    const options = { port, host: '127.0.0.1', path, method, agent: false, insecureHTTPParser: false }
    const asked = request(options)
    asked.setTimeout(2_000, () => asked.destroy())
    asked.on('error', () => resolve(REFUSED))
    asked.on('upgrade', (_, socket) => {
      socket.destroy()
      resolve(REFUSED)
    })
    asked.on('response', (response) => {
      let body = ''
      response.setEncoding('latin1').on('data', (text: string) => (body += text))
      response.on('end', () => resolve(`${response.statusCode} ${body}`))
      response.on('error', () => resolve(REFUSED))
    })
    asked.end()
  })
}
