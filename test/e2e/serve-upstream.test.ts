import assert from 'node:assert/strict'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { after, before, describe, it } from 'node:test'

import { body, parameter, planArtifact, route, upstream } from '../support/plan-artifact.ts'
import { rawHttp } from '../support/raw-http.ts'
import { spawnGateway, type SpawnedGateway } from '../support/spawn-gateway.ts'

interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: readonly string[]
  readonly body: string
}

const seen: Seen[] = []
let held: (() => void) | undefined
/** Called when a request that is never answered was given up. */
let given: (() => void) | undefined
let flakyFailures = 0

const manyHeaders = Object.entries({
  'Set-Cookie': ['a=1', 'b=2'],
  'X-Up': ['one', 'two'],
  Server: ['secret/1.2'],
  Connection: ['X-Hop'],
  'X-Hop': ['gone'],
  'Keep-Alive': ['timeout=3'],
  'X-Request-Id': ['of-upstream'],
}).flatMap(([name, values]) => values.flatMap((value) => [name, value]))

const service: RequestListener = (request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { method = '', url = '', rawHeaders } = request
    seen.push({ method, url, headers: rawHeaders, body: Buffer.concat(chunks).toString() })
    const path = url.split('?')[0]
    if (path === '/base/never') return
    if (path === '/base/quiet') return void response.once('close', () => given?.())
    if (path === '/base/flaky' && flakyFailures-- > 0) return void request.socket.destroy()
    if (path === '/base/cut') {
      response.writeHead(200, { 'content-length': '100' })
      response.write('half')
      return void setImmediate(() => response.destroy())
    }
    if (path === '/base/held') {
      response.writeHead(200)
      response.write('first ')
      held = () => response.end('last')
      return
    }
    if (path === '/base/big') return void response.end(Buffer.alloc(5_000_000, 'x'))
    response.writeHead(201, manyHeaders)
    response.end('made')
  })
}

