import assert from 'node:assert/strict'
import { createServer as createPlainServer } from 'node:http'
import {
  constants,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net'
import { describe, it, type TestContext } from 'node:test'

import { Watch, type UpstreamCall } from '../../src/runtime/http/index.ts'
import { SessionPool } from '../../src/runtime/http2/index.ts'
import { startGateway } from '../../src/runtime/index.ts'
import { gatewayOptions } from '../support/gateway-options.ts'
import { body, route } from '../support/plan-artifact.ts'
import { outcomeOf } from '../support/upstream-outcome.ts'

type Serve = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void

interface Service {
  readonly origin: string
  readonly sessions: ServerHttp2Session[]
  /** Method and path of every request that came. */
  readonly asked: string[]
}

async function listen(context: TestContext, server: Server | Http2Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  context.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function startService(context: TestContext, serve: Serve, maxStreams = 1000): Promise<Service> {
  const server = createServer({ settings: { maxConcurrentStreams: maxStreams } })
  const sessions: ServerHttp2Session[] = []
  const asked: string[] = []
  server.on('session', (session) => {
    sessions.push(session)
    session.on('error', () => session.destroy())
  })
  server.on('stream', (stream, headers) => {
    asked.push(`${headers[':method']} ${headers[':path']}`)
    stream.on('error', () => stream.destroy())
    serve(stream, headers)
  })
  const origin = await listen(context, server)
  context.after(() => {
    for (const session of sessions) session.destroy()
  })
  return { origin, sessions, asked }
}

function poolOf(context: TestContext, origin: string, times = {}): SessionPool {
  const watch = new Watch(() => performance.now(), 20)
  const pool = new SessionPool({ origin, watch, allowsPrivate: false, times })
  context.after(() => pool.close())
  return pool
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5))
}

const ok = (stream: ServerHttp2Stream, text = 'ok') => {
  stream.respond({ ':status': 200 })
  stream.end(text)
}

const PIECE = Buffer.alloc(64 * 1024, 'x')

