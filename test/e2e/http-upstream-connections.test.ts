import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from 'node:net'
import { describe, it, type TestContext } from 'node:test'

import { UpstreamPool, Watch } from '../../src/runtime/http/index.ts'
import { outcomeOf } from '../support/upstream-outcome.ts'

/** A server and the connections that it was given. */
async function startService(context: TestContext, server: Server | TcpServer) {
  const sockets: Socket[] = []
  server.on('connection', (socket: Socket) => {
    sockets.push(socket)
    socket.on('error', () => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  context.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sockets }
}

function poolOf(context: TestContext, origin: string, times: object, maxConnections = 256): UpstreamPool {
  const watch = new Watch(() => performance.now(), 20)
  const pool = new UpstreamPool({ origin, watch, allowsPrivate: false, times, maxConnections })
  context.after(() => pool.close())
  return pool
}

const quick = () => createServer((_, response) => response.end('ok'))

describe('connections to a service that speaks HTTP/1.1', () => {
  it('are used again, one after the other', async (context) => {
    const { origin, sockets } = await startService(context, quick())
    const pool = poolOf(context, origin, {})
    for (let count = 0; count < 10; count += 1) assert.equal(await outcomeOf(pool, '/'), '200 ok')
    assert.equal(sockets.length, 1)
  })

  it('are made anew when they are old, so that a changed address is found', async (context) => {
    const { origin, sockets } = await startService(context, quick())
    const pool = poolOf(context, origin, { maxAgeMs: -1 })
    for (let count = 0; count < 3; count += 1) assert.equal(await outcomeOf(pool, '/'), '200 ok')
    assert.equal(sockets.length, 3)
  })

  it('are closed when nothing is asked', async (context) => {
    const { origin, sockets } = await startService(context, quick())
    const pool = poolOf(context, origin, { idleTimeoutMs: 50 })
    assert.equal(await outcomeOf(pool, '/'), '200 ok')
    const [first] = sockets as [Socket]
    if (!first.destroyed) await new Promise<void>((resolve) => first.once('close', () => resolve()))
    assert.equal(await outcomeOf(pool, '/'), '200 ok')
    assert.equal(sockets.length, 2)
  })

  it('are no more than there may be: what is asked meanwhile waits for one', async (context) => {
    let [now, most] = [0, 0]
    const server = createServer((_, response) => {
      now += 1
      most = Math.max(most, now)
      setTimeout(() => {
        now -= 1
        response.end('ok')
      }, 5)
    })
    const { origin, sockets } = await startService(context, server)
    const pool = poolOf(context, origin, {}, 4)
    const outcomes = await Promise.all(Array.from({ length: 60 }, () => outcomeOf(pool, '/')))
    assert.deepEqual(new Set(outcomes), new Set(['200 ok']))
    assert.deepEqual([sockets.length, most], [4, 4])
  })

  it('that are never answered on fail their calls in time, those that wait too', async (context) => {
    const { origin, sockets } = await startService(
      context,
      createTcpServer((socket) => void socket.resume()),
    )
    const pool = poolOf(context, origin, {}, 1)
    const outcomes = await Promise.all([outcomeOf(pool, '/1', 'GET', 100), outcomeOf(pool, '/2', 'GET', 100)])
    assert.deepEqual(outcomes, ['timeout', 'timeout'])
    assert.ok(sockets.length >= 1)
  })
})