describe('a gateway before a service', () => {
  const cleanups: (() => unknown)[] = []
  let gateway: SpawnedGateway
  let server: Server
  let refusing: number

  before(async () => {
    server = createServer(service)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    cleanups.push(
      () => server.closeAllConnections(),
      () => server.close(),
    )
    refusing = await freePort()
    const origin = `http://127.0.0.1:${(server.address() as { port: number }).port}`
    const base = `${origin}/base/`
    const artifact = planArtifact({
      allowPlaintext: true,
      routes: [
        route('GET', '/{rest+}', { dispatch: upstream(base) }),
        route('POST', '/{rest+}', { dispatch: upstream(base), body: body('*/*', null, { required: false }) }),
        route('GET', '/users/{id}/{rest+}', {
          parameters: [parameter('id', 'path')],
          dispatch: upstream(origin, { path: '/v2/{rest}/of/{id}' }),
        }),
        route('GET', '/never', { dispatch: upstream(base, { timeout: 0.2 }) }),
        route('GET', '/down', { dispatch: upstream(`http://127.0.0.1:${refusing}`) }),
      ],
    })
    const scope = { after: (cleanup: () => unknown) => void cleanups.push(cleanup) }
    gateway = await spawnGateway(scope, { artifact, flags: ['--allow-plaintext-upstream'] })
  })
  after(async () => {
    for (const cleanup of cleanups.toReversed()) await cleanup()
  })

  const valuesOf = (headers: readonly string[], name: string) =>
    headers.filter((_, index) => index % 2 === 1 && headers[index - 1]?.toLowerCase() === name)

  it('forwards path, query and body as they came', async () => {
    const response = await fetch(`${gateway.url}/a%20b/c%2Fd?x=1&x=%20+2`, {
      method: 'POST',
      body: 'payload',
    })
    assert.deepEqual([response.status, await response.text()], [201, 'made'])
    const request = seen.at(-1)
    assert.deepEqual(
      [request?.method, request?.url, request?.body],
      ['POST', '/base/a%20b/c%2Fd?x=1&x=%20+2', 'payload'],
    )
  })

  it('fills its path with captures, encoded anew', async () => {
    await (await fetch(`${gateway.url}/users/a%2Fb;%41/x/y?q`)).text()
    assert.equal(seen.at(-1)?.url, '/v2/x/y/of/a%2Fb%3BA?q')
  })

  it('says who asks, and drops what concerns one hop', async () => {
    const head = [
      'GET /hop HTTP/1.1',
      'Host: api.test',
      'Connection: close, X-Drop',
      'X-Drop: 1',
      'X-Keep: a',
      'X-Keep: b',
      'TE: trailers',
      'Proxy-Authorization: Basic x',
      'X-Forwarded-For: 203.0.113.9',
      'X-Forwarded-Proto: https',
      'X-Forwarded-Host: forged',
      'X-Real-IP: forged',
      'X-Forwarded-Port: 1',
      'Forwarded: for=forged',
      'Via: 1.1 front',
      'X-Request-Id: req-1',
    ]
    await rawHttp(gateway.url, `${head.join('\r\n')}\r\n\r\n`)
    const headers = seen.at(-1)?.headers ?? []
    for (const name of ['x-drop', 'te', 'proxy-authorization', 'forwarded', 'x-real-ip', 'x-forwarded-port'])
      assert.deepEqual(valuesOf(headers, name), [], name)
    assert.deepEqual(valuesOf(headers, 'x-keep'), ['a', 'b'])
    assert.deepEqual(valuesOf(headers, 'x-forwarded-for'), ['127.0.0.1'])
    assert.deepEqual(valuesOf(headers, 'x-forwarded-proto'), ['http'])
    assert.deepEqual(valuesOf(headers, 'x-forwarded-host'), ['api.test'])
    assert.deepEqual(valuesOf(headers, 'via'), ['1.1 front, 1.1 barbacane'])
    assert.deepEqual(valuesOf(headers, 'x-request-id'), ['req-1'])
    assert.match(valuesOf(headers, 'host')[0] ?? '', /^127\.0\.0\.1:/)
  })

  it('keeps repeated headers of the answer, and drops what concerns one hop', async () => {
    const answer = await rawHttp(
      gateway.url,
      'GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Request-Id: r2\r\n\r\n',
    )
    assert.match(answer, /^HTTP\/1\.1 201 /)
    assert.deepEqual(answer.match(/^Set-Cookie: .*$/gim), ['Set-Cookie: a=1', 'Set-Cookie: b=2'])
    assert.deepEqual(answer.match(/^X-Up: .*$/gim), ['X-Up: one', 'X-Up: two'])
    assert.doesNotMatch(answer, /secret|x-hop|of-upstream|timeout=3/i)
    assert.deepEqual(answer.match(/^x-request-id: .*$/gim), ['x-request-id: r2'])
  })

  it('streams: the client has the beginning before the end exists', async () => {
    const response = await fetch(`${gateway.url}/held`)
    const reader = response.body?.getReader()
    const first = await reader?.read()
    assert.equal(Buffer.from(first?.value ?? []).toString(), 'first ')
    held?.()
    assert.equal(Buffer.from((await reader?.read())?.value ?? []).toString(), 'last')
    assert.equal((await reader?.read())?.done, true)
  })

  it('carries bodies larger than any buffer', async () => {
    const response = await fetch(`${gateway.url}/big`)
    assert.equal((await response.arrayBuffer()).byteLength, 5_000_000)
  })

  it('answers 504 when the service is slow, without detail', async () => {
    const response = await fetch(`${gateway.url}/never`)
    assert.equal(response.status, 504)
    assert.deepEqual(JSON.parse(await response.text()), {
      type: 'urn:barbacane:error:upstream-timeout',
      title: 'The service behind the gateway did not answer in time',
      status: 504,
    })
  })

  it('answers 502 when the service is away, and keeps the reason for the log', async () => {
    const response = await fetch(`${gateway.url}/down`)
    const text = await response.text()
    assert.equal(response.status, 502)
    assert.equal(JSON.parse(text).type, 'urn:barbacane:error:upstream-unavailable')
    assert.doesNotMatch(text, /127\.0\.0\.1|ECONNREFUSED/)
    const line = await gateway.logged(
      (entry) => entry['msg'] === 'upstream failed' && entry['fault'] === 'unavailable',
    )
    assert.match(String(line['reason']), /ECONNREFUSED/)
    const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text()
    assert.match(metrics, /^barbacane_upstream_failures_total\{upstream="[^"]+",reason="unavailable"\} 1$/m)
  })

  it('gives the service up when the client has gone', async () => {
    const givenUp = Promise.withResolvers<void>()
    given = givenUp.resolve
    const asked = seen.length
    const leave = new AbortController()
    const inFlight = assert.rejects(fetch(`${gateway.url}/quiet`, { signal: leave.signal }))
    while (seen.length === asked) await new Promise((resolve) => setImmediate(resolve))
    leave.abort()
    await inFlight
    await givenUp.promise
    const line = await gateway.logged((entry) => entry['status'] === 499)
    assert.equal(line['route'], '/{rest+}')
  })

  it('asks once more where a connection closed under an idempotent request, and only there', async () => {
    await (await fetch(`${gateway.url}/used-before`)).text()
    flakyFailures = 1
    const repeated = await fetch(`${gateway.url}/flaky`)
    assert.equal(repeated.status, 201)
    await repeated.text()
    flakyFailures = 2
    const twice = await fetch(`${gateway.url}/flaky`)
    assert.equal(twice.status, 502)
    await twice.text()
    flakyFailures = 1
    const unsafe = await fetch(`${gateway.url}/flaky`, { method: 'POST' })
    assert.equal(unsafe.status, 502)
    await unsafe.text()
    assert.equal(flakyFailures, 0)
  })

  it('breaks off where the service broke off', async () => {
    const response = await fetch(`${gateway.url}/cut`)
    await assert.rejects(response.text())
  })

  it('answers 502 once the service is killed, and again when it is back', async () => {
    const { port } = server.address() as { port: number }
    await (await fetch(`${gateway.url}/alive`)).text()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    const gone = await fetch(`${gateway.url}/alive`)
    assert.equal(gone.status, 502)
    await gone.text()
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    const back = await fetch(`${gateway.url}/alive`)
    assert.equal(back.status, 201)
    await back.text()
  })
})

function freePort(): Promise<number> {
  const probe = createTcpServer()
  return new Promise((resolve) => {
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}
