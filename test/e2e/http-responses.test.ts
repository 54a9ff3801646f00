import assert from 'node:assert/strict'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'

import { UpstreamPool, Watch } from '../../src/runtime/http/index.ts'
import { outcomeOf } from '../support/upstream-outcome.ts'
import { responseCases } from './http/response-cases.ts'

describe('answers of services, byte for byte', () => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let asked = 0
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk) => {
      const target = chunk.toString().split(' ')[1] ?? ''
      asked += 1
      const found = responseCases[Number(/^\/case\/(\d+)$/.exec(target)?.[1])]
      if (found === undefined) {
        const body = asked === 1 ? 'closed' : 'kept'
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
      } else {
        socket.write(Buffer.from(found[1], 'latin1'))
        if (found[4]?.ends === true) socket.end()
      }
    })
  })
  let origin = ''
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })

  responseCases.forEach(([name, , outcome, afterwards, options], index) => {
    it(`${name}: ${outcome}, ${afterwards}`, async () => {
      const pool = new UpstreamPool({
        origin,
        watch: new Watch(() => performance.now(), 100),
        allowsPrivate: false,
      })
      const found = await outcomeOf(pool, `/case/${index}`, options?.method)
      // What arrives with the head is refused before there is an answer; what comes later breaks it off.
      if (outcome.startsWith('bad '))
        assert.match(found, new RegExp(`^(unavailable$|cut ${outcome.slice(4)} )`))
      else assert.equal(found, outcome)
      assert.equal(await outcomeOf(pool, '/next'), `200 ${afterwards}`)
      pool.close()
    })
  })

  it('are at least 70, each with a name of its own', () => {
    assert.ok(responseCases.length >= 70, String(responseCases.length))
    assert.equal(new Set(responseCases.map(([name]) => name)).size, responseCases.length)
  })
})
