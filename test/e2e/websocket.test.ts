import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'

import { WebSocket, WebSocketServer } from 'ws'

import { createLogger, startGateway, type Gateway } from '../../src/runtime/index.ts'
import { gatewayOptions } from '../support/gateway-options.ts'
import { parameter, planArtifact, route } from '../support/plan-artifact.ts'
import { rawHttp } from '../support/raw-http.ts'
import { spawnGateway } from '../support/spawn-gateway.ts'

const heads: (readonly string[])[] = []
const closes: number[] = []
let paused: Socket | undefined

/** Echoes; a path may say otherwise. */
function listen(): Server {
  const server = createServer((_, response) => {
    response.writeHead(418, { 'x-service': 'teapot' })
    response.end('no tea')
  })
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => [...offered].at(-1) ?? false,
  })
  server.on('upgrade', (request, socket: Socket, head) => {
    heads.push(request.rawHeaders)
    const path = request.url ?? ''
    if (path.startsWith('/base/refuse')) {
      return void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nX-Service: no\r\n\r\nno')
    }
    if (path.startsWith('/base/wrong')) {
      const accept = 'Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA='
      return void socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${accept}\r\n\r\n`,
      )
    }
    sockets.handleUpgrade(request, socket, head, (peer) => {
      peer.on('close', (code) => closes.push(code))
      peer.on('error', () => peer.terminate())
      if (path.startsWith('/base/greet')) peer.send('hello')
      if (path.startsWith('/base/pause')) {
        paused = socket
        socket.pause()
      }
      peer.on('message', (data, isBinary) => peer.send(data, { binary: isBinary }))
    })
  })
  return server
}

const server = listen()
let origin = ''
let gateway: Gateway
let log = ''

const key = { keys: [{ key: 'open-sesame', id: 'ali' }] }

function plan() {
  const dispatch = (config: object = {}) => ({
    name: 'ws-upstream',
    config: { url: `${origin.replace('http', 'ws')}/base`, ...config },
  })
  return {
    allowPlaintext: true,
    schemas: [{ type: 'integer', minimum: 1 }],
    routes: [
      route('GET', '/chat/{room}', {
        dispatch: dispatch(),
        parameters: [parameter('since', 'query', { schema: 0 })],
        middlewares: [{ name: 'correlation-id', config: {} }],
      }),
      route('GET', '/guarded', {
        dispatch: dispatch(),
        middlewares: [{ name: 'apikey-auth', config: key }],
      }),
      route('GET', '/named/{room}', { dispatch: dispatch({ path: '/rooms/{room}' }) }),
      route('GET', '/greet', { dispatch: dispatch() }),
      route('GET', '/pause', { dispatch: dispatch() }),
      route('GET', '/refuse', { dispatch: dispatch() }),
      route('GET', '/wrong', { dispatch: dispatch() }),
      route('GET', '/idle', { dispatch: dispatch({ idle_timeout: 1 }) }),
      route('GET', '/short', { dispatch: dispatch({ max_lifetime: 1 }) }),
      route('GET', '/few', { dispatch: dispatch({ max_connections: 1 }) }),
      route('GET', '/down', { dispatch: { name: 'ws-upstream', config: { url: 'ws://127.0.0.1:1' } } }),
      route('GET', '/mock'),
    ],
  }
}

async function serve(): Promise<Gateway> {
  const options = gatewayOptions(plan(), { allowPlaintextUpstream: true })
  const write = (text: string) => (log += text)
  return startGateway({
    ...options,
    log: createLogger({ level: 'info', format: 'json', nowMs: () => 0, write }),
    host: { ...options.host, monotonicMs: () => performance.now() },
  })
}

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  gateway = await serve()
})
after(async () => {
  await gateway.close(0)
  server.closeAllConnections()
  server.close()
})

const url = (path: string, own: Gateway = gateway) => `ws://127.0.0.1:${own.publicAddress.port}${path}`

async function open(
  path: string,
  {
    protocols = [],
    headers = {},
    own = gateway,
  }: { protocols?: string[]; headers?: object; own?: Gateway } = {},
): Promise<WebSocket> {
  const socket = new WebSocket(url(path, own), protocols, { headers: headers as Record<string, string> })
  socket.on('error', () => undefined)
  await once(socket, 'open')
  return socket
}

async function refusal(
  path: string,
  headers: object = {},
): Promise<{ status: number; text: string; fields: object }> {
  const socket = new WebSocket(url(path), { headers: headers as Record<string, string> })
  socket.on('error', () => undefined)
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage]
  let text = ''
  for await (const chunk of response) text += String(chunk)
  return { status: response.statusCode ?? 0, text, fields: response.headers }
}

const upgrade = (path: string, fields: readonly string[] = []) =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: gateway.test',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...fields,
    '\r\n',
  ].join('\r\n')

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10))
}

