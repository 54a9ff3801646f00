import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { createMiddlewareState } from '../../../../src/runtime/middlewares/index.ts'
import { expectProblem } from '../../../support/expect-problem.ts'
import { answerOf, middlewareBench } from '../../../support/middleware-run.ts'

describe('correlation-id', () => {
  const echo = { 'x-correlation-id': 'abc-123' }

  it('keeps an id that comes, and sends it back', async () => {
    const { headers, passed } = await middlewareBench([['correlation-id', {}]]).send({ headers: echo })
    assert.equal(passed?.headers['x-correlation-id'], 'abc-123')
    assert.equal(headers['x-correlation-id'], 'abc-123')
  })

  it('makes one where there is none, or none that can be trusted', async () => {
    for (const [config, sent] of [
      [{}, {}],
      [{ trust_incoming: false }, echo],
      [{}, { 'x-correlation-id': 'a b"\u00e9' }],
      [{}, { 'x-correlation-id': 'a'.repeat(129) }],
    ] as const) {
      const { headers, passed } = await middlewareBench([['correlation-id', config]]).send({ headers: sent })
      assert.equal(passed?.headers['x-correlation-id'], 'fresh-id')
      assert.equal(headers['x-correlation-id'], 'fresh-id')
    }
  })

  it('makes none and says none where it is told so', async () => {
    const silent = { generate_if_missing: false, include_in_response: false, header_name: 'X-Trace' }
    const bench = middlewareBench([['correlation-id', silent]])
    const without = await bench.send()
    assert.equal(without.passed?.headers['x-trace'], undefined)
    const kept = await bench.send({ headers: { 'x-trace': 'abc' } })
    assert.equal(kept.passed?.headers['x-trace'], 'abc')
    assert.equal(kept.headers['x-trace'], undefined)
  })
})

describe('cors', () => {
  const config = {
    allowed_origins: ['https://app.example', 'https://*.pages.example'],
    allowed_headers: ['x-token'],
    expose_headers: ['etag'],
    allow_credentials: true,
  }
  const bench = middlewareBench([['cors', config]])
  const preflight = async (headers: Readonly<Record<string, string>>, chain = config) => {
    const { middlewares } = middlewareBench([['cors', chain]])
    const handler = middlewares[0]?.preflight
    assert.ok(handler)
    return answerOf(handler, { method: 'OPTIONS', headers }, { maxBodyBytes: 1, passed: () => null })
  }

  it('lets the pages of allowed origins read the answer', async () => {
    for (const origin of ['https://app.example', 'https://a-b.pages.example']) {
      const { headers } = await bench.send({ headers: { origin } })
      assert.equal(headers['access-control-allow-origin'], origin)
      assert.equal(headers['access-control-allow-credentials'], 'true')
      assert.equal(headers['access-control-expose-headers'], 'etag')
      assert.equal(headers['vary'], 'origin')
    }
  })

  it('says nothing to others, however alike they look', async () => {
    for (const origin of [
      'https://app.example.evil',
      'http://app.example',
      'https://pages.example',
      'https://a.b.pages.example',
      'https://evil.example/.pages.example',
      'null',
    ]) {
      const { status, headers } = await bench.send({ headers: { origin } })
      assert.equal(status, 200)
      assert.equal(headers['access-control-allow-origin'], undefined, origin)
      assert.equal(headers['vary'], 'origin')
    }
  })

  it('replaces what the service says of origins', async () => {
    const service = middlewareBench([['cors', config]], {
      service: (exchange) => exchange.send(200, ['access-control-allow-origin', '*'], null),
    })
    const allowed = await service.send({ headers: { origin: 'https://app.example' } })
    assert.equal(allowed.headers['access-control-allow-origin'], 'https://app.example')
    const other = await service.send({ headers: { origin: 'https://evil.example' } })
    assert.equal(other.headers['access-control-allow-origin'], undefined)
  })

  it('answers preflights', async () => {
    const asked = { origin: 'https://app.example', 'access-control-request-method': 'POST' }
    const { status, headers } = await preflight(asked)
    assert.equal(status, 204)
    assert.equal(headers['access-control-allow-origin'], 'https://app.example')
    assert.equal(headers['access-control-allow-methods'], 'GET, POST')
    assert.equal(headers['access-control-allow-headers'], 'x-token')
    assert.equal(headers['access-control-max-age'], '3600')
    const other = await preflight({ ...asked, origin: 'https://evil.example' })
    assert.equal(other.headers['access-control-allow-origin'], undefined)
  })

  it('allows everybody without credentials, and then varies by nothing', async () => {
    const open = middlewareBench([['cors', { allowed_origins: ['*'] }]])
    const { headers } = await open.send({ headers: { origin: 'https://any.example' } })
    assert.equal(headers['access-control-allow-origin'], '*')
    assert.equal(headers['vary'], undefined)
  })

  it('refuses credentials for everybody', () => {
    const config = { allowed_origins: ['*'], allow_credentials: true }
    expectProblem('BCN_MIDDLEWARE_CONFIG', () => middlewareBench([['cors', config]]))
  })
})

