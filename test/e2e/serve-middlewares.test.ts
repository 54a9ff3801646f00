import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'

import { SignJWT } from 'jose'

import type { JsonObject, Route } from '../../src/domain/index.ts'
import { body, parameter, planArtifact, route, upstream } from '../support/plan-artifact.ts'
import { runToExit, spawnGateway, type SpawnedGateway } from '../support/spawn-gateway.ts'

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k1' }

describe('a gateway with middlewares', () => {
  const cleanups: (() => unknown)[] = []
  const received: { readonly request: IncomingMessage; readonly body: string }[] = []
  let gateway: SpawnedGateway
  let service: Server

  before(async () => {
    service = createServer((request, response) => {
      let text = ''
      request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      request.on('end', () => {
        received.push({ request, body: text })
        if (request.url === '/jwks') return response.end(JSON.stringify({ keys: [jwk] }))
        const times = received.filter(({ request: { url } }) => url === request.url).length
        const isFlaky = request.url === '/flaky' && times < 3
        if (isFlaky || request.url?.startsWith('/fail') === true) response.statusCode = 503
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify({ url: request.url, secret: 1 }))
      })
    })
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
    const origin = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
    const scope = { after: (cleanup: () => unknown) => void cleanups.push(cleanup) }
    const use = (name: string, config: JsonObject = {}) => ({ name, config })
    const get = (path: string, ...middlewares: Route['middlewares']) =>
      route('GET', path, { middlewares, dispatch: upstream(origin) })
    gateway = await spawnGateway(scope, {
      artifact: planArtifact({
        allowPlaintext: true,
        schemas: [{ type: 'integer' }, { type: 'object', required: ['n'] }],
        routes: [
          get('/plain'),
          route('GET', '/ordered', {
            middlewares: [
              use('cors', { allowed_origins: ['https://app.example'] }),
              use('correlation-id'),
              use('apikey-auth', { keys: [{ key: 'env://TEST_KEY', id: 'partner', scopes: ['read'] }] }),
              use('acl', { allow: ['read'] }),
            ],
            parameters: [parameter('limit', 'query', { schema: 0 })],
            dispatch: upstream(origin),
          }),
          get(
            '/basic',
            use('basic-auth', { credentials: [{ username: 'ops', password: 'env://TEST_PASSWORD' }] }),
          ),
          get(
            '/token',
            use('jwt-auth', { jwks_url: `${origin}/jwks`, groups_claim: 'roles' }),
            use('cel', { expression: '"admin" in request.groups' }),
          ),
          get('/limited', use('rate-limit', { quota: 2, window: 60 })),
          route('POST', '/small', {
            middlewares: [use('request-size-limit', { max_bytes: 8 })],
            body: body('application/json', 1),
            dispatch: upstream(origin),
          }),
          get('/cached', use('cache', { ttl: 60 })),
          get('/restricted', use('ip-restriction', { deny: ['127.0.0.0/8'] })),
          get('/bots', use('bot-detection', { deny: ['evilbot'] })),
          get('/old', use('redirect', { rules: [{ path: '/old', target: '/new', status_code: 308 }] })),
          route('POST', '/shop/{tenant}', {
            middlewares: [
              use('request-transformer', {
                headers: { set: { 'x-tenant': '$path.tenant' } },
                querystring: { add: { from: 'gateway' } },
                path: { strip_prefix: '/shop', add_prefix: '/v2' },
                body: { remove: ['/n'], add: { '/tenant': '$path.tenant' } },
              }),
              use('response-transformer', {
                headers: { set: { 'x-by': 'gateway' } },
                body: { remove: ['/secret'] },
              }),
            ],
            parameters: [parameter('tenant', 'path')],
            body: body('application/json', 1),
            dispatch: upstream(origin),
          }),
          get(
            '/fail',
            use('circuit-breaker', { minimum_requests: 2 }),
            use('concurrency-limit', { max_concurrent: 5 }),
          ),
          get('/flaky', use('retry', { max_attempts: 3, backoff_ms: 1 })),
          get(
            '/fail/on',
            use('retry', { max_attempts: 3, backoff_ms: 1, budget_ratio: 0, budget_minimum: 4 }),
          ),
          get(
            '/watched',
            use('observability', { detailed_request_logs: true, emit_latency_histogram: true }),
            use('http-log', { endpoint: `${origin}/log` }),
          ),
        ],
      }),
      flags: ['--allow-plaintext-upstream'],
      env: { TEST_KEY: 'a-long-secret', TEST_PASSWORD: 'pass' },
    })
  })
  after(async () => {
    for (const cleanup of cleanups) await cleanup()
    service.close()
    service.closeAllConnections()
  })

  const ask = (path: string, init: RequestInit = {}) =>
    fetch(gateway.url + path, { redirect: 'manual', ...init })
  const last = () => received.at(-1)
  const isLogged = async (path: string): Promise<string> => {
    for (;;) {
      const found = received.find(({ request }) => request.url === path)
      if (found !== undefined) return found.body
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  it('lets no client say who it is', async () => {
    await ask('/plain', { headers: { 'X-Auth-Consumer': 'root', 'x-auth-anything': '1' } })
    assert.deepEqual(
      Object.keys(last()?.request.headers ?? {}).filter((name) => name.startsWith('x-auth')),
      [],
    )
  })

  it('answers preflights, and asks for a key before it says what is wrong with a request', async () => {
    const origin = 'https://app.example'
    const preflight = await ask('/ordered', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'GET' },
    })
    assert.equal(preflight.status, 204)
    assert.equal(preflight.headers.get('access-control-allow-origin'), origin)
    const stranger = await ask('/ordered?limit=many', { headers: { origin } })
    assert.equal(stranger.status, 401)
    assert.equal(stranger.headers.get('access-control-allow-origin'), origin)
    assert.match(stranger.headers.get('x-correlation-id') ?? '', /^[0-9a-f-]{36}$/)
    const known = { 'x-api-key': 'a-long-secret' }
    const invalid = await ask('/ordered?limit=many', { headers: { origin, ...known } })
    assert.equal(invalid.status, 400)
    assert.equal(invalid.headers.get('access-control-allow-origin'), origin)
    assert.equal((await ask('/ordered?limit=1', { headers: known })).status, 200)
    assert.equal(last()?.request.headers['x-auth-consumer'], 'partner')
    assert.equal(last()?.request.headers['x-api-key'], undefined)
  })

  it('knows passwords', async () => {
    const header = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })
    assert.equal((await ask('/basic', { headers: header('ops:pass') })).status, 200)
    assert.equal((await ask('/basic', { headers: header('ops:other') })).status, 401)
  })

  it('fetches keys, verifies tokens and decides by an expression', async () => {
    const token = (roles: readonly string[]) =>
      new SignJWT({ sub: 'ann', roles: [...roles] })
        .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
        .setExpirationTime('5m')
        .sign(privateKey)
    const statusOf = async (roles: readonly string[]) =>
      (await ask('/token', { headers: { authorization: `Bearer ${await token(roles)}` } })).status
    assert.equal(await statusOf(['admin']), 200)
    assert.equal(last()?.request.headers['x-auth-consumer'], 'ann')
    assert.equal(await statusOf(['reader']), 403)
    assert.equal((await ask('/token')).status, 401)
  })

  it('limits how often and how much', async () => {
    const answers = [await ask('/limited'), await ask('/limited'), await ask('/limited')]
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 429],
    )
    assert.equal(answers[0]?.headers.get('ratelimit-policy'), '"default";q=2;w=60')
    const headers = { 'content-type': 'application/json' }
    assert.equal((await ask('/small', { method: 'POST', headers, body: '{"n":1}' })).status, 200)
    assert.equal((await ask('/small', { method: 'POST', headers, body: '{"n":1000}' })).status, 413)
    const chunked = new ReadableStream({
      start: (controller) => {
        controller.enqueue(Buffer.from('{"n":'))
        controller.enqueue(Buffer.from('100000}'))
        controller.close()
      },
    })
    const streamed = { method: 'POST', headers, body: chunked, duplex: 'half' } as RequestInit
    assert.equal((await ask('/small', streamed)).status, 413)
  })

  it('refuses by address and name, and sends elsewhere', async () => {
    assert.equal((await ask('/restricted')).status, 403)
    assert.equal((await ask('/bots', { headers: { 'user-agent': 'EvilBot/1' } })).status, 403)
    assert.equal((await ask('/bots')).status, 200)
    const redirected = await ask('/old?a=1')
    assert.deepEqual([redirected.status, redirected.headers.get('location')], [308, '/new?a=1'])
  })

  it('keeps answers, and gives them again', async () => {
    const first = await ask('/cached?x=1')
    assert.equal(first.headers.get('cache-status'), 'barbacane; fwd=miss; stored')
    const again = await ask('/cached?x=1')
    assert.match(again.headers.get('cache-status') ?? '', /^barbacane; hit; ttl=\d+$/)
    assert.equal(await again.text(), await first.text())
    assert.equal(received.filter(({ request }) => request.url === '/cached?x=1').length, 1)
  })

  it('changes what goes to the service and what comes back', async () => {
    const answer = await ask('/shop/blue%20one?x=1', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"n":1,"keep":true}',
    })
    assert.equal(answer.headers.get('x-by'), 'gateway')
    assert.deepEqual(await answer.json(), { url: '/v2/blue%20one?x=1&from=gateway' })
    assert.equal(last()?.request.headers['x-tenant'], 'blue one')
    assert.deepEqual(JSON.parse(last()?.body ?? ''), { keep: true, tenant: 'blue one' })
  })

  it('leaves a service alone that fails', async () => {
    assert.deepEqual([(await ask('/fail')).status, (await ask('/fail')).status], [503, 503])
    const open = await ask('/fail')
    assert.equal(((await open.json()) as { type: string }).type, 'urn:barbacane:error:circuit-open')
  })

  it('asks a service again that did not answer, as long as there is a budget for it', async () => {
    assert.equal((await ask('/flaky')).status, 200)
    for (let count = 0; count < 10; count += 1) assert.equal((await ask('/fail/on')).status, 503)
    const timesAsked = (path: string) => received.filter(({ request }) => request.url === path).length
    assert.deepEqual([timesAsked('/flaky'), timesAsked('/fail/on')], [3, 14])
  })

  it('logs and measures', async () => {
    await ask('/watched')
    const record = JSON.parse(await isLogged('/log')) as Record<string, unknown>
    assert.deepEqual([record['route'], record['status']], ['/watched', 200])
    await gateway.logged(({ msg }) => msg === 'request details')
    const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text()
    assert.match(metrics, /barbacane_observed_latency_seconds_count\{method="GET",path="\/watched"\} 1/)
  })

  it('does not start on a configuration that cannot work, or on key sets without TLS', async (context) => {
    const start = (name: string, config: JsonObject) => {
      const artifact = planArtifact({ routes: [route('GET', '/a', { middlewares: [{ name, config }] })] })
      return runToExit(context, { artifact })
    }
    const wrong = await start('ip-restriction', { allow: ['10.0.0.0/33'] })
    assert.equal(wrong.code, 2)
    assert.match(wrong.stderr, /BCN_MIDDLEWARE_CONFIG/)
    const plain = await start('jwt-auth', { jwks_url: 'http://id.example/jwks' })
    assert.match(plain.stderr, /BCN_UPSTREAM_PLAINTEXT/)
  })
})
