import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { after, describe, it } from 'node:test'

import { listenEcho } from '../support/echo-listener.ts'
import { askH2, openH2 } from '../support/h2-client.ts'
import { body, planArtifact, route, upstream } from '../support/plan-artifact.ts'
import { rawExchange } from '../support/raw-exchange.ts'
import { spawnGateway, type SpawnedGateway } from '../support/spawn-gateway.ts'

const GIB = 2 ** 30
const PIECE = Buffer.alloc(64 * 1024, 'x')

/** A service that does what the path says, without any HTTP library between. */
class Service {
  readonly server = createServer((socket) => this.#serve(socket))
  readonly sockets = new Set<Socket>()
  /** Requests that were begun, and those whose connection went before their answer was whole. */
  begun = 0
  abandoned = 0
  receivedBytes = 0

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  #serve(socket: Socket): void {
    this.sockets.add(socket)
    let isAnswering = false
    let mode = ''
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      this.sockets.delete(socket)
      if (isAnswering) this.abandoned += 1
    })
    socket.on('data', (chunk) => {
      this.receivedBytes += chunk.byteLength
      if (isAnswering && mode === '/upload') {
        if (chunk.subarray(-5).toString() !== '0\r\n\r\n') return
        isAnswering = false
        return void socket.write(answer('got it'))
      }
      if (isAnswering) return
      this.begun += 1
      isAnswering = true
      mode = chunk.toString('latin1').split(' ')[1] ?? ''
      this.#answer(socket, mode, () => (isAnswering = false))
    })
  }

  #answer(socket: Socket, mode: string, done: () => void): void {
    if (mode === '/cut') {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf')
      setTimeout(() => socket.destroy(), 20)
    } else if (mode === '/cut-unframed') {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n')
      setTimeout(() => socket.destroy(), 20)
    } else if (mode === '/reset') socket.resetAndDestroy()
    else if (mode === '/slow') {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n')
      let left = 10
      const timer = setInterval(() => {
        socket.write('x')
        left -= 1
        if (left > 0) return
        clearInterval(timer)
        done()
      }, 20)
    } else if (mode === '/too-much') {
      socket.write(`${answer('ok')}HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison`)
      done()
    } else if (mode === '/gibibyte') pump(socket, GIB, done)
    else if (mode === '/large') pump(socket, 16 * 2 ** 20, done)
    else if (mode !== '/silent' && mode !== '/upload') {
      socket.write(answer(mode))
      done()
    }
  }
}

const answer = (text: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`

function pump(socket: Socket, sizeBytes: number, done: () => void): void {
  socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${sizeBytes}\r\n\r\n`)
  let left = sizeBytes
  const go = () => {
    while (left > 0) {
      left -= PIECE.byteLength
      if (!socket.write(PIECE)) return
    }
    socket.off('drain', go)
    done()
  }
  socket.on('drain', go)
  go()
}

const service = new Service()
const origin = await service.listen()
const cleanups: (() => unknown)[] = [
  () => service.server.close(),
  () => service.sockets.forEach((socket) => socket.destroy()),
]
after(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup()
})

