import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { after, before, describe, it } from 'node:test'

import { body, parameter, planArtifact, route, upstream } from '../support/plan-artifact.ts'
import { rawHttp } from '../support/raw-http.ts'
import { spawnGateway, type SpawnedGateway } from '../support/spawn-gateway.ts'

/** The names that dashboards made for Barbacane ask for, with the labels that they may group by. */
const NAMES: readonly (readonly [name: string, labels: readonly string[]])[] = [
  ['barbacane_requests_total', ['method', 'path', 'status', 'api']],
  ['barbacane_request_duration_seconds_count', ['method', 'path']],
  ['barbacane_request_size_bytes_count', ['method', 'path']],
  ['barbacane_response_size_bytes_count', ['method', 'path']],
  ['barbacane_active_connections', []],
  ['barbacane_connections_total', []],
  ['barbacane_validation_failures_total', ['method', 'path', 'reason']],
  ['barbacane_middleware_duration_seconds_count', ['middleware', 'phase']],
  ['barbacane_middleware_short_circuits_total', ['middleware']],
  ['barbacane_dispatch_duration_seconds_count', ['dispatcher']],
  ['barbacane_dispatch_errors_total', ['dispatcher', 'reason']],
  ['barbacane_deprecated_route_requests_total', ['method', 'path']],
]

