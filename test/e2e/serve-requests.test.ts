import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'

import { decodeArtifact } from '../../src/artifact/index.ts'
import { body, parameter, planArtifact, route } from '../support/plan-artifact.ts'
import { rawHttp } from '../support/raw-http.ts'
import { spawnGateway, type SpawnedGateway } from '../support/spawn-gateway.ts'

const spec = `openapi: 3.1.0
info: { title: Items, version: '1' }
x-barbacane-middlewares: []
paths:
  /items:
    get:
      x-barbacane-dispatch: { name: mock }
      responses: { '200': { description: ok } }
`

const schemas = [
  { type: 'integer', minimum: 1, maximum: 100 },
  {
    $defs: {
      node: {
        type: 'object',
        required: ['id'],
        properties: { id: { type: 'integer' }, next: { $ref: '#/$defs/node' } },
      },
    },
    $ref: '#/$defs/node',
  },
  {
    type: 'object',
    required: ['count'],
    properties: { count: { type: 'integer' }, note: { type: 'string' } },
  },
]

const artifact = planArtifact({
  schemas,
  specs: { 'specs/items.yaml': spec },
  routes: [
    route('GET', '/items', {
      parameters: [parameter('limit', 'query', { schema: 0 }), parameter('X-Depth', 'header', { schema: 0 })],
    }),
    route('POST', '/items', { body: body('application/json', 1) }),
    route('PUT', '/items', { body: body('application/x-www-form-urlencoded', 2) }),
    route('GET', '/items/{id}', {
      parameters: [parameter('id', 'path', { schema: 0 })],
      deprecated: true,
      sunset: 'Sat, 01 Jan 2028 00:00:00 GMT',
      dispatch: {
        name: 'mock',
        config: { status: 203, headers: { 'x-mock': 'yes' }, content_type: 'text/plain', body: 'plain' },
      },
    }),
    route('DELETE', '/items/{id}', { dispatch: { name: 'mock', config: { status: 204 } } }),
    route('POST', '/upload', { body: body('*/*', null) }),
  ],
})