describe('a connection of WebSocket', () => {
  it('carries messages both ways, of any size, text and binary', async () => {
    const socket = await open('/chat/1?since=5')
    for (const size of [0, 1, 125, 126, 65_535, 65_536, 3_000_000]) {
      const sent = Buffer.alloc(size, 'x')
      socket.send(sent)
      const [received] = (await once(socket, 'message')) as [Buffer]
      assert.ok(received.equals(sent), String(size))
    }
    socket.send('text')
    const [text, isBinary] = (await once(socket, 'message')) as [Buffer, boolean]
    assert.deepEqual([String(text), isBinary], ['text', false])
    socket.close(1000)
    const [code] = (await once(socket, 'close')) as [number]
    assert.equal(code, 1000)
  })

  it('leaves subprotocols, extensions, pings and close codes to client and service', async () => {
    const socket = await open('/chat/1', { protocols: ['v1', 'v2'] })
    assert.equal(socket.protocol, 'v2')
    socket.ping('p')
    const [pong] = (await once(socket, 'pong')) as [Buffer]
    assert.equal(String(pong), 'p')
    closes.length = 0
    socket.close(4321)
    await until(() => closes.length > 0)
    assert.deepEqual(closes, [4321])
  })

  it('is opened with the fields of a forwarded request, and those of the handshake', async () => {
    heads.length = 0
    const socket = await open('/named/a%20b?x=1', {
      headers: { 'X-Own': 'yes', 'X-Forwarded-For': '192.0.2.9' },
    })
    const fields = (heads[0] as readonly string[]).map((text) => text.toLowerCase())
    const valueOf = (name: string) => fields[fields.indexOf(name) + 1]
    assert.equal(valueOf('x-own'), 'yes')
    assert.equal(valueOf('x-forwarded-for'), '127.0.0.1')
    assert.equal(valueOf('via'), '1.1 barbacane')
    assert.equal(valueOf('connection'), 'upgrade')
    assert.equal(fields.filter((name) => name === 'upgrade').length, 2)
    socket.terminate()
  })

  it('goes through the middlewares and the validation before', async () => {
    const refused = await refusal('/guarded')
    assert.equal(refused.status, 401)
    assert.match(refused.text, /urn:barbacane:error:unauthorized/)
    const socket = await open('/guarded', { headers: { 'x-api-key': 'open-sesame' } })
    socket.terminate()
    assert.equal((await refusal('/chat/1?since=never')).status, 400)
    assert.equal((await refusal('/nothing')).status, 404)
  })

  it('lets middlewares see the answer', async () => {
    const socket = new WebSocket(url('/chat/1'), { headers: { 'x-correlation-id': 'of-the-client' } })
    const [response] = (await once(socket, 'upgrade')) as [IncomingMessage]
    assert.equal(response.headers['x-correlation-id'], 'of-the-client')
    assert.equal(response.headers['server'], 'barbacane')
    assert.ok(response.headers['x-request-id'])
    socket.on('error', () => undefined)
    socket.terminate()
  })

  it('is given the answer of a service that does not accept', async () => {
    const { status, text, fields } = await refusal('/refuse')
    assert.deepEqual([status, text], [403, 'no'])
    assert.equal((fields as Record<string, string>)['x-service'], 'no')
    assert.equal((await refusal('/down')).status, 502)
    // It proves nothing of having read the request.
    assert.equal((await refusal('/wrong')).status, 502)
  })

  it('keeps what comes in one packet with the head, of both sides', async () => {
    const socket = connect(gateway.publicAddress.port, '127.0.0.1')
    // A frame `hi`, masked, behind the head.
    const frame = Buffer.of(0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69)
    socket.write(Buffer.concat([Buffer.from(upgrade('/greet')), frame]))
    let received = Buffer.alloc(0)
    socket.on('data', (chunk) => (received = Buffer.concat([received, chunk])))
    await until(() => received.includes('hi') && received.includes('hello'))
    assert.match(received.toString('latin1'), /^HTTP\/1\.1 101 /)
    const frames = received.subarray(received.indexOf('\r\n\r\n') + 4)
    assert.deepEqual(frames, Buffer.from('\x81\x05hello\x81\x02hi', 'latin1'))
    socket.destroy()
  })

  it('is no faster than either side reads', async () => {
    const socket = await open('/pause')
    const piece = Buffer.alloc(1_000_000)
    for (let count = 0; count < 50; count += 1) socket.send(piece)
    // It stands still once all that lies between is full.
    let last = -1
    await until(() => {
      const isStill = socket.bufferedAmount === last
      last = socket.bufferedAmount
      return isStill
    })
    assert.ok(socket.bufferedAmount > 30_000_000, String(socket.bufferedAmount))
    paused?.resume()
    let received = 0
    socket.on('message', () => (received += 1))
    await until(() => received === 50)
    socket.terminate()
  })

  it('ends where one side vanishes', async () => {
    closes.length = 0
    const socket = await open('/chat/1')
    socket.terminate()
    await until(() => closes.length > 0)
    assert.deepEqual(closes, [1006])
    const second = await open('/pause')
    const gone = once(second, 'close')
    paused?.destroy()
    await gone
  })

  it('is closed with 1001 when nothing comes for too long, and when it has lasted long enough', async () => {
    for (const path of ['/idle', '/short']) {
      closes.length = 0
      const socket = await open(path)
      const timer = setInterval(() => path === '/short' && socket.ping(), 100)
      const [code] = (await once(socket, 'close')) as [number]
      clearInterval(timer)
      assert.equal(code, 1001, path)
      await until(() => closes.length > 0)
      assert.deepEqual(closes, [1001], path)
    }
  })

  it('is refused beyond the number that may be open', async () => {
    const first = await open('/few')
    const refused = await refusal('/few')
    assert.equal(refused.status, 503)
    assert.match(refused.text, /overloaded/)
    first.terminate()
    let second: WebSocket | undefined
    while (second === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      const next = new WebSocket(url('/few'))
      second = await Promise.race([
        once(next, 'open').then(() => next),
        once(next, 'error').then(() => undefined),
      ])
    }
    second.on('error', () => undefined)
    second.terminate()
  })

  it('is logged once, when it ends, with 101', async () => {
    log = ''
    const socket = await open('/chat/1')
    socket.close()
    await until(() => log.includes('"status":101'))
    assert.equal(log.match(/"status":101/g)?.length, 1)
  })
})