const dispatch = upstream(origin)
const gateway: SpawnedGateway = await spawnGateway(
  { after: (cleanup: () => unknown) => void cleanups.push(cleanup) },
  {
    artifact: planArtifact({
      allowPlaintext: true,
      routes: [
        route('GET', '/silent', { dispatch: upstream(origin, { timeout: 0.3 }) }),
        route('GET', '/{rest+}', { dispatch }),
        route('POST', '/{rest+}', { dispatch, body: body('*/*', null, { required: false }) }),
      ],
    }),
    flags: ['--h2c', '--allow-plaintext-upstream', '--max-body-size', '1GiB', '--log-level', 'error'],
  },
)
const port = Number(new URL(gateway.url).port)

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${gateway.adminUrl}/metrics`)).text()
  return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1])
}

const residentMb = async () => (await metric('process_resident_memory_bytes')) / 2 ** 20

async function requestsInFlight(): Promise<number> {
  const provenance = await (await fetch(`${gateway.adminUrl}/_admin/provenance`)).json()
  const { workers } = provenance as { workers: { configurations: { requests_in_flight: number }[] }[] }
  return workers
    .flatMap(({ configurations }) => configurations)
    .reduce((sum, { requests_in_flight: count }) => sum + count, 0)
}

const many = <T>(count: number, make: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)))

/** How each of many requests ended: its status, or that it broke off. */
async function ask(path: string): Promise<string> {
  const response = await fetch(`${gateway.url}${path}`)
  return response.text().then(
    (text) => `${response.status} ${text}`,
    () => `${response.status} broke off`,
  )
}

const countsOf = (values: readonly string[]) =>
  Object.fromEntries(
    [...new Set(values)].map((value) => [value, values.filter((one) => one === value).length]),
  )

async function until(isSo: () => boolean | Promise<boolean>, patienceMs = 60_000): Promise<void> {
  for (let waitedMs = 0; !(await isSo()); waitedMs += 20) {
    assert.ok(waitedMs < patienceMs, `never so: ${String(isSo)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe('a service that fails', () => {
  it('in the middle of answers: every client sees that its answer is not whole', async () => {
    assert.deepEqual(countsOf(await many(50, () => ask('/cut'))), { '200 broke off': 50 })
  })

  it('in the middle of answers to clients of HTTP/1.0: a reset says so, since nothing else can', async () => {
    const ends = await many(
      10,
      () =>
        new Promise<string>((resolve) => {
          const socket = connect(port, '127.0.0.1', () => socket.write('GET /cut-unframed HTTP/1.0\r\n\r\n'))
          socket.resume()
          socket.on('end', () => resolve('end'))
          socket.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)))
        }),
    )
    assert.deepEqual(countsOf(ends), { ECONNRESET: 10 })
  })

  it('with resets: every client gets 502, and requests are repeated only on connections that were used', async () => {
    const before = service.begun
    const statuses = await many(50, async () => (await fetch(`${gateway.url}/reset`)).status)
    assert.deepEqual(countsOf(statuses.map(String)), { 502: 50 })
    assert.ok(service.begun - before <= 100)
  })

  it('without a word: every client gets 504, and the service is left alone', async () => {
    const before = service.abandoned
    const statuses = await many(50, async () => (await fetch(`${gateway.url}/silent`)).status)
    assert.deepEqual(countsOf(statuses.map(String)), { 504: 50 })
    await until(() => service.abandoned - before === 50)
  })

  it('slowly: nobody is cut off who makes progress', async () => {
    assert.deepEqual(countsOf(await many(20, () => ask('/slow'))), { '200 xxxxxxxxxx': 20 })
  })

  it('about lengths: what is more than an answer reaches nobody', async () => {
    const answers: string[] = []
    for (let turn = 0; turn < 20; turn += 1) {
      answers.push(await ask('/too-much'))
      answers.push(await ask('/plain'))
    }
    assert.deepEqual(countsOf(answers), { '200 ok': 20, '200 /plain': 20 })
  })
})

describe('bodies of any size', () => {
  it('pass from the service to the client without being kept', async () => {
    const response = await fetch(`${gateway.url}/gibibyte`)
    let receivedBytes = 0
    for await (const chunk of response.body ?? []) receivedBytes += (chunk as Uint8Array).byteLength
    assert.equal(receivedBytes, GIB)
    assert.ok((await residentMb()) < 400, `${await residentMb()} MB`)
  })

  it('pass from the client to the service without being kept', async () => {
    const before = service.receivedBytes
    const pieces = 512 * 16
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1')
      let got = ''
      let left = pieces
      socket.on('data', (chunk) => {
        got += String(chunk)
        if (got.includes('got it')) socket.end()
      })
      socket.on('close', () => resolve(got))
      socket.on('error', reject)
      socket.write('POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
      const frame = Buffer.concat([Buffer.from('10000\r\n'), PIECE, Buffer.from('\r\n')])
      const go = () => {
        while (left > 0) {
          left -= 1
          if (!socket.write(frame)) return void socket.once('drain', go)
        }
        socket.write('0\r\n\r\n')
      }
      go()
    })
    assert.match(text, /^HTTP\/1\.1 200 OK\r\n[\s\S]*got it$/)
    assert.ok(service.receivedBytes - before >= pieces * PIECE.byteLength)
    assert.ok((await residentMb()) < 400, `${await residentMb()} MB`)
  })

  it('wait for clients that do not read: memory stays where it was', async () => {
    const calls = { begun: service.begun, abandoned: service.abandoned }
    const before = await residentMb()
    const sockets = await many(20, async () => {
      const socket = connect(port, '127.0.0.1')
      socket.pause()
      socket.write('GET /gibibyte HTTP/1.1\r\nHost: a\r\n\r\n')
      return socket
    })
    await new Promise((resolve) => setTimeout(resolve, 500))
    const during = await residentMb()
    for (const socket of sockets) socket.destroy()
    // Twenty gibibytes were on their way.
    assert.ok(during - before < 150, `${before} MB, then ${during} MB`)
    await until(async () => (await metric('barbacane_active_connections')) <= 2)
    // The next test counts from here.
    await until(() => service.abandoned - calls.abandoned === service.begun - calls.begun)
  })
})