describe('what a gateway tells of its requests', () => {
  const cleanups: (() => unknown)[] = []
  const scope = { after: (cleanup: () => unknown) => void cleanups.push(cleanup) }
  let gateway: SpawnedGateway

  before(async () => {
    const service = createServer((request, response) => {
      request.resume().on('end', () => response.end('0123456789'))
    })
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
    cleanups.push(
      () => service.closeAllConnections(),
      () => service.close(),
    )
    const { port } = service.address() as { port: number }
    const artifact = planArtifact({
      allowPlaintext: true,
      schemas: [{ type: 'integer' }],
      routes: [
        route('POST', '/echo/{id}', {
          deprecated: true,
          parameters: [parameter('id', 'path', { schema: 0 })],
          body: body('*/*', null, { required: false }),
          middlewares: [
            { name: 'correlation-id', config: {} },
            { name: 'ip-restriction', config: { deny: ['192.0.2.0/24'] } },
          ],
          dispatch: upstream(`http://127.0.0.1:${port}`),
        }),
        route('GET', '/denied', {
          middlewares: [{ name: 'ip-restriction', config: { allow: ['192.0.2.1'] } }],
        }),
        route('GET', '/away', { dispatch: upstream('http://127.0.0.1:1') }),
        route('GET', '/cached', { middlewares: [{ name: 'cache', config: {} }] }),
      ],
    })
    gateway = await spawnGateway(scope, { artifact, flags: ['--allow-plaintext-upstream'] })
  })
  after(async () => {
    for (const cleanup of cleanups.toReversed()) await cleanup()
  })

  const metrics = async () => (await fetch(`${gateway.adminUrl}/metrics`)).text()
  /** The value of the one series with these labels. */
  const value = (text: string, name: string, labels = ''): number => {
    const line = text
      .split('\n')
      .find((one) => one.startsWith(`${name}${labels === '' ? ' ' : `{${labels}}`}`))
    return Number(line?.slice(line.lastIndexOf(' ') + 1))
  }
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(gateway.url + path, init)
    await response.arrayBuffer()
    return response.status
  }

  /** Sends a head, what follows it once the gateway wants to have it, and resolves to the last answer. */
  const afterContinue = (head: string, rest: string) =>
    new Promise<string>((resolve, reject) => {
      const { port } = new URL(gateway.url)
      const socket = connect(Number(port), '127.0.0.1', () => socket.write(head))
      let answer = ''
      socket.setEncoding('latin1')
      socket.on('data', (chunk: string) => {
        answer += chunk
        if (answer === 'HTTP/1.1 100 Continue\r\n\r\n') {
          answer = ''
          socket.write(rest)
        }
      })
      socket.on('end', () => resolve(answer))
      socket.on('error', reject)
    })

  it('has every metric of Barbacane, with its labels', async () => {
    assert.equal(await ask('/echo/7?token=t0p&q=1', { method: 'POST', body: 'x'.repeat(300) }), 200)
    assert.equal(await ask('/echo/seven', { method: 'POST' }), 400)
    assert.equal(await ask('/denied'), 403)
    assert.equal(await ask('/away'), 502)
    assert.equal(await ask('/nothing'), 404)
    const text = await metrics()
    for (const [name, labels] of NAMES) {
      const line = text.split('\n').find((one) => one.startsWith(`${name}{`) || one.startsWith(`${name} `))
      assert.ok(line !== undefined, name)
      const found = [...line.matchAll(/(\w+)="/g)].map(([, label]) => label)
      assert.deepEqual(found, labels, name)
    }
    const echo = 'method="POST",path="/echo/{id}"'
    assert.equal(value(text, 'barbacane_requests_total', `${echo},status="200",api="specs/api.yaml"`), 1)
    assert.equal(value(text, 'barbacane_request_size_bytes_sum', echo), 300)
    assert.ok(value(text, 'barbacane_response_size_bytes_sum', echo) > 10)
    assert.equal(value(text, 'barbacane_deprecated_route_requests_total', echo), 2)
    assert.equal(value(text, 'barbacane_validation_failures_total', `${echo},reason="path"`), 1)
    assert.equal(value(text, 'barbacane_middleware_short_circuits_total', 'middleware="ip-restriction"'), 1)
    assert.equal(value(text, 'barbacane_middleware_short_circuits_total', 'middleware="correlation-id"'), 0)
    assert.equal(
      value(
        text,
        'barbacane_dispatch_errors_total',
        'dispatcher="http-upstream",reason="upstream-unavailable"',
      ),
      1,
    )
    assert.equal(
      value(text, 'barbacane_requests_total', 'method="GET",path="unmatched",status="404",api=""'),
      1,
    )
  })

  it('measures every stage of every request', async () => {
    const text = await metrics()
    const count = (name: string, labels: string) => value(text, `${name}_count`, labels)
    assert.equal(count('barbacane_stage_duration_seconds', 'stage="route"'), 5)
    // What nobody lets in is not validated, and there is nothing to validate by where there is no route.
    assert.equal(count('barbacane_stage_duration_seconds', 'stage="validate"'), 3)
    const middlewares = 'barbacane_middleware_duration_seconds'
    assert.equal(count(middlewares, 'middleware="ip-restriction",phase="request"'), 3)
    assert.ok(count(middlewares, 'middleware="correlation-id",phase="response"') >= 1)
    assert.equal(count('barbacane_dispatch_duration_seconds', 'dispatcher="http-upstream"'), 2)
    assert.match(text, /barbacane_upstream_response_seconds_count\{upstream="[^"]+"\} 1\n/)
  })

  it('counts what a cache has answered as its own, and what it has asked for as not', async () => {
    for (let count = 0; count < 3; count += 1) assert.equal(await ask('/cached'), 200)
    const text = await metrics()
    assert.equal(value(text, 'barbacane_middleware_short_circuits_total', 'middleware="cache"'), 2)
    assert.equal(
      value(text, 'barbacane_middleware_duration_seconds_count', 'middleware="cache",phase="request"'),
      3,
    )
    assert.equal(value(text, 'barbacane_dispatch_duration_seconds_count', 'dispatcher="mock"'), 1)
  })

  it('counts and logs what the engine has refused before there was a request', async () => {
    const attempts: readonly (readonly [status: number, bytes: string])[] = [
      [400, 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
      [414, `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`],
      [431, `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(50_000)}\r\n\r\n`],
      [417, 'GET / HTTP/1.1\r\nHost: a\r\nExpect: more\r\n\r\n'],
    ]
    for (const [status, bytes] of attempts) {
      assert.match(await rawHttp(gateway.url, bytes), new RegExp(`^HTTP/1\\.1 ${status} `))
      const line = await gateway.logged((one) => one['msg'] === 'request refused' && one['status'] === status)
      assert.equal(line['remote'], '127.0.0.1')
    }
    const text = await metrics()
    for (const [status] of attempts) {
      assert.equal(
        value(text, 'barbacane_requests_total', `method="other",path="refused",status="${status}",api=""`),
        1,
      )
    }
  })

  it('counts a body that is too large, and one that breaks off, for the route that they were for', async () => {
    const length = 'POST /echo/1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n'
    assert.match(await rawHttp(gateway.url, `${length}Content-Length: 9999999\r\n\r\n`), /^HTTP\/1\.1 413 /)
    const head = `${length}Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n`
    assert.match(await afterContinue(head, 'zz\r\n'), /^HTTP\/1\.1 400 /)
    const text = await metrics()
    const labels = (status: number) =>
      `method="POST",path="/echo/{id}",status="${status}",api="specs/api.yaml"`
    assert.equal(value(text, 'barbacane_requests_total', labels(413)), 1)
    assert.equal(value(text, 'barbacane_requests_total', labels(400)), 2)
  })

  it('counts connections', async () => {
    const before = value(await metrics(), 'barbacane_connections_total')
    const { port } = new URL(gateway.url)
    const socket = connect(Number(port), '127.0.0.1')
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()))
    let text = await metrics()
    while (value(text, 'barbacane_connections_total') === before) text = await metrics()
    assert.equal(value(text, 'barbacane_connections_total'), before + 1)
    assert.ok(value(text, 'barbacane_active_connections') >= 1)
    socket.destroy()
  })

  it('writes one line a request, without credentials, and all of them before it ends', async () => {
    const count = 200
    await Promise.all(Array.from({ length: count }, (_, index) => ask(`/cached?n=${index}&api_key=s3cret`)))
    assert.equal(await gateway.stop(), 0)
    const lines = gateway.log().filter(({ msg, path }) => msg === 'request' && path === '/cached')
    assert.equal(lines.length, count + 3)
    const numbers = new Set(lines.map(({ query }) => query).filter((query) => query !== undefined))
    assert.equal(numbers.size, count)
    assert.ok(
      [...numbers].every((query) => typeof query === 'string' && query.endsWith('&api_key=[redacted]')),
    )
    const text = JSON.stringify(gateway.log())
    assert.doesNotMatch(text, /s3cret|t0p/)
    const [first] = gateway.log().filter(({ route: template }) => template === '/echo/{id}')
    assert.deepEqual(
      [
        first?.['method'],
        first?.['path'],
        first?.['status'],
        first?.['request_bytes'],
        first?.['response_bytes'],
      ],
      ['POST', '/echo/7', 200, 300, 10],
    )
    assert.equal(typeof first?.['duration_ms'], 'number')
    assert.equal(typeof first?.['request_id'], 'string')
  })
})
