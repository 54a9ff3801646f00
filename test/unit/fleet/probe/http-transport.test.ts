import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net'
import { describe, it, type TestContext } from 'node:test'

import { askByHttp } from '../../../../src/fleet/probe/index.ts'
import type { Reply, TlsMaterial } from '../../../../src/fleet/probe/transport.ts'
import { selfSigned } from '../../../support/certificates.ts'

const noSignal = new AbortController().signal

async function listen(context: TestContext, server: Server | TcpServer): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.after(() => {
    if ('closeAllConnections' in server) server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

function ask(port: number, change: { timeoutMs?: number; tls?: TlsMaterial; signal?: AbortSignal } = {}) {
  const protocol = change.tls === undefined ? 'http' : 'https'
  const url = new URL(`${protocol}://127.0.0.1:${port}/_admin/provenance`)
  return askByHttp({ url, headers: {}, tls: undefined, timeoutMs: 20_000, signal: noSignal, ...change })
}

function shown(reply: Reply): string {
  if ('body' in reply) return String(reply.body)
  const { reason, isTransient, retryAfterMs } = reply.failure
  return [reason, ...(isTransient ? ['transient'] : []), ...(retryAfterMs ? [retryAfterMs] : [])].join(' ')
}

async function answered(
  context: TestContext,
  listener: RequestListener,
  timeoutMs?: number,
): Promise<string> {
  const port = await listen(context, createServer(listener))
  return shown(await ask(port, timeoutMs === undefined ? {} : { timeoutMs }))
}

describe('askByHttp', () => {
  it('gives the body of an answer', async (context) => {
    assert.equal(await answered(context, (_, reply) => reply.end('{"a":1}')), '{"a":1}')
  })

  it('says what came instead of an answer', async (context) => {
    const status = (code: number, headers = {}) =>
      answered(context, (_, reply) => void reply.writeHead(code, headers).end())
    assert.equal(await status(302, { location: 'http://127.0.0.1:1/' }), 'redirected')
    assert.equal(await status(401), 'access-denied')
    assert.equal(await status(403), 'access-denied')
    assert.equal(await status(404), 'http-status')
    assert.equal(await status(429, { 'retry-after': '2' }), 'http-status transient 2000')
    assert.equal(await status(503), 'http-status transient')
    assert.equal(await status(200, { 'content-encoding': 'gzip' }), 'no-provenance')
  })

  it('reads no more than 4 MiB, announced or not', async (context) => {
    assert.equal(
      await answered(context, (_, reply) =>
        reply.writeHead(200, { 'content-length': 100 * 1024 * 1024 }).flushHeaders(),
      ),
      'too-large',
    )
    let sentBytes = 0
    const endless: RequestListener = (_, reply) => {
      const chunk = Buffer.alloc(64 * 1024)
      const pump = () => {
        while (!reply.destroyed) {
          sentBytes += chunk.byteLength
          if (!reply.write(chunk)) return reply.once('drain', pump)
        }
      }
      pump()
    }
    assert.equal(await answered(context, endless), 'too-large')
    assert.ok(sentBytes < 64 * 1024 * 1024)
  })

  it('waits no longer than it was told, whatever trickles in', async (context) => {
    assert.equal(await answered(context, () => undefined, 50), 'timeout transient')
    const trickle: RequestListener = (_, reply) => {
      const timer = setInterval(() => reply.write(' '), 5)
      reply.on('close', () => clearInterval(timer))
    }
    assert.equal(await answered(context, trickle, 80), 'timeout transient')
  })

  it('tells a refused connection from one that speaks something else', async (context) => {
    const server = createTcpServer()
    const port = await listen(context, server)
    server.close()
    await once(server, 'close')
    assert.equal(shown(await ask(port)), 'connection-failed transient')
    const garbage = await listen(
      context,
      createTcpServer((socket) => void socket.on('error', () => undefined).end('SSH-2.0-x\r\n\r\n')),
    )
    assert.equal(shown(await ask(garbage)), 'no-provenance')
    const cut = await listen(
      context,
      createServer((_, reply) => {
        reply.writeHead(200, { 'content-length': 100 })
        reply.write('half', () => reply.destroy())
      }),
    )
    assert.equal(shown(await ask(cut)), 'connection-failed transient')
  })

  it('ends with the signal', async (context) => {
    const port = await listen(
      context,
      createServer(() => stop.abort()),
    )
    const stop = new AbortController()
    await assert.rejects(ask(port, { signal: stop.signal }), { name: 'AbortError' })
    await assert.rejects(ask(port, { signal: stop.signal }), { name: 'AbortError' })
  })

  it('accepts over https the pinned certificate only, in time and for its name', async (context) => {
    const pair = await selfSigned('edge.internal')
    const client = await selfSigned('verifier.internal')
    const expired = await selfSigned('old.internal', { isExpired: true })
    const serve = (served: { key: Buffer; cert: Buffer }, more = {}) =>
      listen(
        context,
        createTlsServer({ ...served, ...more }, (_, reply) => reply.end('over tls')),
      )
    const port = await serve(pair)
    const tls = (change: Partial<TlsMaterial>) => ({
      ca: pair.cert,
      cert: undefined,
      key: undefined,
      serverName: 'edge.internal',
      ...change,
    })
    assert.equal(shown(await ask(port, { tls: tls({}) })), 'over tls')
    assert.equal(shown(await ask(port, { tls: tls({ ca: undefined }) })), 'tls-failed')
    assert.equal(shown(await ask(port, { tls: tls({ ca: client.cert }) })), 'tls-failed')
    assert.equal(shown(await ask(port, { tls: tls({ serverName: 'other.internal' }) })), 'tls-failed')
    assert.equal(shown(await ask(port, { tls: tls({ serverName: undefined }) })), 'tls-failed')
    const mutual = await serve(pair, { requestCert: true, ca: client.cert })
    assert.equal(shown(await ask(mutual, { tls: tls(client) })), 'over tls')
    assert.match(shown(await ask(mutual, { tls: tls({}) })), /^(?:tls-failed|connection-failed)/)
    assert.equal(
      shown(await ask(port, { tls: tls({ cert: Buffer.from('no'), key: Buffer.from('no') }) })),
      'access-unusable',
    )
    const late = await serve(expired)
    const reply = await ask(late, { tls: tls({ ca: expired.cert, serverName: 'old.internal' }) })
    assert.ok('failure' in reply)
    assert.deepEqual([reply.failure.reason, reply.failure.detail], ['tls-failed', 'certificate has expired'])
  })
})