describe('clients that vanish', () => {
  it('in the middle of their bodies: the service is not kept waiting', async () => {
    const before = { begun: service.begun, abandoned: service.abandoned }
    const sockets = await many(100, async () => {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => socket.destroy())
      socket.write('POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nhalf')
      return socket
    })
    await until(() => service.begun - before.begun === 100)
    for (const socket of sockets) socket.resetAndDestroy()
    await until(() => service.abandoned - before.abandoned === 100)
    assert.equal(await ask('/plain'), '200 /plain')
  })

  it('in the middle of their answers: the service stops', async () => {
    const before = service.abandoned
    const sockets = await many(20, async () => {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => socket.destroy())
      socket.write('GET /gibibyte HTTP/1.1\r\nHost: a\r\n\r\n')
      socket.once('data', () => socket.resetAndDestroy())
      return socket
    })
    await until(() => sockets.every(({ destroyed }) => destroyed))
    await until(() => service.abandoned - before === 20)
  })

  it('in the middle of their answers of HTTP/2: the service stops, and nothing is left of them', async () => {
    const before = service.abandoned
    await many(20, async () => {
      const session = openH2(port)
      const cutOff = askH2(session, { path: '/gibibyte' }).catch(() => undefined)
      assert.equal((await askH2(session, { path: '/plain' })).status, 200)
      session.destroy()
      await cutOff
    })
    // Not only when the time is over that slow readers have.
    await until(() => service.abandoned - before === 20, 10_000)
    await until(async () => (await requestsInFlight()) === 0)
  })
})

/** Descriptors that this process may have, and the gateway with it; some are taken. */
function connectionsAtMost(): number {
  const limits = process.platform === 'linux' ? readFileSync('/proc/self/limits', 'utf8') : ''
  return Math.min(10_000, Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? 2000) - 500)
}

describe('many connections', () => {
  it('stay open and are all answered, up to 10,000 as the system allows', async () => {
    const count = connectionsAtMost()
    const sockets: Socket[] = []
    while (sockets.length < count) {
      const open = () =>
        new Promise<Socket>((resolve, reject) => {
          const socket = connect(port, '127.0.0.1', () => resolve(socket))
          socket.once('error', reject)
        })
      sockets.push(...(await many(Math.min(100, count - sockets.length), open)))
    }
    await until(async () => (await metric('barbacane_active_connections')) >= count)
    const answers = sockets.map(
      (socket) =>
        new Promise<string>((resolve) => {
          socket.once('data', (chunk) => resolve(String(chunk).slice(0, 12)))
          socket.once('close', () => resolve('closed'))
          socket.write('GET /plain HTTP/1.1\r\nHost: a\r\n\r\n')
        }),
    )
    assert.deepEqual(countsOf(await Promise.all(answers)), { 'HTTP/1.1 200': count })
    for (const socket of sockets) socket.destroy()
    await until(async () => (await metric('barbacane_active_connections')) <= 2)
  })
})

describe('clients that take their time', () => {
  const limits = {
    headersTimeoutMs: 200,
    requestTimeoutMs: 300,
    keepAliveTimeoutMs: 200,
    sendTimeoutMs: 300,
    minBytesPerSecond: 1000,
  }

  /** Sends a text letter by letter, and resolves to what came back when the connection is closed. */
  function drip(toPort: number, start: string, pauseMs: number): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(toPort, '127.0.0.1')
      let got = ''
      socket.on('data', (chunk) => (got += String(chunk)))
      socket.on('error', () => socket.destroy())
      socket.write(start)
      const timer = setInterval(() => socket.write('x'), pauseMs)
      socket.on('close', () => {
        clearInterval(timer)
        resolve(got)
      })
    })
  }

  it('over a head or a body get 408, over nothing are let go', async () => {
    const listener = await listenEcho(limits)
    const heads = await many(20, () => drip(listener.port, 'GET / HTTP/1.1\r\nHost: a\r\nX: ', 20))
    for (const got of heads) assert.match(got, /^HTTP\/1\.1 408 /)
    const post = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\n'
    const bodies = await many(20, () => drip(listener.port, post, 20))
    for (const got of bodies) assert.match(got, /^HTTP\/1\.1 408 /)
    const idle = await many(20, () => rawExchange(listener.port, [], false))
    assert.deepEqual(countsOf(idle), { '': 20 })
    await listener.close(0)
  })

  it('are asked for one more request than they may make, and are told before', async () => {
    const listener = await listenEcho({ maxRequestsPerConnection: 3 })
    const request = Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(5))
    const got = await rawExchange(listener.port, [request])
    assert.equal(got.match(/HTTP\/1\.1 200/g)?.length, 3)
    assert.equal(got.match(/connection: close/g)?.length, 1)
    await listener.close(0)
  })

  it('are no more than there may be', async () => {
    const listener = await listenEcho({ maxConnections: 5, headersTimeoutMs: 500 })
    const got = await many(10, (index) =>
      new Promise((resolve) => setTimeout(resolve, index * 10)).then(() =>
        rawExchange(listener.port, [Buffer.from('GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ')], false),
      ),
    )
    assert.equal(got.filter((text) => text === '').length, 5)
    assert.equal(got.filter((text) => text.startsWith('HTTP/1.1 408')).length, 5)
    await listener.close(0)
  })
})
