import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { createServer as createTlsServer } from 'node:tls'

import { UpstreamPool, Watch } from '../../src/runtime/http/index.ts'
import { selfSigned } from '../support/certificates.ts'
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

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5))
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

  it('of a closed pool, that a call has, end in time where the service is silent, and nothing is watched then', async (context) => {
    const server = createTcpServer((socket) => {
      socket.once('data', (request) => {
        if (!String(request).includes('GET /begun')) return
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf')
      })
    })
    const { origin, sockets } = await startService(context, server)
    const watch = new Watch(() => performance.now(), 20)
    const pool = new UpstreamPool({ origin, watch, allowsPrivate: false })
    const outcomes = Promise.all(['/silent', '/begun'].map((path) => outcomeOf(pool, path, 'GET', 300)))
    await until(() => sockets.length === 2 && sockets.every(({ bytesRead }) => bytesRead > 0))
    pool.close()
    assert.equal(watch.size, 1)
    assert.deepEqual(await outcomes, ['timeout', 'cut 200 half'])
    await until(() => sockets.every(({ destroyed }) => destroyed))
    assert.equal(watch.size, 0)
  })

  it('of a closed pool carry the calls that it had taken before, and no further one', async (context) => {
    const { origin, sockets } = await startService(context, quick())
    const watch = new Watch(() => performance.now(), 20)
    const pool = new UpstreamPool({ origin, watch, allowsPrivate: false, maxConnections: 2 })
    const taken = Promise.all(Array.from({ length: 10 }, () => outcomeOf(pool, '/')))
    pool.close()
    assert.equal(await outcomeOf(pool, '/'), 'unavailable')
    assert.deepEqual(new Set(await taken), new Set(['200 ok']))
    await until(() => sockets.every(({ destroyed }) => destroyed))
    assert.deepEqual([sockets.length, watch.size], [2, 0])
  })

  it('of a closed pool are made anew for a call that one has failed, and are watched', async (context) => {
    const server = createTcpServer((socket) => {
      let count = 0
      socket.on('data', () => {
        count += 1
        if (count === 2) socket.destroy()
        else if (sockets.length === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      })
    })
    const { origin, sockets } = await startService(context, server)
    const watch = new Watch(() => performance.now(), 20)
    const pool = new UpstreamPool({ origin, watch, allowsPrivate: false })
    assert.equal(await outcomeOf(pool, '/'), '200 ok')
    const outcome = outcomeOf(pool, '/', 'GET', 300)
    pool.close()
    assert.equal(await outcome, 'timeout')
    await until(() => watch.size === 0)
    assert.equal(sockets.length, 2)
  })

  it('that were closed are no reason for others to wait: not for a call that was given up since', async (context) => {
    const { cert, key } = await selfSigned('localhost')
    const secured = createTlsServer({ cert, key }, (socket) => {
      socket.on('error', () => socket.destroy())
      socket.on('data', (request) => {
        if (String(request).includes('/stale')) socket.destroy()
        else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      })
    })
    const waiting: Socket[] = []
    let isHeld = false
    // Connections that are held get no further than the handshake.
    const server = createTcpServer((socket) => {
      if (isHeld) waiting.push(socket)
      else secured.emit('connection', socket)
    })
    const { origin } = await startService(context, server)
    const watch = new Watch(() => performance.now(), 20)
    const pool = new UpstreamPool({
      origin: origin.replace('http://127.0.0.1', 'https://localhost'),
      watch,
      allowsPrivate: true,
      tls: { ca: String(cert) },
    })
    context.after(() => pool.close())
    assert.equal(await outcomeOf(pool, '/'), '200 ok')
    isHeld = true
    const stale = pool.send(
      { method: 'GET', target: '/stale', lines: '', body: null, timeoutMs: 20_000 },
      { onStart: () => {}, onData: () => true, onEnd: () => {}, onFault: () => {} },
    )
    await until(() => waiting.length === 1)
    const other = outcomeOf(pool, '/other')
    stale.abort()
    isHeld = false
    for (const socket of waiting) secured.emit('connection', socket)
    assert.equal(await other, '200 ok')
  })
})
