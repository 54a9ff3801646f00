import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { connect as connectHttp2, constants, type ClientHttp2Stream } from 'node:http2'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { connect as connectTls, type TLSSocket } from 'node:tls'

import type { Route } from '../../src/domain/index.ts'
import { certificateFiles } from '../support/certificate-files.ts'
import { body, planArtifact, route, upstream } from '../support/plan-artifact.ts'
import { spawnGateway, type SpawnedGateway } from '../support/spawn-gateway.ts'
import { replaceFile, version } from '../support/versioned-api.ts'

/** The longest that can be configured: nothing but what it notices of its clients makes the gateway give up. */
const NEVER_SECONDS = 300
/** A client that is gone is given up within this. */
const PROMPT_MS = 15_000

const PIECE = Buffer.alloc(64 * 1024, 'x')
const cleanups: (() => unknown)[] = []
after(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup()
})

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

const acceptOf = (request: string) => {
  const key = /^sec-websocket-key: (.*)$/im.exec(request)?.[1]
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
}

/** Does with a connection what the path of its first request says. */
function serve(socket: Socket): void {
  socket.once('data', (chunk) => {
    const request = String(chunk)
    const path = request.split(' ')[1] as string
    if (path === '/flood') flood(socket)
    else if (path === '/half') socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf')
    else if (path.startsWith('/socket')) {
      const head = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n'
      if (path !== '/socket-silent') socket.write(`${head}Sec-WebSocket-Accept: ${acceptOf(request)}\r\n\r\n`)
      if (path === '/socket-flood')
        flood(socket, Buffer.concat([Buffer.of(0x82, 126, 0xff, 0xff), PIECE.subarray(1)]))
    }
    if (path.endsWith('stall')) socket.pause()
    else socket.resume()
  })
}