describe('a serving gateway', () => {
  const cleanups: (() => unknown)[] = []
  let gateway: SpawnedGateway
  before(async () => {
    const scope = { after: (cleanup: () => unknown) => void cleanups.push(cleanup) }
    gateway = await spawnGateway(scope, {
      artifact,
      flags: ['--max-body-size', '64KiB', '--log-level', 'debug'],
    })
  })
  after(async () => {
    for (const cleanup of cleanups) await cleanup()
  })

  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(gateway.url + path, init)
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) }
  }
  const post = (path: string, type: string, content: string, method = 'POST') =>
    ask(path, { method, headers: { 'content-type': type }, body: content })

  it('validates an integer query parameter as an integer', async () => {
    assert.equal((await ask('/items?limit=10')).status, 200)
    const refused = await ask('/items?limit=ten')
    assert.equal(refused.status, 400)
    assert.equal(refused.headers.get('content-type'), 'application/problem+json')
    assert.deepEqual(refused.json(), {
      type: 'urn:barbacane:error:validation-failed',
      title: 'The request does not fit the description of the API',
      status: 400,
      detail: '1 fault in the request.',
      errors: [{ pointer: '/query/limit', in: 'query', parameter: 'limit', reason: 'must be integer' }],
    })
  })

  it('lists every fault', async () => {
    const refused = await ask('/items?limit=101', { headers: { 'x-depth': '0' } })
    assert.deepEqual(
      refused.json().errors.map(({ pointer, reason }: Record<string, string>) => `${pointer} ${reason}`),
      ['/query/limit must be <= 100', '/header/X-Depth must be >= 1'],
    )
  })

  it('validates a body with a recursive schema', async () => {
    assert.equal((await post('/items', 'application/json', '{"id":1,"next":{"id":2}}')).status, 200)
    const refused = await post('/items', 'application/json', '{"id":1,"next":{"id":"2"}}')
    assert.deepEqual(refused.json().errors, [
      { pointer: '/body/next/id', in: 'body', reason: 'must be integer' },
    ])
    const broken = await post('/items', 'application/json', '{"id":}')
    assert.match(broken.json().errors[0].reason, /^is not valid JSON: .* line 1, column 7$/)
    assert.equal((await ask('/items', { method: 'POST' })).json().errors[0].reason, 'is required')
  })

  it('validates form bodies by the types of their properties', async () => {
    const form = 'application/x-www-form-urlencoded'
    assert.equal((await post('/items', form, 'count=2&note=a+b', 'PUT')).status, 200)
    const refused = await post('/items', form, 'count=two', 'PUT')
    assert.deepEqual(refused.json().errors, [
      { pointer: '/body/count', in: 'body', reason: 'must be integer' },
    ])
  })

  it('refuses other media types with 415', async () => {
    const refused = await post('/items', 'text/plain', 'x')
    assert.equal(refused.status, 415)
    assert.equal(refused.json().type, 'urn:barbacane:error:unsupported-media-type')
  })

  it('refuses bodies over the limit with 413, announced or not', async () => {
    const big = 'x'.repeat(64 * 1024 + 1)
    assert.equal((await post('/upload', 'text/plain', big.slice(1))).status, 200)
    const announced = await post('/upload', 'text/plain', big)
    assert.deepEqual([announced.status, announced.json().detail], [413, 'The limit is 65536 bytes.'])
    const stream = new Blob([big]).stream()
    const chunked = await ask('/upload', { method: 'POST', body: stream, duplex: 'half' })
    assert.equal(chunked.status, 413)
  })

  it('does not invite a body that is too large', async () => {
    const head = `POST /upload HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 70000\r\n\r\n`
    assert.match(await rawHttp(gateway.url, head), /^HTTP\/1\.1 413 [\s\S]*connection: close/i)
  })

  it('tells an unknown path from a method that is not there', async () => {
    const missing = await ask('/nothing')
    assert.deepEqual([missing.status, missing.json().type], [404, 'urn:barbacane:error:not-found'])
    const refused = await ask('/items', { method: 'DELETE' })
    assert.deepEqual([refused.status, refused.headers.get('allow')], [405, 'GET, HEAD, OPTIONS, POST, PUT'])
    assert.equal((await ask('/items/%zz')).status, 400)
  })

  it('answers HEAD by GET and OPTIONS by itself', async () => {
    const head = await ask('/items/1', { method: 'HEAD' })
    assert.deepEqual([head.status, head.headers.get('content-length'), head.text], [203, '5', ''])
    const options = await ask('/items/1', { method: 'OPTIONS' })
    assert.deepEqual([options.status, options.headers.get('allow')], [204, 'DELETE, GET, HEAD, OPTIONS'])
  })

  it('answers as the mock says, with the headers of the route and of the gateway', async () => {
    const { status, headers, text } = await ask('/items/7', { headers: { 'x-request-id': 'abc-1' } })
    assert.deepEqual([status, text], [203, 'plain'])
    const expected = {
      'content-type': 'text/plain',
      'x-mock': 'yes',
      'x-request-id': 'abc-1',
      'x-content-type-options': 'nosniff',
      server: 'barbacane',
      deprecation: 'true',
      sunset: 'Sat, 01 Jan 2028 00:00:00 GMT',
    }
    for (const [name, value] of Object.entries(expected)) assert.equal(headers.get(name), value, name)
    assert.equal((await ask('/items/7', { method: 'DELETE' })).status, 204)
  })

  it('replaces a request id that could not be logged', async () => {
    const { headers } = await ask('/items/7', { headers: { 'x-request-id': 'a b"c' } })
    assert.match(headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/)
  })

  it('shows nothing of the admin listener on the public one', async () => {
    const paths = [
      '/health',
      '/ready',
      '/metrics',
      '/provenance',
      '/_admin/provenance',
      '/_admin',
      '/__barbacane/provenance',
    ]
    for (const path of [
      ...paths,
      '/__barbacane',
      '/__barbacane/',
      '/%5f_barbacane/metrics',
      '/__barbacane/health/x',
    ]) {
      const { status, headers } = await ask(path)
      assert.deepEqual([status, headers.get('content-type')], [404, 'application/problem+json'], path)
    }
  })

  it('publishes its health and descriptions, without the members of the gateway', async () => {
    assert.deepEqual((await ask('/__barbacane/health')).json(), {
      status: 'healthy',
      artifact_version: 1,
      compiler_version: '1.2.3',
      routes_count: 6,
    })
    const index = (await ask('/__barbacane/specs')).json()
    assert.deepEqual(index.openapi.specs, [
      { name: 'specs/items.yaml', url: '/__barbacane/specs/specs/items.yaml' },
    ])
    const yaml = await ask(index.openapi.specs[0].url)
    assert.equal(yaml.headers.get('content-type'), 'application/yaml')
    assert.match(yaml.text, /title: Items/)
    assert.doesNotMatch(yaml.text, /x-barbacane/)
    const json = await ask(`${index.openapi.specs[0].url}?format=json`)
    assert.deepEqual(Object.keys(json.json().paths['/items'].get), ['responses'])
    assert.equal((await ask('/__barbacane/specs/../x')).status, 404)
    assert.equal((await ask(`${index.openapi.specs[0].url}?format=xml`)).status, 400)
    assert.equal((await ask('/__barbacane/health', { method: 'POST' })).status, 405)
  })

  it('refuses what has two readings before it is routed', async () => {
    const refused = async (text: string) => Number((await rawHttp(gateway.url, text)).split(' ')[1])
    const close = 'Connection: close\r\n\r\n'
    assert.equal(await refused(`GET /items HTTP/1.1\r\nHost: a\r\nHost: b\r\n${close}`), 400)
    assert.equal(await refused(`GET /items HTTP/1.1\r\n${close}`), 400)
    assert.equal(await refused(`GET /items#x HTTP/1.1\r\nHost: a\r\n${close}`), 400)
    assert.equal(await refused(`GET /a/../items HTTP/1.1\r\nHost: a\r\n${close}`), 400)
    const both = 'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n'
    assert.equal(await refused(`POST /upload HTTP/1.1\r\nHost: a\r\n${both}${close}0\r\n\r\n`), 400)
    assert.equal(await refused(`GET /items HTTP/1.1\r\nHost: a\r\nX : y\r\n${close}`), 400)
  })

  it('refuses long targets with 414 and large headers with 431', async () => {
    const refused = async (text: string) => Number((await rawHttp(gateway.url, text)).split(' ')[1])
    const end = 'Host: a\r\nConnection: close\r\n'
    assert.equal(await refused(`GET /${'a'.repeat(9000)} HTTP/1.1\r\n${end}\r\n`), 414)
    assert.equal(await refused(`GET /items HTTP/1.1\r\n${end}X: ${'a'.repeat(40_000)}\r\n\r\n`), 431)
    assert.equal(await refused(`GET /items HTTP/1.1\r\n${end}${'X: a\r\n'.repeat(101)}\r\n`), 431)
  })

  it('reports what it runs on the admin listener', async () => {
    const read = async (path: string) => JSON.parse(await (await fetch(gateway.adminUrl + path)).text())
    const provenance = await read('/_admin/provenance')
    const { manifest, digest } = decodeArtifact(artifact)
    assert.equal(provenance.artifact_hash, manifest.artifact_hash)
    assert.equal(provenance.artifact_digest, digest)
    assert.equal(provenance.on_disk_digest, digest)
    assert.deepEqual(provenance.inputs, manifest.inputs)
    assert.deepEqual(provenance.source_specs, manifest.source_specs)
    assert.deepEqual(provenance.signature, { status: 'unsigned' })
    assert.equal(provenance.artifact_version, 1)
    assert.equal(typeof provenance.node.loaded_at, 'string')
    assert.deepEqual(await read('/provenance'), provenance)
  })

  it('answers GET only there', async () => {
    const admin = async (path: string, method = 'GET') => {
      const response = await fetch(gateway.adminUrl + path, { method })
      return [response.status, JSON.parse(await response.text())]
    }
    assert.deepEqual(await admin('/ready'), [200, { status: 'ready' }])
    const [status, health] = await admin('/health')
    assert.deepEqual([status, health.status, typeof health.uptime_secs], [200, 'healthy', 'number'])
    assert.deepEqual(await admin('/nothing'), [404, { error: 'not found' }])
    assert.deepEqual(await admin('/health', 'POST'), [405, { error: 'method not allowed' }])
    assert.deepEqual(await admin('/__barbacane/health'), [404, { error: 'not found' }])
  })

  it('counts requests, faults and connections', async () => {
    await ask('/items?limit=ten')
    const response = await fetch(`${gateway.adminUrl}/metrics`)
    assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8')
    const text = await response.text()
    assert.match(
      text,
      /^barbacane_requests_total\{method="GET",path="\/items\/\{id\}",status="203",api="[^"]+"\} [1-9]/m,
    )
    assert.match(
      text,
      /^barbacane_validation_failures_total\{method="GET",path="\/items",reason="query"\} [1-9]/m,
    )
    assert.match(text, /^barbacane_request_duration_seconds_count\{method="GET",path="\/items"\} [1-9]/m)
    assert.match(text, /^barbacane_connections_total [1-9]/m)
    assert.match(text, /^barbacane_build_info\{artifact_hash="sha256:[0-9a-f]{64}",version="[\d.]+"\} 1$/m)
    assert.match(text, /^process_resident_memory_bytes \d+$/m)
  })

  it('logs requests without queries and credentials', async () => {
    await ask('/items?limit=5&token=hunter2', {
      headers: { authorization: 'Bearer hunter2', 'x-request-id': 'logged' },
    })
    const line = await gateway.logged((entry) => entry['request_id'] === 'logged')
    assert.deepEqual(
      [line['method'], line['path'], line['route'], line['status']],
      ['GET', '/items', '/items', 200],
    )
    assert.doesNotMatch(JSON.stringify(gateway.log()), /hunter2/)
  })
})
