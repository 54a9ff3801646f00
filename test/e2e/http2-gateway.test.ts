import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { constants, type ClientHttp2Session } from 'node:http2'
import { request as requestH1 } from 'node:https'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import fc from 'fast-check'

import { startGateway, type Gateway } from '../../src/runtime/index.ts'
import { certificateFiles } from '../support/certificate-files.ts'
import { gatewayOptions } from '../support/gateway-options.ts'
import { askH2, openH2, type H2Request } from '../support/h2-client.ts'
import { body, parameter, route, upstream } from '../support/plan-artifact.ts'

let held: ServerResponse | undefined
let pulledBytes = 0
let abandoned = 0

/** Answers with what it was asked, or as the path says. */
function serve(request: IncomingMessage, response: ServerResponse): void {
  const path = (request.url ?? '').split('?')[0]
  if (path === '/up/never') return void response.once('close', () => (abandoned += 1))
  if (path === '/up/held') {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: 1\n\n')
    held = response
    return
  }
  if (path === '/up/large') return pump(response)
  if (path === '/up/cut') {
    response.writeHead(200, { 'content-length': '100' })
    response.write('half')
    return void setImmediate(() => response.destroy())
  }
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { method, url, rawHeaders } = request
    response.writeHead(path === '/up/none' ? 204 : 200, [
      'Set-Cookie',
      'a=1',
      'Set-Cookie',
      'b=2',
      'X-Text',
      '\xe4',
    ])
    response.end(JSON.stringify({ method, url, rawHeaders, body: Buffer.concat(chunks).toString('base64') }))
  })
}

const PIECE = Buffer.alloc(64 * 1024, 'x')

function pump(response: ServerResponse): void {
  const go = () => {
    do pulledBytes += PIECE.byteLength
    while (response.write(PIECE))
  }
  response.on('drain', go)
  go()
}

const service = createServer(serve)
const folder = mkdtempSync(join(tmpdir(), 'barbacane-test-'))
let gateway: Gateway
let port = 0
let session: ClientHttp2Session

before(async () => {
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
  const dispatch = upstream(origin)
  const key = { keys: [{ key: 'open-sesame', id: 'ali' }] }
  const plan = {
    allowPlaintext: true,
    schemas: [
      { type: 'integer', minimum: 1 },
      { type: 'object', required: ['id'] },
    ],
    routes: [
      route('GET', '/mock', { parameters: [parameter('limit', 'query', { schema: 0 })] }),
      route('POST', '/mock', { body: body('application/json', 1) }),
      route('GET', '/empty', { dispatch: { name: 'mock', config: { status: 204 } } }),
      route('GET', '/guarded', { middlewares: [{ name: 'apikey-auth', config: key }] }),
      route('GET', '/up/{rest+}', { dispatch }),
      route('POST', '/up/{rest+}', { dispatch, body: body('*/*', null, { required: false }) }),
    ],
  }
  const tls = { certificates: [await certificateFiles(folder, 'shop.test')], minVersion: '1.2' as const }
  const host = { monotonicMs: () => performance.now(), nowMs: Date.now }
  const options = gatewayOptions(plan, { tls, allowPlaintextUpstream: true })
  gateway = await startGateway({ ...options, host: { ...options.host, ...host } })
  port = gateway.publicAddress.port
  session = openH2(port, { scheme: 'https' })
  await once(session, 'connect')
})
after(async () => {
  session.destroy()
  await gateway.close(0)
  service.closeAllConnections()
  service.close()
  rmSync(folder, { recursive: true })
})

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10))
}

describe('a gateway that is asked by HTTP/2', () => {
  it('is chosen by ALPN', () => {
    assert.equal(session.alpnProtocol, 'h2')
  })

  it('streams events as they come, and tells the service when the client leaves', async () => {
    const stream = session.request({ ':path': '/up/held' })
    const [chunk] = await new Promise<[Buffer]>((resolve) => stream.once('data', (data) => resolve([data])))
    assert.equal(String(chunk), 'data: 1\n\n')
    held?.write('data: 2\n\n')
    await new Promise((resolve) => stream.once('data', resolve))
    const left = new Promise((resolve) => held?.once('close', resolve))
    stream.close(constants.NGHTTP2_CANCEL)
    await left
    const before = abandoned
    const waiting = session.request({ ':path': '/up/never' })
    waiting.on('error', () => undefined)
    await new Promise((resolve) => setTimeout(resolve, 50))
    waiting.close(constants.NGHTTP2_CANCEL)
    await until(() => abandoned === before + 1)
  })

  it('takes no more from a service than a client reads, and serves others meanwhile', async () => {
    const stream = session.request({ ':path': '/up/large' })
    await new Promise((resolve) => stream.once('response', resolve))
    let last = -1
    // It stands still once all that lies between is full.
    await until(() => {
      const isStill = pulledBytes === last
      last = pulledBytes
      return isStill && pulledBytes > 0
    })
    assert.equal((await askH2(session, { path: '/mock' })).status, 200)
    assert.ok(pulledBytes < 32 * 2 ** 20, String(pulledBytes))
    let readBytes = 0
    stream.on('data', (data: Buffer) => (readBytes += data.byteLength))
    await until(() => readBytes > pulledBytes / 2 && pulledBytes > last + 2 ** 20)
    stream.close(constants.NGHTTP2_CANCEL)
  })

  it('resets the stream where a service breaks off, and goes on with the others', async () => {
    await assert.rejects(askH2(session, { path: '/up/cut' }), /NGHTTP2_INTERNAL_ERROR/)
    assert.equal((await askH2(session, { path: '/mock' })).status, 200)
  })

  it('answers 200 requests at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => askH2(session, { path: `/up/${index}` })),
    )
    for (const [index, answer] of answers.entries()) {
      assert.equal(JSON.parse(String(answer.body)).url, `/up/${index}`)
    }
  })
})

