import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'

import { WebSocket, WebSocketServer } from 'ws'

import { startGateway, type Gateway } from '../../src/runtime/index.ts'
import { gatewayOptions } from '../support/gateway-options.ts'
import { route } from '../support/plan-artifact.ts'
import { rawHttp } from '../support/raw-http.ts'
import { data, entry, watPlugin } from '../support/wat-plugin.ts'

interface Asked {
  readonly request: IncomingMessage
  readonly socket: Socket
}

const asked: Asked[] = []
let accept: () => void = () => undefined

/** Echoes what it is told; a path may say otherwise. */
function listen(): Server {
  const server = createServer((_, response) => response.end('no WebSocket'))
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'second' })
  server.on('upgrade', (request, socket: Socket, head) => {
    asked.push({ request, socket })
    socket.on('error', () => socket.destroy())
    if (request.url === '/refuse')
      return void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n')
    const open = () =>
      sockets.handleUpgrade(request, socket, head, (peer) => {
        peer.on('error', () => peer.terminate())
        peer.on('message', (message, isBinary) => peer.send(message, { binary: isBinary }))
      })
    if (request.url === '/late') accept = open
    else open()
  })
  return server
}

const OPENED = '{"status":101,"headers":{"x-plugin":"yes","upgrade":"nonsense","sec-websocket-accept":"no"}}'
const NOT_OPENED = '{"status":503,"headers":{"x-plugin":"no"}}'

/** Opens a WebSocket to a service, and then does what it is told to; where it has not come to it, it answers 503. */
function opener(url: string, then: string): Uint8Array {
  const request = JSON.stringify({
    url,
    headers: { 'x-from': 'plugin', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' },
    connect_timeout_ms: 10_000,
  })
  const body = `${data(1024, OPENED)} ${data(2048, NOT_OPENED)} ${data(3072, '{"status":200,"headers":{}}')}
    ${data(4096, request)} ${entry(
      'dispatch',
      `(if (result i32) (call $host_ws_upgrade (i32.const 4096) (i32.const ${request.length}))
        (then ${give(2048, NOT_OPENED)})
        (else ${then}))`,
    )}`
  return watPlugin({ body })
}

const give = (at: number, text: string) =>
  `(call $host_set_output (i32.const ${at}) (i32.const ${text.length})) (i32.const 0)`

const server = listen()
let gateway: Gateway

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const origin = `ws://127.0.0.1:${port}`
  const goOn = give(1024, OPENED)
  const plugins = {
    opener: opener(`${origin}/echo?a=b`, goOn),
    refused: opener(`${origin}/refuse`, goOn),
    metadata: opener('ws://169.254.169.254/', goOn),
    down: opener('ws://127.0.0.1:1/', goOn),
    late: opener(`${origin}/late`, goOn),
    answering: opener(`${origin}/echo`, give(3072, '{"status":200,"headers":{}}')),
    trapping: opener(`${origin}/echo`, '(unreachable)'),
    lying: watPlugin({ body: `${data(1024, OPENED)} ${entry('dispatch', goOn)}` }),
  }
  const routes = Object.keys(plugins).map((name) =>
    route('GET', `/${name}`, { dispatch: { name, config: {} } }),
  )
  const options = gatewayOptions(
    { allowPlaintext: true, plugins, routes },
    { allowPlaintextUpstream: true, allowPrivateUpstreams: true },
  )
  gateway = await startGateway({
    ...options,
    host: { ...options.host, monotonicMs: () => performance.now() },
  })
})
after(async () => {
  await gateway.close(0)
  server.closeAllConnections()
  server.close()
})

const open = (path: string) =>
  new WebSocket(`ws://127.0.0.1:${gateway.publicAddress.port}${path}`, ['first', 'second'])

/** The status that a client gets instead of a WebSocket, and who has chosen it. */
async function refusal(path: string): Promise<readonly [number | undefined, unknown]> {
  const client = open(path)
  client.on('error', () => undefined)
  const [, response] = (await once(client, 'unexpected-response')) as [unknown, IncomingMessage]
  response.resume()
  client.terminate()
  return [response.statusCode, response.headers['x-plugin']]
}

async function closed({ socket }: Asked): Promise<void> {
  if (!socket.closed) await once(socket, 'close')
}

describe('a plugin that opens WebSockets (host_ws_upgrade)', () => {
  it('connects the client to the service that it chooses', async () => {
    const client = open('/opener')
    const [response] = (await once(client, 'upgrade')) as [IncomingMessage]
    if (client.readyState !== WebSocket.OPEN) await once(client, 'open')
    assert.deepEqual([response.headers['x-plugin'], client.protocol], ['yes', 'second'])
    client.send('hello')
    const [message] = (await once(client, 'message')) as [Buffer]
    assert.equal(message.toString(), 'hello')
    const { request } = asked.at(-1) as Asked
    assert.deepEqual([request.url, request.headers['x-from']], ['/echo?a=b', 'plugin'])
    client.close(1000)
    const [code] = (await once(client, 'close')) as [number]
    assert.equal(code, 1000)
    await closed(asked.at(-1) as Asked)
  })

  it('is told where there is none, and answers by itself', async () => {
    assert.deepEqual(await refusal('/refused'), [503, 'no'])
    assert.deepEqual(await refusal('/metadata'), [503, 'no'])
    assert.deepEqual(await refusal('/down'), [503, 'no'])
  })

  it('is told where the client wants no WebSocket', async () => {
    const before = asked.length
    const { port } = gateway.publicAddress
    const response = await fetch(`http://127.0.0.1:${port}/opener`)
    assert.deepEqual([response.status, response.headers.get('x-plugin')], [503, 'no'])
    const head = 'GET /opener HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n'
    const answer = await rawHttp(
      `http://127.0.0.1:${port}`,
      `${head}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n\r\n`,
    )
    assert.match(answer, /^HTTP\/1\.1 503 /)
    assert.equal(asked.length, before)
  })

  it('lets the service go where it answers something else, or fails', async () => {
    assert.deepEqual(await refusal('/answering'), [200, undefined])
    await closed(asked.at(-1) as Asked)
    assert.deepEqual(await refusal('/trapping'), [500, undefined])
    await closed(asked.at(-1) as Asked)
  })

  it('cannot say that there is a connection where there is none', async () => {
    assert.deepEqual(await refusal('/lying'), [500, undefined])
  })

  for (const way of ['end', 'resetAndDestroy'] as const) {
    it(`lets the service go where the client has gone before it was there (${way})`, async () => {
      const before = asked.length
      const client = connect(gateway.publicAddress.port, '127.0.0.1')
      const head = 'GET /late HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n'
      const key = Buffer.alloc(16).toString('base64')
      client.write(`${head}Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`)
      while (asked.length === before) await new Promise((resolve) => setTimeout(resolve, 10))
      client[way]()
      await new Promise((resolve) => setTimeout(resolve, 200))
      accept()
      client.resume()
      await closed(asked.at(-1) as Asked)
      client.destroy()
    })
  }
})
