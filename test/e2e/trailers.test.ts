import assert from 'node:assert/strict'
import { createServer as createPlainServer, request as requestPlainly } from 'node:http'
import { createServer, type ClientHttp2Session, type Http2Server } from 'node:http2'
import type { AddressInfo, Server } from 'node:net'
import { after, before, describe, it } from 'node:test'

import { startGateway, type Gateway } from '../../src/runtime/index.ts'
import { gatewayOptions } from '../support/gateway-options.ts'
import { openH2 } from '../support/h2-client.ts'
import { body, route } from '../support/plan-artifact.ts'

/** What came of a message. */
interface Seen {
  readonly text: string
  readonly trailers: Readonly<Record<string, unknown>>
}

/** Fields behind a body: some that go on, and some that must not. */
const SENT = { 'x-sum': '1', 'grpc-status': '0', 'x-forwarded-for': '6.6.6.6', authorization: 'Bearer x' }
const KEPT = { 'x-sum': '1', 'grpc-status': '0' }

describe('fields behind a body, through the gateway', () => {
  const seen: (Seen & { readonly te: string | undefined; readonly leaked: boolean })[] = []
  const plain = createPlainServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      const { headers, trailers } = request
      seen.push({ text, trailers, te: headers['te'] as string | undefined, leaked: 'x-sum' in headers })
      response.writeHead(200, { Trailer: 'X-Sum' })
      response.write('ans')
      response.addTrailers(SENT)
      response.end('wer')
    })
  })
  const modern = createServer()
  modern.on('stream', (stream, headers) => {
    let text = ''
    let trailers = {}
    stream.on('error', () => stream.destroy())
    if (headers[':path'] === '/early') {
      stream.respond({ ':status': 200 }, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers(SENT))
      return void stream.end('answer')
    }
    stream.on('trailers', (fields: object) => (trailers = Object.fromEntries(Object.entries(fields))))
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
    stream.on('end', () => {
      seen.push({ text, trailers, te: headers['te'] as string | undefined, leaked: 'x-sum' in headers })
      stream.respond({ ':status': 200 }, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers(SENT))
      stream.end('answer')
    })
  })
  let gateway: Gateway
  let session: ClientHttp2Session

  const originOf = async (server: Server | Http2Server) => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  before(async () => {
    const [first, second] = [await originOf(plain), await originOf(modern)]
    const to = (url: string, protocol: string, trailers: string) => ({
      dispatch: { name: 'http-upstream', config: { url, protocol, trailers } },
      body: body('*/*', null, { required: false }),
    })
    const hook = { name: 'response-transformer', config: { headers: { set: { 'x-hook': '1' } } } }
    const routes = [
      route('POST', '/plain', to(first, 'http/1.1', 'forward')),
      route('POST', '/modern', to(second, 'h2', 'forward')),
      route('POST', '/early', to(second, 'h2', 'forward')),
      route('POST', '/plain/drop', to(first, 'http/1.1', 'drop')),
      route('POST', '/modern/drop', to(second, 'h2', 'drop')),
      route('POST', '/plain/hook', { ...to(first, 'http/1.1', 'forward'), middlewares: [hook] }),
    ]
    const change = { allowPlaintextUpstream: true, allowsPlainHttp2: true }
    const options = gatewayOptions({ allowPlaintext: true, routes }, change)
    const host = { ...options.host, monotonicMs: () => performance.now(), nowMs: Date.now }
    gateway = await startGateway({ ...options, host })
    session = openH2(gateway.publicAddress.port)
  })
  after(async () => {
    session.destroy()
    await gateway.close(0)
    plain.closeAllConnections()
    plain.close()
    modern.close()
  })

  /** Asks by HTTP/1.1; with a length there is no room behind the body. */
  function askPlainly(path: string, headers: object, hasLength = false): Promise<Seen> {
    return new Promise((resolve, reject) => {
      const { port } = gateway.publicAddress
      const length = hasLength ? { 'content-length': '5' } : {}
      const request = requestPlainly({ port, path, method: 'POST', headers: { ...headers, ...length } })
      request.on('error', reject)
      request.on('response', (response) => {
        let text = ''
        response.on('data', (chunk: Buffer) => (text += chunk.toString()))
        response.on('end', () => resolve({ text, trailers: response.trailers }))
      })
      request.write('hel')
      if (!hasLength) request.addTrailers(SENT)
      request.end('lo')
    })
  }

  function askByHttp2(path: string, headers: Readonly<Record<string, string>>): Promise<Seen> {
    return new Promise((resolve, reject) => {
      const head = { ':method': 'POST', ':path': path, ':authority': 'shop.test', ...headers }
      const stream = session.request(head, { waitForTrailers: true })
      let text = ''
      let trailers = {}
      stream.on('error', reject)
      stream.on('wantTrailers', () => stream.sendTrailers(SENT))
      stream.on('trailers', (fields: object) => (trailers = Object.fromEntries(Object.entries(fields))))
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
      stream.on('end', () => resolve({ text, trailers }))
      stream.end('hello')
    })
  }

  const clients = [
    ['HTTP/1.1', (path: string, headers: Record<string, string>) => askPlainly(path, headers)],
    ['HTTP/2', askByHttp2],
  ] as const

  for (const [version, ask] of clients) {
    for (const service of ['plain', 'modern']) {
      const name = `a client of ${version}, a service of ${service === 'plain' ? 'HTTP/1.1' : 'HTTP/2'}`
      it(`${name}: those that may go on do, both ways`, async () => {
        seen.length = 0
        const answer = await ask(`/${service}`, { te: 'trailers' })
        assert.deepEqual({ ...answer.trailers }, KEPT)
        assert.equal(answer.text, 'answer')
        assert.deepEqual(
          seen.map(({ trailers, ...rest }) => ({ ...rest, trailers: { ...trailers } })),
          [{ text: 'hello', trailers: KEPT, te: 'trailers', leaked: false }],
        )
      })

      it(`${name}: none comes back to a client that does not read them`, async () => {
        seen.length = 0
        const answer = await ask(`/${service}`, {})
        assert.deepEqual([answer.text, { ...answer.trailers }], ['answer', {}])
        assert.equal(seen[0]?.te, undefined)
      })

      it(`${name}: none goes on where nobody has said so`, async () => {
        seen.length = 0
        const answer = await ask(`/${service}/drop`, { te: 'trailers' })
        assert.deepEqual([answer.text, { ...answer.trailers }], ['answer', {}])
        assert.deepEqual([seen[0]?.text, { ...seen[0]?.trailers }], ['hello', {}])
        assert.equal(seen[0]?.te, undefined)
      })
    }
  }

  it('come back behind an answer whose head a middleware has changed', async () => {
    const answer = await askPlainly('/plain/hook', { te: 'trailers' })
    assert.deepEqual({ ...answer.trailers }, KEPT)
  })

  it('come back behind an answer that is there before the request is whole', async () => {
    for (let count = 0; count < 20; count += 1) {
      const head = { ':method': 'POST', ':path': '/early', ':authority': 'shop.test', te: 'trailers' }
      const stream = session.request(head)
      let text = ''
      let trailers = {}
      stream.on('trailers', (fields: object) => (trailers = Object.fromEntries(Object.entries(fields))))
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
      const closed = new Promise<void>((resolve) => stream.once('close', () => resolve()))
      stream.write('the beginning')
      await closed
      assert.deepEqual([text, trailers], ['answer', KEPT])
    }
  })

  it('leave the connection usable, with a length too', async () => {
    for (let count = 0; count < 5; count += 1) {
      const answer = await askPlainly('/plain', { te: 'trailers' }, true)
      assert.deepEqual([answer.text, { ...answer.trailers }], ['answer', KEPT])
    }
  })
})