interface Answer {
  readonly status: number
  readonly headers: readonly string[]
  readonly body: string
}

function ofH1({ method = 'GET', path, headers = [], body: content }: H2Request): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { port, method, path, rejectUnauthorized: false, agent: false }
    const fields = [['Host', 'shop.test'], ...headers].flat()
    // Without it node:http would announce chunks, and there would be a body.
    const length = ['GET', 'HEAD', 'DELETE', 'OPTIONS'].includes(method)
      ? []
      : ['Content-Length', String(content?.byteLength ?? 0)]
    const call = requestH1({ ...options, headers: [...fields, ...length] }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve(comparable(response.statusCode ?? 0, response.rawHeaders, Buffer.concat(chunks))),
      )
    })
    call.on('error', reject)
    call.end(content)
  })
}

async function ofH2(request: H2Request): Promise<Answer> {
  const length = request.body && (['content-length', String(request.body.byteLength)] as const)
  const headers = [...(request.headers ?? []), ...(length ? [length] : [])]
  const answer = await askH2(session, { ...request, headers })
  return comparable(answer.status, answer.headers.flat(), answer.body)
}

/** What differs between the two by its nature: the framing, the time, and how names are written. */
function comparable(status: number, raw: readonly string[], content: Buffer): Answer {
  const dropped = new Set([
    ':status',
    'date',
    'connection',
    'keep-alive',
    'transfer-encoding',
    'content-length',
  ])
  const headers = raw.flatMap((name, index) =>
    index % 2 === 0 && !dropped.has(name.toLowerCase()) ? [`${name.toLowerCase()}: ${raw[index + 1]}`] : [],
  )
  const text = content
    .toString()
    .replace(/,?"(?:Connection|connection)","[^"]*"/, '')
    .replace('1.1 barbacane', '2.0 barbacane')
  return { status, headers, body: text }
}

const methods = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH')
const paths = fc.constantFrom(
  '/mock',
  '/mock?limit=5',
  '/mock?limit=0',
  '/mock?limit=a&limit=2',
  '/empty',
  '/guarded',
  '/nothing',
  '/up/a',
  '/up/a%20b?x=%2F',
  '/up/none',
  '/up/../mock',
  '/up/%zz',
  '//',
  '/__barbacane/health',
)
const fields = fc.constantFrom(
  ...([
    ['x-api-key', 'open-sesame'],
    ['x-api-key', 'wrong'],
    ['cookie', 'a=1; b=2'],
    ['accept', 'text/*'],
    ['x-forwarded-for', '192.0.2.7'],
    ['x-auth-consumer', 'root'],
    ['te', 'trailers'],
    ['x-request-id', 'other'],
    ['x_forwarded_for', '1'],
    ['x-text', '\xfc'],
  ] as const),
)
const contents = fc.option(
  fc.record({
    type: fc.constantFrom('application/json', 'text/plain', 'application/json; charset=utf-16'),
    text: fc.constantFrom('{"id":1}', '{"id":', '{}', 'x'.repeat(100_000), 'x'.repeat(1_100_000)),
  }),
  { nil: undefined },
)

describe('the same request', () => {
  it('has the same answer over HTTP/1.1 and over HTTP/2', async () => {
    await fc.assert(
      fc.asyncProperty(
        methods,
        paths,
        fc.uniqueArray(fields, { maxLength: 4, selector: ([name]) => name }),
        contents,
        async (method, path, list, content) => {
          // A body of GET and its kin is nothing that clients of HTTP/1.1 send.
          const isSent = content !== undefined && ['POST', 'PUT', 'PATCH'].includes(method)
          const request = {
            method,
            path,
            headers: [
              ...(list.some(([name]) => name === 'x-request-id') ? [] : [['x-request-id', 'same'] as const]),
              ...list,
              ...(isSent ? [['content-type', content.type] as const] : []),
            ],
            body: isSent ? Buffer.from(content.text) : undefined,
          }
          assert.deepEqual(await ofH2(request), await ofH1(request))
        },
      ),
      { numRuns: 300 },
    )
  })
})