describe('request-size-limit', () => {
  it('refuses by the announced length, before the body is read', async () => {
    const bench = middlewareBench([['request-size-limit', { max_bytes: 4 }]])
    assert.equal((await bench.send({ method: 'POST', body: '12345' })).status, 413)
    assert.equal((await bench.send({ method: 'POST', body: '1234' })).status, 200)
  })

  it('lowers the limit of whoever reads the body later', async () => {
    const config = { max_bytes: 4, check_content_length: false }
    const bench = middlewareBench([['request-size-limit', config]], {
      service: (exchange) => exchange.readBody((body) => exchange.send(200, [], body)),
    })
    const refused = await bench.send({ method: 'POST', body: '12345' })
    assert.equal(refused.status, 413)
    assert.match(refused.body, /The limit is 4 bytes/)
    assert.equal((await bench.send({ method: 'POST', body: '1234' })).status, 200)
  })

  it('cannot be wider than the gateway', async () => {
    const bench = middlewareBench(
      [['request-size-limit', { max_bytes: 1000, check_content_length: false }]],
      {
        maxBodyBytes: 2,
        service: (exchange) => exchange.readBody((body) => exchange.send(200, [], body)),
      },
    )
    assert.equal((await bench.send({ method: 'POST', body: '123' })).status, 413)
  })
})

describe('ip-restriction', () => {
  const statusOf = async (config: Record<string, string[]>, remoteAddress: string, forwarded?: string) => {
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
    return (await middlewareBench([['ip-restriction', config]]).send({ remoteAddress, headers })).status
  }

  it('lets in by address and network of both families', async () => {
    const allow = { allow: ['192.0.2.0/24', '2001:db8::/32', '198.51.100.7'] }
    for (const address of ['192.0.2.255', '::ffff:192.0.2.1', '2001:db8::1', '198.51.100.7']) {
      assert.equal(await statusOf(allow, address), 200, address)
    }
    for (const address of ['192.0.3.1', '2001:db9::1', '198.51.100.8']) {
      assert.equal(await statusOf(allow, address), 403, address)
    }
  })

  it('lets deny go before allow', async () => {
    const config = { allow: ['10.0.0.0/8'], deny: ['10.66.0.0/16'] }
    assert.equal(await statusOf(config, '10.1.1.1'), 200)
    assert.equal(await statusOf(config, '10.66.1.1'), 403)
    assert.equal(await statusOf({ deny: ['10.66.0.0/16'] }, '8.8.8.8'), 200)
  })

  it('believes only trusted proxies about the client, and of those the last', async () => {
    const config = { allow: ['203.0.113.9'], trusted_proxies: ['10.0.0.0/8'] }
    assert.equal(await statusOf(config, '10.0.0.1', '203.0.113.9'), 200)
    assert.equal(await statusOf(config, '10.0.0.1', '203.0.113.9, 10.0.0.2'), 200)
    assert.equal(await statusOf(config, '10.0.0.1', '203.0.113.9, 198.51.100.1'), 403)
    assert.equal(await statusOf(config, '198.51.100.1', '203.0.113.9'), 403)
    assert.equal(await statusOf(config, '10.0.0.1', 'garbage, 203.0.113.9'), 200)
    assert.equal(await statusOf(config, '10.0.0.1', '203.0.113.9, garbage'), 403)
  })

  it('answers with its own status and message', async () => {
    const config = { deny: ['0.0.0.0/0'], status: 451, message: 'Not here.' }
    const { status, json, passed } = await middlewareBench([['ip-restriction', config]]).send()
    assert.deepEqual([status, json()['status'], json()['detail'], passed], [451, 451, 'Not here.', null])
  })

  it('refuses entries that are neither address nor network', () => {
    for (const entry of ['10.0.0.0/33', 'example.com', '10.0.0', '2001:db8::/129', '10.0.0.0/8/8', '']) {
      const config = { allow: [entry] }
      expectProblem('BCN_MIDDLEWARE_CONFIG', () => middlewareBench([['ip-restriction', config]]))
    }
  })
})