describe('what does not open a connection of WebSocket', () => {
  const ask = async (text: string) => {
    const answer = await rawHttp(`http://127.0.0.1:${gateway.publicAddress.port}`, text)
    return answer.split('\r\n\r\n')[0] as string
  }
  const close = 'Connection: close'

  it('is answered 426 with what is wanted', async () => {
    const plain = await ask(`GET /greet HTTP/1.1\r\nHost: a\r\n${close}\r\n\r\n`)
    assert.match(plain, /^HTTP\/1\.1 426 Upgrade Required\r\n/)
    assert.match(plain, /^upgrade: websocket\r?$/im)
    const other = upgrade('/greet').replace('Upgrade: websocket', 'Upgrade: h2c')
    assert.match(await ask(other.replace('Connection: Upgrade', 'Connection: Upgrade, close')), / 426 /)
    const old = upgrade('/greet').replace('HTTP/1.1', 'HTTP/1.0')
    assert.match(await ask(old), / 426 /)
    const version = upgrade('/greet').replace('Version: 13', 'Version: 8')
    const answer = await ask(version.replace('Connection: Upgrade', 'Connection: Upgrade, close'))
    assert.match(answer, / 426 /)
    assert.match(answer, /^sec-websocket-version: 13\r?$/im)
  })

  it('is answered 400 without a key', async () => {
    const bad = upgrade('/greet').replace('dGhlIHNhbXBsZSBub25jZQ==', 'short')
    assert.match(await ask(bad.replace('Connection: Upgrade', 'Connection: Upgrade, close')), / 400 /)
  })

  it('is answered as ever by what knows no WebSocket', async () => {
    const asked = upgrade('/mock').replace('Connection: Upgrade', 'Connection: Upgrade, close')
    assert.match(await ask(asked), /^HTTP\/1\.1 200 OK\r\n/)
  })
})

describe('the end of a gateway', () => {
  it('closes connections of WebSocket with 1001 on both sides, and is not kept by them', async () => {
    const own = await serve()
    closes.length = 0
    const sockets = await Promise.all([1, 2, 3].map(() => open('/chat/1', { own })))
    const codes = sockets.map(async (socket) => ((await once(socket, 'close')) as [number])[0])
    assert.equal(await own.close(10_000), true)
    assert.deepEqual(await Promise.all(codes), [1001, 1001, 1001])
    await until(() => closes.length === 3)
    assert.deepEqual(closes, [1001, 1001, 1001])
  })

  it('does not close within a frame', async () => {
    const own = await serve()
    const socket = connect(own.publicAddress.port, '127.0.0.1')
    let received = Buffer.alloc(0)
    socket.on('data', (chunk) => (received = Buffer.concat([received, chunk])))
    socket.on('error', () => socket.destroy())
    // The head of a frame of four bytes, and two of them.
    socket.write(
      Buffer.concat([Buffer.from(upgrade('/greet')), Buffer.of(0x81, 0x84, 0, 0, 0, 0, 0x61, 0x62)]),
    )
    await until(() => received.includes('hello'))
    const closed = own.close(10_000)
    await until(() => received.includes(Buffer.of(0x88, 0x02, 0x03, 0xe9)))
    closes.length = 0
    socket.write(Buffer.from('cd'))
    await until(() => closes.length > 0)
    assert.deepEqual(closes, [1001])
    assert.equal(await closed, true)
  })

  it('is the same for a process that is told to stop', async (context) => {
    const spawned = await spawnGateway(context, {
      artifact: planArtifact(plan()),
      flags: ['--allow-plaintext-upstream', '--log-level', 'error', '--drain-delay', '0'],
    })
    const socket = new WebSocket(`${spawned.url.replace('http', 'ws')}/greet`)
    await once(socket, 'open')
    const closed = once(socket, 'close')
    assert.equal(await spawned.stop(), 0)
    assert.equal(((await closed) as [number])[0], 1001)
  })
})