function flood(socket: Socket, piece = PIECE): void {
  if (piece === PIECE) socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${2 ** 40}\r\n\r\n`)
  const go = () => {
    while (!socket.destroyed && socket.write(piece));
  }
  socket.on('drain', go)
  go()
}

const port = await listen(createServer(serve))
// Its handshakes come to nothing.
const mutePort = await listen(createServer())
const times = { timeout: NEVER_SECONDS, connect_timeout: NEVER_SECONDS }
const forward = upstream(`http://127.0.0.1:${port}`, times)
const mute = upstream(`https://127.0.0.1:${mutePort}`, times)
const tunnel: Route['dispatch'] = {
  name: 'ws-upstream',
  config: { url: `ws://127.0.0.1:${port}`, connect_timeout: NEVER_SECONDS },
}
const anything = body('*/*', null)
const artifact = planArtifact({
  allowPlaintext: true,
  routes: [
    ...['/silent', '/flood', '/half'].map((path) => route('GET', path, { dispatch: forward })),
    ...['/upload', '/stall'].map((path) => route('POST', path, { dispatch: forward, body: anything })),
    route('GET', '/mute', { dispatch: mute }),
    route('POST', '/mute', { dispatch: mute, body: anything }),
    ...['/socket', '/socket-silent', '/socket-stall', '/socket-flood'].map((path) =>
      route('GET', path, { dispatch: tunnel }),
    ),
  ],
})
const folder = mkdtempSync(join(tmpdir(), 'vanishing-'))
cleanups.push(() => rmSync(folder, { recursive: true }))
const { certPath, keyPath } = await certificateFiles(folder, 'shop.test')
const flags = ['--allow-plaintext-upstream', '--max-body-size', '1GiB', '--h2c', '--log-level', 'warn']
const scope = { after: (cleanup: () => unknown) => void cleanups.push(cleanup) }
const plain = await spawnGateway(scope, { artifact, flags })
const secure = await spawnGateway(scope, {
  artifact,
  flags: [...flags, '--tls-cert', certPath, '--tls-key', keyPath],
})

/** A client, with the connection below what it speaks. */
interface Client {
  readonly socket: Socket | TLSSocket
  readonly raw: Socket
  /** Sends the head of a request and what there is of its body, forgotten afterwards. */
  /** Resets the last request alone, over HTTP/2. */
  readonly cancel: () => void
  readonly ask: (method: string, path: string, piece?: Buffer, fields?: Record<string, string>) => void
}

type Speak = 'HTTP/1.1' | 'HTTP/2'

async function open(gateway: SpawnedGateway, speaks: Speak): Promise<Client> {
  const usesTls = gateway === secure
  const raw = connect(Number(new URL(gateway.url).port), '127.0.0.1')
  raw.on('error', () => raw.destroy())
  const ALPNProtocols = [speaks === 'HTTP/2' ? 'h2' : 'http/1.1']
  const socket = usesTls ? connectTls({ socket: raw, rejectUnauthorized: false, ALPNProtocols }) : raw
  socket.on('error', () => socket.destroy())
  await new Promise<void>((resolve) => socket.once(usesTls ? 'secureConnect' : 'connect', () => resolve()))
  if (speaks === 'HTTP/1.1') {
    return {
      socket,
      raw,
      cancel: () => {},
      ask: (method, path, piece, fields = {}) => {
        const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
        const length = method === 'POST' ? 'Content-Length: 500000000\r\n' : ''
        socket.write(`${method} ${path} HTTP/1.1\r\nHost: a\r\n${length}${lines.join('')}\r\n`)
        if (piece !== undefined) socket.write(piece)
      },
    }
  }
  const session = connectHttp2(`${usesTls ? 'https' : 'http'}://127.0.0.1`, {
    createConnection: () => socket,
  })
  session.on('error', () => session.destroy())
  let stream: ClientHttp2Stream | undefined
  return {
    socket,
    raw,
    cancel: () => stream?.close(constants.NGHTTP2_CANCEL),
    ask: (method, path, piece) => {
      stream = session.request({ ':method': method, ':path': path }, { endStream: method === 'GET' })
      stream.on('error', () => {})
      if (piece !== undefined) stream.write(piece)
    },
  }
}

const LARGE = Buffer.alloc(32 * 2 ** 20, 'x')
const KEY = { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'sec-websocket-version': '13' }
const OPENS = { connection: 'Upgrade', upgrade: 'websocket', ...KEY }

/** How far a client comes before it vanishes. */
const stages: Readonly<Record<string, (client: Client) => void>> = {
  'while it waits for an answer': (client) => client.ask('GET', '/silent'),
  'while the service is connected to': (client) => client.ask('GET', '/mute'),
  'with a body begun while the service is connected to': (client) =>
    client.ask('POST', '/mute', Buffer.from('half')),
  'with much of a body sent while the service is connected to': (client) =>
    client.ask('POST', '/mute', LARGE),
  'in the middle of a body': (client) => client.ask('POST', '/upload', Buffer.from('half')),
  'in the middle of a body that the service does not read': (client) => client.ask('POST', '/stall', LARGE),
  'in the middle of an answer that it does not read': (client) => {
    client.socket.pause()
    client.ask('GET', '/flood')
  },
  'in the middle of an answer that stops': (client) => client.ask('GET', '/half'),
}

/** Of those, the ones in which the gateway does not read on. */
const LARGE_STAGES: ReadonlySet<string> = new Set([
  'with much of a body sent while the service is connected to',
  'in the middle of a body that the service does not read',
  'on a connection that the service does not read',
])

const onlyHttp1: typeof stages = {
  'in the middle of a head': ({ socket }) => socket.write('GET /silent HTTP/1.1\r\nHos'),
  'while it waits for the first of two answers': (client) => {
    client.ask('GET', '/silent')
    client.ask('GET', '/silent')
  },
  'while it waits to be given a connection': (client) =>
    client.ask('GET', '/socket-silent', undefined, OPENS),
  'on a connection it was given': (client) => client.ask('GET', '/socket', undefined, OPENS),
  'on a connection that the service does not read': (client) => {
    client.ask('GET', '/socket-stall', undefined, OPENS)
    const frame = Buffer.concat([Buffer.of(0x82, 0xfe, 0xff, 0xff, 0, 0, 0, 0), PIECE.subarray(1)])
    setTimeout(() => client.socket.write(Buffer.concat(Array.from({ length: 200 }, () => frame))), 100)
  },
  'on a connection that it does not read': (client) => {
    client.socket.pause()
    client.ask('GET', '/socket-flood', undefined, OPENS)
  },
}

/**
 * How it vanishes. An end that stands behind much that the gateway does not want to read yet reaches it only with that, so
 * there the times for the service decide.
 */
const ways: Readonly<Record<string, (client: Client) => void>> = {
  'by a reset': ({ raw }) => raw.resetAndDestroy(),
  'by an end': ({ socket, raw }) => {
    socket.destroy()
    raw.destroy()
  },
}

const isUnseen = (stage: string, way: string) => way === 'by an end' && LARGE_STAGES.has(stage)

async function until(isSo: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
  // By what it has slept: a machine that stood still was none of the gateway's time.
  for (let waitedMs = 0; !(await isSo()); waitedMs += 20) {
    assert.ok(waitedMs < PROMPT_MS, what())
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** As the system writes it among the states of connections. */
const LISTENING = '0A'

const pause = (timeMs: number) => new Promise((resolve) => setTimeout(resolve, timeMs))

/**
 * The connections that a gateway has: to its clients and to the service. One that is being made is kept for whoever comes
 * next, for as long as that may take; those are not counted.
 */
function socketsOf({ process: { pid } }: SpawnedGateway): number {
  const names = readdirSync(`/proc/${pid}/fd`).map((descriptor) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${descriptor}`)
    } catch (error) {
      // It was closed since.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
      throw error
    }
  })
  const mute = `:${mutePort.toString(16).toUpperCase().padStart(4, '0')}`
  const lines = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').trim().split('\n').slice(1)
  const others = lines.flatMap((line) => {
    const [, , remote = '', state, , , , , , inode] = line.trim().split(/\s+/)
    return state === LISTENING || remote.endsWith(mute) ? [`socket:[${inode}]`] : []
  })
  // One that was reset is not among the lines any more, and has its descriptor until that is noticed.
  return names.filter((name) => name.startsWith('socket:') && !others.includes(name)).length
}

/** The sockets that are no connections: its output is read by some. */
const standing = new Map([plain, secure].map((gateway) => [gateway, socketsOf(gateway)]))
const connectionsOf = (gateway: SpawnedGateway) => socketsOf(gateway) - (standing.get(gateway) ?? 0)

/** The gauges and counters of a gateway, by their names. */
async function metricsOf(gateway: SpawnedGateway): Promise<(name: string) => number> {
  const text = await (await fetch(`${gateway.adminUrl}/metrics`)).text()
  return (name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
}

/** Waits until a gateway has no more connections than this. */
const connectionsAtMost = (gateway: SpawnedGateway, count: number) =>
  until(
    () => connectionsOf(gateway) <= count,
    () => `${connectionsOf(gateway)} connections are left`,
  )

const reachedBy = (speaks: Speak) =>
  Object.entries(speaks === 'HTTP/1.1' ? { ...stages, ...onlyHttp1 } : stages)

async function bring(gateway: SpawnedGateway, speaks: Speak, begin: (client: Client) => void) {
  const client = await open(gateway, speaks)
  begin(client)
  await pause(250)
  assert.ok(connectionsOf(gateway) > 0)
  return client
}

for (const [gateway, layer] of [
  [secure, 'over TLS'],
  [plain, 'without TLS'],
] as const) {
  for (const speaks of ['HTTP/1.1', 'HTTP/2'] as const) {
    describe(`a client of ${speaks} ${layer}`, () => {
      for (const [stage, begin] of reachedBy(speaks)) {
        for (const [way, leave] of Object.entries(ways)) {
          // A session of HTTP/2 reads on, and what it holds of bodies is limited: there every end is seen.
          if (speaks === 'HTTP/1.1' && isUnseen(stage, way)) continue
          it(`that vanishes ${stage}, ${way}, leaves nothing behind`, async () => {
            leave(await bring(gateway, speaks, begin))
            await connectionsAtMost(gateway, 0)
          })
        }
        if (speaks === 'HTTP/1.1') continue
        it(`that resets its request ${stage}, leaves nothing of that behind`, async () => {
          const client = await bring(gateway, speaks, begin)
          client.cancel()
          await connectionsAtMost(gateway, 1)
          client.raw.resetAndDestroy()
          await connectionsAtMost(gateway, 0)
        })
      }
    })
  }

  it(`clients ${layer} that vanish after a reload keep nothing of the configuration before`, async () => {
    const clients = await Promise.all(
      (['HTTP/1.1', 'HTTP/2'] as const).flatMap((speaks) =>
        reachedBy(speaks).map(([, begin]) => bring(gateway, speaks, begin)),
      ),
    )
    replaceFile(gateway.artifactPath, version('next'))
    gateway.process.kill('SIGHUP')
    await gateway.logged(({ msg }) => msg === 'reloaded')
    assert.equal((await metricsOf(gateway))('barbacane_retired_configurations'), 1)
    for (const { raw } of clients) raw.resetAndDestroy()
    // Whoever asks for the metrics has one.
    await connectionsAtMost(gateway, 1)
    await until(
      async () => (await metricsOf(gateway))('barbacane_retired_configurations') === 0,
      () => 'the configuration is still there',
    )
  })
}