describe('services that speak HTTP/2', () => {
  it('are asked side by side on one connection', async (context) => {
    const streams: ServerHttp2Stream[] = []
    const service = await startService(context, (stream) => {
      streams.push(stream)
      if (streams.length === 80) for (const held of streams) ok(held)
    })
    const pool = poolOf(context, service.origin)
    const outcomes = await Promise.all(Array.from({ length: 80 }, (_, n) => outcomeOf(pool, `/${n}`)))
    assert.deepEqual(new Set(outcomes), new Set(['200 ok']))
    assert.equal(service.sessions.length, 1)
  })

  it('are asked no more at once than they allow, on as many connections as that takes', async (context) => {
    const open = new Map<unknown, number>()
    let most = 0
    const service = await startService(
      context,
      (stream) => {
        const { session } = stream
        open.set(session, (open.get(session) ?? 0) + 1)
        most = Math.max(most, open.get(session) as number)
        stream.on('close', () => open.set(session, (open.get(session) as number) - 1))
        setTimeout(() => ok(stream), 2)
      },
      4,
    )
    const pool = poolOf(context, service.origin)
    // The first answer brings the settings.
    assert.equal(await outcomeOf(pool, '/'), '200 ok')
    const outcomes = await Promise.all(Array.from({ length: 300 }, (_, n) => outcomeOf(pool, `/${n}`)))
    assert.deepEqual(new Set(outcomes), new Set(['200 ok']))
    assert.equal(service.asked.length, 301)
    assert.equal(most, 4)
    assert.ok(service.sessions.length > 1 && service.sessions.length <= 16, String(service.sessions.length))
  })

  it('get what HTTP/2 knows of a request, and no field of a connection', async (context) => {
    const seen: [string[], string][] = []
    const service = await startService(context, (stream, headers) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        seen.push([
          Object.entries(headers).map(([name, value]) => `${name}=${String(value)}`),
          String(Buffer.concat(chunks)),
        ])
        ok(stream)
      })
    })
    const pool = poolOf(context, service.origin)
    await new Promise<void>((resolve, reject) => {
      pool.send(
        {
          method: 'POST',
          target: '/a?b=c',
          lines: 'X-Text: \xe4\r\nConnection: close\r\nTE: gzip\r\nCookie: a=1\r\n',
          body: Buffer.from('hello'),
          timeoutMs: 20_000,
        },
        {
          onStart: () => {},
          onData: () => true,
          onEnd: () => resolve(),
          onFault: (_, cause) => reject(cause),
        },
      )
    })
    const host = new URL(service.origin).host
    assert.deepEqual(seen, [
      [
        [
          ':method=POST',
          ':scheme=http',
          `:authority=${host}`,
          ':path=/a?b=c',
          'x-text=\xe4',
          'cookie=a=1',
          'content-length=5',
        ],
        'hello',
      ],
    ])
  })

  it('are read no faster than the client takes it', async (context) => {
    let pumpedBytes = 0
    const service = await startService(context, (stream, headers) => {
      if (headers[':path'] !== '/large') return ok(stream)
      stream.respond({ ':status': 200 })
      const go = () => {
        do pumpedBytes += PIECE.byteLength
        while (stream.write(PIECE))
      }
      stream.on('drain', go)
      go()
    })
    const pool = poolOf(context, service.origin)
    let takenBytes = 0
    let isFull = true
    const call: UpstreamCall = pool.send(
      { method: 'GET', target: '/large', lines: '', body: null, timeoutMs: 20_000 },
      {
        onStart: () => {},
        onData: (chunk) => {
          takenBytes += chunk.byteLength
          return !isFull
        },
        onEnd: () => {},
        onFault: () => {},
      },
    )
    let last = -1
    await until(() => {
      const isStill = last === pumpedBytes
      last = pumpedBytes
      return isStill && pumpedBytes > 0
    })
    assert.equal(await outcomeOf(pool, '/small'), '200 ok')
    assert.ok(pumpedBytes < 4 * 2 ** 20, String(pumpedBytes))
    isFull = false
    call.resume()
    await until(() => takenBytes > 16 * 2 ** 20)
    call.abort()
  })

  it('are sent no more of a body than they take', async (context) => {
    const held: ServerHttp2Stream[] = []
    const service = await startService(context, (stream) => void held.push(stream))
    const pool = poolOf(context, service.origin)
    let givenBytes = 0
    const outcome = new Promise<number>((resolve, reject) => {
      pool.send(
        {
          method: 'POST',
          target: '/',
          lines: '',
          timeoutMs: 20_000,
          body: {
            lengthBytes: 16 * 2 ** 20,
            start: (sink) => {
              const go = () => {
                while (givenBytes < 16 * 2 ** 20) {
                  givenBytes += PIECE.byteLength
                  if (!sink.write(PIECE)) return
                }
                sink.end()
              }
              setImmediate(go)
              return { resume: go }
            },
          },
        },
        { onStart: resolve, onData: () => true, onEnd: () => {}, onFault: (_, cause) => reject(cause) },
      )
    })
    await until(() => held.length === 1)
    let last = -1
    await until(() => {
      const isStill = last === givenBytes
      last = givenBytes
      return isStill && givenBytes > 0
    })
    assert.ok(givenBytes < 2 * 2 ** 20, String(givenBytes))
    const [stream] = held as [ServerHttp2Stream]
    let readBytes = 0
    stream.on('data', (chunk: Buffer) => (readBytes += chunk.byteLength))
    stream.on('end', () => ok(stream))
    assert.equal(await outcome, 200)
    assert.equal(readBytes, 16 * 2 ** 20)
  })

  it('are asked again, by any method, what they have refused to begin with', async (context) => {
    const service = await startService(context, (stream) => {
      if (service.asked.length < 3) stream.close(constants.NGHTTP2_REFUSED_STREAM)
      else ok(stream)
    })
    assert.equal(await outcomeOf(poolOf(context, service.origin), '/', 'POST'), '200 ok')
    assert.deepEqual(service.asked, ['POST /', 'POST /', 'POST /'])
  })

  it('are not asked for ever', async (context) => {
    const service = await startService(context, (stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM))
    assert.equal(await outcomeOf(poolOf(context, service.origin), '/'), 'unavailable')
    assert.equal(service.asked.length, 4)
  })

  for (const [name, code] of [
    ['INTERNAL_ERROR', constants.NGHTTP2_INTERNAL_ERROR],
    ['CANCEL', constants.NGHTTP2_CANCEL],
    ['ENHANCE_YOUR_CALM', constants.NGHTTP2_ENHANCE_YOUR_CALM],
  ] as const) {
    it(`are not asked again what they may have begun with: ${name}`, async (context) => {
      const service = await startService(context, (stream) => stream.close(code))
      assert.equal(await outcomeOf(poolOf(context, service.origin), '/'), 'unavailable')
      assert.deepEqual(service.asked, ['GET /'])
    })
  }

  it('break an answer off by a reset, and the connection goes on', async (context) => {
    const service = await startService(context, (stream, headers) => {
      if (headers[':path'] === '/next') return ok(stream)
      stream.respond({ ':status': 200 })
      stream.write('half')
      setTimeout(() => stream.destroy(new Error('broken')), 20)
    })
    const pool = poolOf(context, service.origin)
    assert.equal(await outcomeOf(pool, '/cut'), 'cut 200 half')
    assert.equal(await outcomeOf(pool, '/next'), '200 ok')
    assert.equal(service.sessions.length, 1)
  })

  for (const code of [constants.NGHTTP2_NO_ERROR, constants.NGHTTP2_ENHANCE_YOUR_CALM]) {
    const isGraceful = code === constants.NGHTTP2_NO_ERROR
    it(`leave by GOAWAY ${code} mid-flight: only what they left out is asked again`, async (context) => {
      const held: ServerHttp2Stream[] = []
      const service = await startService(context, (stream) => {
        if (stream.session !== service.sessions[0]) return ok(stream, 'again')
        held.push(stream)
      })
      const pool = poolOf(context, service.origin)
      const outcomes = Promise.all(
        ['/begun', '/left-1', '/left-2'].map((path) => outcomeOf(pool, path, 'POST')),
      )
      await until(() => held.length === 3)
      const [begun] = held as [ServerHttp2Stream]
      service.sessions[0]?.goaway(code, begun.id)
      await until(() => service.asked.length === 5)
      if (isGraceful) ok(begun, 'begun')
      assert.deepEqual(await outcomes, [isGraceful ? '200 begun' : 'unavailable', '200 again', '200 again'])
      assert.deepEqual(service.asked.toSorted(), [
        'POST /begun',
        'POST /left-1',
        'POST /left-1',
        'POST /left-2',
        'POST /left-2',
      ])
    })
  }

  it('lose no request when they go away again and again', async (context) => {
    let count = 0
    const service = await startService(context, (stream) => {
      const { session } = stream
      ok(stream)
      count += 1
      if (count % 10 === 0) session?.close()
    })
    const pool = poolOf(context, service.origin)
    for (let round = 0; round < 20; round += 1) {
      const outcomes = await Promise.all(
        Array.from({ length: 15 }, (_, n) => outcomeOf(pool, `/${round}/${n}`, 'POST')),
      )
      assert.deepEqual(new Set(outcomes), new Set(['200 ok']))
    }
    assert.ok(service.sessions.length > 10, String(service.sessions.length))
  })

  it('vanish mid-flight: their calls fail, and the next has a connection of its own', async (context) => {
    const service = await startService(context, (stream, headers) => {
      if (headers[':path'] === '/next') return ok(stream)
      if (service.asked.length === 3) stream.session?.destroy()
    })
    const pool = poolOf(context, service.origin)
    const outcomes = await Promise.all(['/1', '/2', '/3'].map((path) => outcomeOf(pool, path)))
    assert.deepEqual(outcomes, ['unavailable', 'unavailable', 'unavailable'])
    assert.equal(await outcomeOf(pool, '/next'), '200 ok')
    assert.equal(service.asked.length, 4)
  })

  it('do not answer in time: that call fails alone, and they are told', async (context) => {
    const codes: number[] = []
    const service = await startService(context, (stream, headers) => {
      if (headers[':path'] === '/next') return ok(stream)
      stream.on('close', () => codes.push(stream.rstCode))
    })
    const pool = poolOf(context, service.origin)
    assert.equal(await outcomeOf(pool, '/late', 'GET', 50), 'timeout')
    assert.equal(await outcomeOf(pool, '/next'), '200 ok')
    await until(() => codes.length === 1)
    assert.deepEqual(codes, [constants.NGHTTP2_CANCEL])
    assert.equal(service.sessions.length, 1)
  })

  it('are connected to anew where a connection has died in silence', async (context) => {
    const service = await startService(context, (stream) => ok(stream))
    const between: Socket[] = []
    const server = createTcpServer((socket) => {
      const onward = connect(Number(new URL(service.origin).port), '127.0.0.1')
      for (const end of [socket, onward]) end.on('error', () => end.destroy())
      socket.pipe(onward).pipe(socket)
      between.push(socket)
      context.after(() => {
        socket.destroy()
        onward.destroy()
      })
    })
    const origin = await listen(context, server)
    const pool = poolOf(context, origin, { connectTimeoutMs: 1000 })
    assert.equal(await outcomeOf(pool, '/'), '200 ok')
    const [first] = between as [Socket]
    const closed = new Promise<void>((resolve) => first.once('close', () => resolve()))
    first.unpipe()
    first.resume()
    assert.equal(await outcomeOf(pool, '/lost', 'GET', 50), 'timeout')
    await closed
    assert.equal(await outcomeOf(pool, '/next'), '200 ok')
    assert.deepEqual(service.asked, ['GET /', 'GET /next'])
  })

  it('are left when nothing is asked, and when a connection is old', async (context) => {
    const service = await startService(context, (stream) => ok(stream))
    const idle = poolOf(context, service.origin, { idleTimeoutMs: 50 })
    assert.equal(await outcomeOf(idle, '/'), '200 ok')
    await until(() => service.sessions[0]?.destroyed === true)
    const worn = poolOf(context, service.origin, { maxAgeMs: 0 })
    assert.equal(await outcomeOf(worn, '/'), '200 ok')
    await until(() => service.sessions[1]?.destroyed === true)
    assert.equal(await outcomeOf(worn, '/'), '200 ok')
    assert.equal(service.sessions.length, 3)
  })

  it('end their calls when the pool is closed', async (context) => {
    const held: ServerHttp2Stream[] = []
    const service = await startService(context, (stream) => void held.push(stream))
    const pool = poolOf(context, service.origin)
    const outcome = outcomeOf(pool, '/')
    await until(() => held.length === 1)
    pool.close()
    ok(held[0] as ServerHttp2Stream, 'whole')
    assert.equal(await outcome, '200 whole')
    await until(() => service.sessions[0]?.destroyed === true)
  })

  it('are still asked, once the pool is closed, what waits for a connection, and nothing else; nothing is watched then', async (context) => {
    const service = await startService(context, (stream, headers) => {
      if (headers[':path'] !== '/silent') ok(stream)
    })
    const watch = new Watch(() => performance.now(), 20)
    const pool = new SessionPool({ origin: service.origin, watch, allowsPrivate: false })
    const outcomes = Promise.all([outcomeOf(pool, '/'), outcomeOf(pool, '/silent', 'GET', 300)])
    pool.close()
    assert.equal(await outcomeOf(pool, '/'), 'unavailable')
    assert.deepEqual(await outcomes, ['200 ok', 'timeout'])
    await until(() => service.sessions[0]?.destroyed === true)
    await until(() => watch.size === 0)
  })

  it('are unavailable where they speak HTTP/1.1, or nobody listens', async (context) => {
    const plain = createPlainServer((_, response) => response.end())
    const origin = await listen(context, plain)
    assert.equal(await outcomeOf(poolOf(context, origin), '/'), 'unavailable')
    plain.close()
    plain.closeAllConnections()
    assert.equal(await outcomeOf(poolOf(context, origin), '/'), 'unavailable')
  })
})