describe('bot-detection', () => {
  it('refuses by a part of the name, unless another part allows it', async () => {
    const config = { deny: ['Bot', 'curl'], allow: ['goodbot'] }
    const bench = middlewareBench([['bot-detection', config]])
    const statusOf = async (agent: string) => (await bench.send({ headers: { 'user-agent': agent } })).status
    assert.equal(await statusOf('EvilBOT/1.0'), 403)
    assert.equal(await statusOf('CURL/8'), 403)
    assert.equal(await statusOf('GoodBot/2'), 200)
    assert.equal(await statusOf('Mozilla/5.0'), 200)
    assert.equal(await statusOf('EvilBOT/1.0'), 403)
    assert.equal((await bench.send()).status, 200)
  })

  it('refuses who gives no name, where it is told so', async () => {
    const bench = middlewareBench([['bot-detection', { block_empty_ua: true, status: 418, message: 'Who?' }]])
    assert.equal((await bench.send()).status, 418)
    assert.equal((await bench.send({ headers: { 'user-agent': 'x' } })).status, 200)
  })
})

describe('redirect', () => {
  const locationOf = async (rule: Record<string, string>, target: string, preserve = true) => {
    const bench = middlewareBench([['redirect', { rules: [rule], preserve_query: preserve }]])
    return (await bench.send({ target })).headers['location']
  }

  it('sends whole paths and prefixes elsewhere', async () => {
    assert.equal(await locationOf({ path: '/old', target: '/new' }, '/old'), '/new')
    assert.equal(await locationOf({ path: '/old', target: '/new' }, '/old/x'), undefined)
    assert.equal(
      await locationOf({ prefix: '/v1', target: 'https://a.example/v2' }, '/v1/x/y'),
      'https://a.example/v2/x/y',
    )
    assert.equal(
      await locationOf({ prefix: '/v1/', target: 'https://a.example/v2/' }, '/v1/x'),
      'https://a.example/v2/x',
    )
    assert.equal(await locationOf({ prefix: '/v1', target: '/v2' }, '/v10'), undefined)
    assert.equal(await locationOf({ target: 'https://a.example' }, '/any'), 'https://a.example')
  })

  it('keeps the query, unless told otherwise', async () => {
    assert.equal(await locationOf({ target: '/new' }, '/old?a=1'), '/new?a=1')
    assert.equal(await locationOf({ target: '/new?b=2#c' }, '/old?a=1'), '/new?b=2&a=1#c')
    assert.equal(await locationOf({ target: '/new' }, '/old?a=1', false), '/new')
  })

  it('never makes another host of a path of the client', async () => {
    for (const target of ['/v1//evil.example', '/v1///evil.example/x']) {
      const location = await locationOf({ prefix: '/v1', target: '/' }, target)
      assert.match(location ?? '', /^\/(?!\/)/)
    }
  })

  it('takes the first rule that fits, with its status', async () => {
    const rules = [
      { path: '/a', target: '/b', status_code: 308 },
      { prefix: '/a', target: '/c' },
    ]
    const bench = middlewareBench([['redirect', { rules, status_code: 301 }]])
    assert.equal((await bench.send({ target: '/a' })).status, 308)
    assert.equal((await bench.send({ target: '/a/x' })).status, 301)
    assert.equal((await bench.send({ target: '/z' })).status, 200)
  })
})

