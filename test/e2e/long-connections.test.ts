import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { ClientHttp2Session } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'

import { WebSocket, WebSocketServer } from 'ws'

import { askH2, openH2 } from '../support/h2-client.ts'
import { planArtifact, route, upstream } from '../support/plan-artifact.ts'
import { spawnGateway, type CleanupScope, type SpawnedGateway } from '../support/spawn-gateway.ts'
import { replaceFile } from '../support/versioned-api.ts'

const WORKERS = 2
const SOCKETS = 16
const SESSIONS = 8
const REQUESTS_PER_SESSION = 5

/** A service whose sockets echo and whose answers wait until the test lets them go; those of streams have begun. */
const waiting: ServerResponse[] = []
const service = createServer(({ url }, response) => {
  if (url === '/stream') response.write('first')
  waiting.push(response)
})
const echo = new WebSocketServer({ server: service })
echo.on('connection', (peer) => {
  peer.on('error', () => peer.terminate())
  peer.on('message', (data, isBinary) => peer.send(data, { binary: isBinary }))
})
let port = 0

before(async () => {
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  port = (service.address() as AddressInfo).port
})
after(() => {
  service.closeAllConnections()
  service.close()
})

function version(name: string): Buffer {
  return planArtifact({
    allowPlaintext: true,
    specs: { 'specs/api.yaml': `# ${name}\n` },
    routes: [
      route('GET', '/version', { dispatch: { name: 'mock', config: { body: name } } }),
      route('GET', '/slow', { dispatch: upstream(`http://127.0.0.1:${port}`) }),
      route('GET', '/stream', { dispatch: upstream(`http://127.0.0.1:${port}`) }),
      route('GET', '/chat', {
        dispatch: { name: 'ws-upstream', config: { url: `ws://127.0.0.1:${port}` } },
      }),
    ],
  })
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; !(await isSo()); waitedMs += 20) {
    assert.ok(waitedMs < 60_000, `never so: ${String(isSo)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

interface Connected {
  readonly gateway: SpawnedGateway
  readonly sockets: readonly WebSocket[]
  readonly sessions: readonly ClientHttp2Session[]
}

/** Opens sockets through a gateway. */
async function openSockets({ url }: SpawnedGateway): Promise<readonly WebSocket[]> {
  const sockets = Array.from({ length: SOCKETS }, () => new WebSocket(`${url.replace('http', 'ws')}/chat`))
  await Promise.all(sockets.map((socket) => once(socket, 'open')))
  return sockets
}

/** Workers with sockets and sessions, which are open. */
async function connectMany(context: CleanupScope, flags: readonly string[] = []): Promise<Connected> {
  waiting.length = 0
  const gateway = await spawnGateway(context, {
    artifact: version('one'),
    flags: [...`--workers ${WORKERS} --h2c --allow-plaintext-upstream`.split(' '), ...flags],
  })
  const sockets = await openSockets(gateway)
  const sessions = Array.from({ length: SESSIONS }, () => openH2(Number(new URL(gateway.url).port)))
  context.after(() => {
    for (const socket of sockets) socket.terminate()
    for (const session of sessions) session.destroy()
  })
  assert.deepEqual(
    await versionsOf(sessions),
    Array.from(sessions, () => 'one'),
  )
  return { gateway, sockets, sessions }
}

const versionsOf = (sessions: readonly ClientHttp2Session[]) =>
  Promise.all(sessions.map(async (session) => String((await askH2(session, { path: '/version' })).body)))

const brokeOff = () => 'broke off'

/** The status of an answer and the kind of a problem; or that it is not whole. */
async function endOf(response: Response): Promise<string> {
  const text = await response.text().catch(brokeOff)
  return response.ok ? text : `${response.status} ${/urn:barbacane:error:([a-z-]+)/.exec(text)?.[1]}`
}

async function echoesOf(sockets: readonly WebSocket[]): Promise<readonly string[]> {
  return Promise.all(
    sockets.map(async (socket, index) => {
      socket.send(`message ${index}`)
      const [data] = (await once(socket, 'message')) as [Buffer]
      return String(data)
    }),
  )
}

/** How many requests and connections of all workers are on a configuration, by its state. */
async function underWay(gateway: SpawnedGateway): Promise<Readonly<Record<string, number>>> {
  const response = await fetch(`${gateway.adminUrl}/_admin/provenance`)
  const { workers } = (await response.json()) as {
    workers: { configurations: { state: string; requests_in_flight: number }[] }[]
  }
  const counts: Record<string, number> = {}
  for (const { state, requests_in_flight: requests } of workers.flatMap((one) => one.configurations)) {
    counts[state] = (counts[state] ?? 0) + requests
  }
  return counts
}

describe('connections that last, on several workers', () => {
  it('go on after a reload: sockets as they were opened, sessions with what is new', async (context) => {
    const { gateway, sockets, sessions } = await connectMany(context)
    replaceFile(gateway.artifactPath, version('two'))
    gateway.process.kill('SIGHUP')
    await until(async () => (await (await fetch(`${gateway.url}/version`)).text()) === 'two')
    await until(async () => (await underWay(gateway))['retired'] === SOCKETS)
    assert.deepEqual(
      await versionsOf(sessions),
      Array.from(sessions, () => 'two'),
    )
    assert.deepEqual(
      await echoesOf(sockets),
      sockets.map((_, index) => `message ${index}`),
    )
    for (const socket of sockets.slice(1)) socket.close()
    await until(async () => (await underWay(gateway))['retired'] === 1)
    sockets[0]?.close()
    // What was replaced is let go with the last of them.
    await until(async () => JSON.stringify(await underWay(gateway)) === '{"active":0}')
  })

  it('are cut off when their time with what was replaced is over, and nothing of it is left', async (context) => {
    const { gateway, sockets, sessions } = await connectMany(context, ['--retire-timeout', '1'])
    const codes = sockets.map(async (socket) => ((await once(socket, 'close')) as [number])[0])
    const all = { length: REQUESTS_PER_SESSION }
    const overHttp1 = (path: string) =>
      Array.from(all, async () => endOf(await fetch(`${gateway.url}${path}`)))
    const overHttp2 = (path: string) =>
      sessions.map((session) => askH2(session, { path }).then(({ status }) => `${status}`, brokeOff))
    const unanswered = [...overHttp1('/slow'), ...overHttp2('/slow')]
    const begun = [...overHttp1('/stream'), ...overHttp2('/stream')]
    const requests = unanswered.length + begun.length
    await until(() => waiting.length === requests)
    replaceFile(gateway.artifactPath, version('two'))
    gateway.process.kill('SIGHUP')
    assert.deepEqual(
      await Promise.all(unanswered),
      unanswered.map((_, index) => (index < REQUESTS_PER_SESSION ? '503 configuration-retired' : '503')),
    )
    assert.deepEqual(
      await Promise.all(begun),
      begun.map(() => 'broke off'),
    )
    assert.deepEqual(
      await Promise.all(codes),
      sockets.map(() => 1001),
    )
    await until(async () => JSON.stringify(await underWay(gateway)) === '{"active":0}')
    // Their services are not asked any more, and sessions are good for what comes next.
    await until(() => waiting.every(({ destroyed }) => destroyed))
    assert.deepEqual(
      await versionsOf(sessions),
      Array.from(sessions, () => 'two'),
    )
    const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text()
    const cutOff = requests + SOCKETS
    assert.match(metrics, new RegExp(`^barbacane_requests_cut_off_total ${cutOff}$`, 'm'))
    assert.match(metrics, /^barbacane_retired_configurations 0$/m)
    const lines = gateway
      .log()
      .filter(({ msg }) => msg === 'requests of a configuration that was replaced are cut off')
    assert.equal(
      lines.reduce((sum, { requests: count }) => sum + Number(count), 0),
      cutOff,
    )
    const logged = gateway.log().filter(({ msg, path }) => msg === 'request' && path === '/slow')
    assert.deepEqual(
      logged.map(({ status }) => status),
      unanswered.map(() => 503),
    )
    // What has begun since then is none of it.
    const later = await openSockets(gateway)
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    assert.deepEqual(
      await echoesOf(later),
      later.map((_, index) => `message ${index}`),
    )
    for (const socket of later) socket.terminate()
  })

  it('end with the node: sockets with 1001, sessions once they have their answers', async (context) => {
    const { gateway, sockets, sessions } = await connectMany(context)
    const codes = sockets.map(async (socket) => ((await once(socket, 'close')) as [number])[0])
    const closed = sessions.map((session) => once(session, 'close'))
    const answers = sessions.flatMap((session) =>
      Array.from({ length: REQUESTS_PER_SESSION }, () => askH2(session, { path: '/slow' })),
    )
    await until(() => waiting.length === SESSIONS * REQUESTS_PER_SESSION)
    const stopped = gateway.stop('SIGTERM')
    assert.deepEqual(
      await Promise.all(codes),
      sockets.map(() => 1001),
    )
    for (const response of waiting) response.end('whole')
    const bodies = (await Promise.all(answers)).map(({ status, body }) => `${status} ${String(body)}`)
    assert.deepEqual(
      bodies,
      answers.map(() => '200 whole'),
    )
    await Promise.all(closed)
    assert.equal(await stopped, 0)
    assert.equal(gateway.log().at(-1)?.['cut_off'], false)
  })
})