describe('a gateway with `protocol: h2`', () => {
  it('checks, balances and asks again as over HTTP/1.1, and streams both ways', async (context) => {
    const [a, b] = (await Promise.all(
      ['a', 'b'].map((name) =>
        startService(context, (stream, headers) => {
          if (headers[':path'] === '/health') return ok(stream)
          stream.respond({ ':status': name === 'a' ? 503 : 200, 'x-service': name })
          if (headers[':method'] === 'POST') stream.pipe(stream)
          else stream.end(name)
        }),
      ),
    )) as [Service, Service]
    const config = {
      targets: [{ url: a.origin }, { url: b.origin }],
      protocol: 'h2',
      health_check: { path: '/health', interval: 0.1 },
      retries: {},
    }
    const dispatch = { name: 'http-upstream', config }
    const routes = [
      route('GET', '/things', { dispatch }),
      route('POST', '/echo', {
        dispatch: { name: 'http-upstream', config: { url: b.origin, protocol: 'h2' } },
        body: body('*/*', null),
      }),
    ]
    const options = gatewayOptions({ allowPlaintext: true, routes }, { allowPlaintextUpstream: true })
    const host = { ...options.host, monotonicMs: () => performance.now(), nowMs: Date.now }
    const gateway = await startGateway({ ...options, host })
    context.after(() => gateway.close(0))
    const url = `http://127.0.0.1:${gateway.publicAddress.port}`
    for (let count = 0; count < 6; count += 1) {
      const response = await fetch(`${url}/things`)
      assert.equal(`${response.status} ${await response.text()}`, '200 b')
      assert.equal(response.headers.get('x-service'), 'b')
    }
    assert.ok(a.asked.includes('GET /things') && a.asked.includes('GET /health'))
    const sent = Buffer.alloc(800_000, 'barbacane')
    const echoed = await fetch(`${url}/echo`, { method: 'POST', body: sent })
    assert.ok(sent.equals(Buffer.from(await echoed.arrayBuffer())))
    assert.deepEqual([a.sessions.length, b.sessions.length <= 2], [1, true])
  })
})