describe('rate-limit', () => {
  it('says in every answer what is left, and refuses beyond the quota', async () => {
    const bench = middlewareBench([['rate-limit', { quota: 2, window: 60, policy_name: 'trial' }]])
    const first = await bench.send()
    assert.equal(first.headers['ratelimit-policy'], '"trial";q=2;w=60')
    assert.equal(first.headers['ratelimit'], '"trial";r=1;t=60')
    bench.pass(10_000)
    assert.equal((await bench.send()).headers['ratelimit'], '"trial";r=0;t=50')
    const refused = await bench.send()
    assert.equal(refused.status, 429)
    assert.equal(refused.headers['retry-after'], '50')
    assert.equal(refused.headers['ratelimit'], '"trial";r=0;t=50')
    assert.equal(refused.json()['type'], 'urn:barbacane:error:rate-limited')
    bench.pass(50_000)
    assert.equal((await bench.send()).status, 200)
  })

  it('counts callers apart', async () => {
    const by = (partition_key: string) =>
      middlewareBench([['rate-limit', { quota: 1, window: 60, partition_key }]])
    const byAddress = by('client_ip')
    assert.equal((await byAddress.send({ remoteAddress: '192.0.2.1' })).status, 200)
    assert.equal((await byAddress.send({ remoteAddress: '192.0.2.2' })).status, 200)
    assert.equal((await byAddress.send({ remoteAddress: '192.0.2.1' })).status, 429)
    const byHeader = by('header:X-Tenant')
    assert.equal((await byHeader.send({ headers: { 'x-tenant': 'a' } })).status, 200)
    assert.equal((await byHeader.send({ headers: { 'x-tenant': 'b' } })).status, 200)
    assert.equal((await byHeader.send({ headers: { 'x-tenant': 'a' } })).status, 429)
    const long = 'x'.repeat(10_000)
    assert.equal((await byHeader.send({ headers: { 'x-tenant': `${long}1` } })).status, 200)
    assert.equal((await byHeader.send({ headers: { 'x-tenant': `${long}2` } })).status, 200)
    assert.equal((await byHeader.send({ headers: { 'x-tenant': `${long}1` } })).status, 429)
    const byConsumer = by('consumer')
    assert.equal((await byConsumer.send({ headers: { 'x-auth-consumer': 'a' } })).status, 200)
    assert.equal((await byConsumer.send()).status, 200)
    assert.equal((await byConsumer.send()).status, 429)
    const byContext = by('context:plan')
    assert.equal((await byContext.send({ context: new Map([['plan', 'free']]) })).status, 200)
    assert.equal((await byContext.send({ context: new Map([['plan', 'paid']]) })).status, 200)
  })

  it('is exact over 10,000 requests, by several operations and across a reload', async () => {
    const state = createMiddlewareState()
    const config = { quota: 1234, window: 60 }
    const before = middlewareBench([['rate-limit', config]], { state })
    const after = middlewareBench([['rate-limit', config]], { state })
    const answers = await Promise.all(
      Array.from({ length: 10_000 }, (_, index) => (index % 2 === 0 ? before : after).send()),
    )
    assert.equal(answers.filter(({ status }) => status === 200).length, 1234)
  })

  it('never lets more than the quota through in any window', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 60 }),
        async (gaps) => {
          const bench = middlewareBench([['rate-limit', { quota: 3, window: 1 }]])
          const passed: number[] = []
          let nowMs = 0
          for (const gap of gaps) {
            bench.pass(gap)
            nowMs += gap
            if ((await bench.send()).status === 200) passed.push(nowMs)
          }
          for (const start of passed) {
            assert.ok(passed.filter((time) => time >= start && time < start + 1000).length <= 3)
          }
        },
      ),
      { numRuns: 50 },
    )
  })
})

describe('concurrency-limit', () => {
  const slow = (config: Record<string, number | string>, state = createMiddlewareState()) => {
    const waiting: (() => void)[] = []
    const bench = middlewareBench([['concurrency-limit', config]], {
      state,
      service: (exchange) => void waiting.push(() => exchange.send(200, [], null)),
    })
    return { bench, waiting }
  }

  it('refuses beyond the limit, and lets in again when one has left', async () => {
    const { bench, waiting } = slow({ max_concurrent: 1 })
    const first = bench.send()
    const refused = await bench.send()
    assert.equal(refused.status, 503)
    assert.equal(refused.headers['retry-after'], '1')
    waiting.shift()?.()
    assert.equal((await first).status, 200)
    const second = bench.send()
    waiting.shift()?.()
    assert.equal((await second).status, 200)
  })

  it('lets wait in the order of arrival, for a while', async () => {
    const { bench, waiting } = slow({ max_concurrent: 1, max_queue: 2, queue_timeout_ms: 60_000 })
    const all = [bench.send(), bench.send(), bench.send()]
    assert.equal((await bench.send()).status, 503)
    for (let served = 0; served < 3; served += 1) {
      assert.equal(waiting.length, 1)
      waiting.shift()?.()
    }
    assert.deepEqual(
      (await Promise.all(all)).map(({ status }) => status),
      [200, 200, 200],
    )
    const brief = slow({ max_concurrent: 1, max_queue: 1, queue_timeout_ms: 5 })
    void brief.bench.send()
    assert.equal((await brief.bench.send()).status, 503)
    assert.equal(brief.waiting.length, 1)
  })

  it('is one for operations of the same name', async () => {
    const state = createMiddlewareState()
    const one = slow({ max_concurrent: 1, name: 'shop' }, state)
    const other = slow({ max_concurrent: 1, name: 'shop' }, state)
    void one.bench.send()
    assert.equal((await other.bench.send()).status, 503)
  })
})

describe('retry', () => {
  const failing = (config: Record<string, number | string[]>, statuses: readonly number[]) => {
    const seen: (string | null)[] = []
    const bench = middlewareBench([['retry', { backoff_ms: 0, ...config }]], {
      service: (exchange) => {
        const status = statuses[Math.min(seen.length, statuses.length - 1)] as number
        seen.push(exchange.body === null ? null : exchange.body.toString())
        exchange.send(status, ['x-status', String(status)], Buffer.from('body'))
      },
    })
    return { bench, seen }
  }

  it('asks again until there is an answer, or no attempt is left', async () => {
    const { bench, seen } = failing({ max_attempts: 3 }, [503, 502, 200])
    const answer = await bench.send()
    assert.deepEqual([answer.status, answer.headers['x-status'], answer.body], [200, '200', 'body'])
    assert.equal(seen.length, 3)
    const hopeless = failing({ max_attempts: 3 }, [503])
    assert.equal((await hopeless.bench.send()).status, 503)
    assert.equal(hopeless.seen.length, 3)
  })

  it('leaves other answers, other methods and bodies that nobody has read', async () => {
    for (const [request, status] of [
      [{}, 500],
      [{ method: 'POST' }, 503],
      [{ method: 'PUT', body: 'x' }, 503],
    ] as const) {
      const { bench, seen } = failing({}, [status])
      await bench.send(request)
      assert.equal(seen.length, 1, JSON.stringify(request))
    }
  })

  it('sends a body again that was read whole', async () => {
    const seen: (string | undefined)[] = []
    const bench = middlewareBench(
      [
        ['request-transformer', { body: { add: { '/n': 1 } } }],
        ['retry', { backoff_ms: 0 }],
      ],
      {
        service: (exchange) => {
          seen.push(exchange.body?.toString())
          exchange.send(503, [], null)
        },
      },
    )
    await bench.send({ method: 'PUT', body: '{}' })
    assert.deepEqual(seen, ['{"n":1}', '{"n":1}'])
  })

  it('keeps to its budget when a service fails for everybody', async () => {
    const { bench, seen } = failing({ budget_ratio: 0.1, budget_minimum: 5 }, [503])
    for (let count = 0; count < 100; count += 1) await bench.send()
    assert.equal(seen.length, 110)
    bench.pass(20_000)
    await bench.send()
    assert.equal(seen.length, 112)
  })
})

describe('circuit-breaker', () => {
  const config = { failure_ratio: 0.5, minimum_requests: 4, window_seconds: 10, open_seconds: 30 }
  const withService = () => {
    let status = 200
    const bench = middlewareBench([['circuit-breaker', config]], {
      service: (exchange) => exchange.send(status, [], null),
    })
    return { bench, say: (next: number) => (status = next) }
  }

  it('opens at the ratio, tries again after a while and closes when that succeeds', async () => {
    const { bench, say } = withService()
    await bench.send()
    await bench.send()
    say(503)
    await bench.send()
    assert.equal((await bench.send()).status, 503)
    const open = await bench.send()
    assert.equal(open.json()['type'], 'urn:barbacane:error:circuit-open')
    assert.equal(open.headers['retry-after'], '30')
    assert.equal(open.passed, null)
    bench.pass(30_000)
    assert.notEqual((await bench.send()).passed, null)
    assert.equal((await bench.send()).passed, null, 'the trial failed, so it stays open')
    bench.pass(30_000)
    say(200)
    assert.equal((await bench.send()).status, 200)
    assert.notEqual((await bench.send()).passed, null)
    assert.ok((await bench.logged()).some(({ msg }) => msg === 'a circuit opens'))
  })

  it('does not open for few requests, old ones, or faults of the client', async () => {
    const { bench, say } = withService()
    say(500)
    for (let count = 0; count < 3; count += 1) await bench.send()
    bench.pass(11_000)
    assert.notEqual((await bench.send()).passed, null)
    say(404)
    for (let count = 0; count < 10; count += 1) await bench.send()
    assert.notEqual((await bench.send()).passed, null)
  })

  it('lets one request try at a time', async () => {
    const held: (() => void)[] = []
    let status = 500
    let isHolding = false
    const bench = middlewareBench([['circuit-breaker', { ...config, minimum_requests: 1 }]], {
      service: (exchange) => {
        if (isHolding) held.push(() => exchange.send(status, [], null))
        else exchange.send(status, [], null)
      },
    })
    await bench.send()
    bench.pass(30_000)
    ;[isHolding, status] = [true, 200]
    const trial = bench.send()
    assert.equal((await bench.send()).status, 503)
    held.shift()?.()
    assert.equal((await trial).status, 200)
  })
})
