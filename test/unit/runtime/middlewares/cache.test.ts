import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { JsonObject } from '../../../../src/domain/index.ts'
import type { Exchange, Handler } from '../../../../src/runtime/pipeline/index.ts'
import { middlewareBench, type BenchOptions, type Sent } from '../../../support/middleware-run.ts'

interface Said {
  status?: number
  headers?: readonly string[]
  body?: string
}

/** A cache before a service that says what it is told to, and counts how often it is asked. */
function cached(config: JsonObject = {}, said: Said = {}, options: BenchOptions = {}) {
  const asked: Exchange[] = []
  let current = said
  const service: Handler = (exchange) => {
    asked.push(exchange)
    const { status = 200, headers = [], body = `body ${asked.length}` } = current
    exchange.send(status, headers, Buffer.from(body))
  }
  const bench = middlewareBench([['cache', config]], { service, ...options })
  return {
    bench,
    asked,
    say: (next: Said) => (current = next),
    get: (request: Sent = {}) => bench.send(request),
  }
}

const maxAge = (seconds: number, ...more: readonly string[]) => [
  'cache-control',
  `max-age=${seconds}`,
  ...more,
]

describe('cache: storing (RFC 9111 §3)', () => {
  it('keeps answers for as long as they say, and tells their age', async () => {
    const { bench, asked, get } = cached({}, { headers: maxAge(60) })
    const first = await get()
    assert.deepEqual([first.body, first.headers['cache-status']], ['body 1', 'barbacane; fwd=miss; stored'])
    bench.pass(59_000)
    const second = await get()
    assert.deepEqual([second.body, second.headers['age']], ['body 1', '59'])
    assert.equal(second.headers['cache-status'], 'barbacane; hit; ttl=1')
    bench.pass(1000)
    assert.equal((await get()).body, 'body 2')
    assert.equal(asked.length, 2)
  })

  it('takes s-maxage before max-age, max-age before Expires, and those before ttl', async () => {
    const date = ['date', new Date(1_800_000_000_000).toUTCString()]
    const expires = ['expires', new Date(1_800_000_030_000).toUTCString()]
    for (const [headers, seconds] of [
      [['cache-control', 'max-age=10, s-maxage=20'], 20],
      [[...maxAge(10), ...date, ...expires], 10],
      [[...date, ...expires], 30],
      [['cache-control', 'max-age="40"'], 40],
      [[], 300],
    ] as const) {
      const { bench, asked, get } = cached({}, { headers })
      await get()
      bench.pass(seconds * 1000 - 1)
      await get()
      assert.equal(asked.length, 1, headers.join(' '))
      bench.pass(1)
      await get()
      assert.equal(asked.length, 2, headers.join(' '))
    }
  })

  it('keeps nothing that may not be kept', async () => {
    for (const [headers, request, config] of [
      [['cache-control', 'no-store']],
      [['cache-control', 'private, max-age=60']],
      [['cache-control', 'PRIVATE="set-cookie", max-age=60']],
      [maxAge(0)],
      [['cache-control', 'max-age=nonsense']],
      [['expires', '0']],
      [maxAge(60, 'set-cookie', 'a=1')],
      [maxAge(60, 'vary', 'accept, *')],
      [maxAge(60), { headers: { 'cache-control': 'no-store' } }],
      [maxAge(60), { headers: { authorization: 'Basic abc' } }],
      [maxAge(60), { headers: { 'x-auth-consumer': 'ann' } }],
      [maxAge(60), { headers: { range: 'bytes=0-1' } }],
      [maxAge(60), { method: 'POST' }],
      [[], { headers: { cookie: 'session=1' } }],
      [[], {}, { ttl: 0 }],
    ] as (readonly [readonly string[], Sent?, JsonObject?])[]) {
      const { asked, get } = cached(config, { headers })
      await get(request)
      await get(request)
      assert.equal(asked.length, 2, JSON.stringify([headers, request]))
    }
  })

  it('keeps answers to credentials where the service allows it', async () => {
    for (const directive of ['public', 's-maxage=60', 'must-revalidate']) {
      const { asked, get } = cached({}, { headers: ['cache-control', `max-age=60, ${directive}`] })
      await get({ headers: { authorization: 'Basic abc' } })
      await get({ headers: { authorization: 'Basic other' } })
      assert.equal(asked.length, 1, directive)
    }
  })

  it('keeps only the statuses it is told to, and never parts', async () => {
    for (const [status, times] of [
      [200, 1],
      [404, 1],
      [301, 1],
      [500, 2],
      [302, 2],
      [206, 2],
    ] as const) {
      const { asked, get } = cached(
        { cacheable_status: [200, 206, 301, 404] },
        { status, headers: maxAge(60) },
      )
      await get()
      await get()
      assert.equal(asked.length, times, String(status))
    }
  })

  it('keeps no body over its limit, and no more than its size', async () => {
    const large = cached({ max_entry_bytes: 4 }, { headers: maxAge(60), body: '12345' })
    assert.equal((await large.get()).body, '12345')
    await large.get()
    assert.equal(large.asked.length, 2)
    const small = cached({}, { headers: maxAge(60), body: 'x'.repeat(1000) }, { cacheBytes: 4000 })
    for (const target of ['/a', '/b', '/c', '/a']) await small.get({ target })
    assert.equal(small.asked.length, 4)
    await small.get({ target: '/a' })
    assert.equal(small.asked.length, 4)
  })

  it('keeps no answer that broke off', async () => {
    let times = 0
    const bench = middlewareBench([['cache', {}]], {
      service: (exchange) => {
        times += 1
        const sink = exchange.stream(200, maxAge(60))
        sink.write(Buffer.from('half'))
        if (times === 1) sink.destroy()
        else sink.end()
      },
    })
    await assert.rejects(bench.send(), /ended early/)
    assert.equal((await bench.send()).body, 'half')
    await bench.send()
    assert.equal(times, 2)
  })

  it('leaves out what belongs to a connection', async () => {
    const { get } = cached(
      {},
      { headers: maxAge(60, 'connection', 'x-hop', 'x-hop', '1', 'x-end', '2', 'age', '5') },
    )
    await get()
    const { headers } = await get()
    assert.deepEqual([headers['x-hop'], headers['x-end'], headers['age']], [undefined, '2', '5'])
  })
})

describe('cache: selecting (RFC 9111 §4)', () => {
  it('keeps addresses, queries and hosts apart', async () => {
    const { asked, get } = cached({}, { headers: maxAge(60) })
    for (const request of [
      { target: '/a' },
      { target: '/a?x=1' },
      { target: '/b' },
      { headers: { host: 'other' }, target: '/a' },
    ]) {
      await get(request)
      await get(request)
    }
    assert.equal(asked.length, 4)
  })

  it('keeps an answer for each value of what it varies by', async () => {
    const { asked, get } = cached({ vary: ['x-tenant'] }, { headers: maxAge(60, 'vary', 'Accept-Language') })
    const ask = (language: string, tenant: string) =>
      get({ headers: { 'accept-language': language, 'x-tenant': tenant } })
    const [first, second] = [await ask('en', 'a'), await ask('fr', 'a')]
    await ask('en', 'b')
    assert.equal((await ask('en', 'a')).body, first.body)
    assert.equal((await ask('fr', 'a')).body, second.body)
    await get()
    assert.equal(asked.length, 4)
  })

  it('obeys the directives of the request', async () => {
    for (const [directive, isAsked] of [
      ['no-cache', true],
      ['max-age=29', true],
      ['max-age=30', false],
      ['min-fresh=31', true],
      ['min-fresh=30', false],
      ['only-if-cached', false],
    ] as const) {
      const { bench, asked, get } = cached({}, { headers: maxAge(60) })
      await get()
      bench.pass(30_000)
      await get({ headers: { 'cache-control': directive } })
      assert.equal(asked.length === 2, isAsked, directive)
    }
    const { bench, asked, get } = cached({}, { headers: maxAge(60) })
    assert.equal((await get({ headers: { 'cache-control': 'only-if-cached' } })).status, 504)
    await get()
    await get({ headers: { pragma: 'no-cache' } })
    assert.equal(asked.length, 2)
    bench.pass(70_000)
    await get({ headers: { 'cache-control': 'max-stale=9' } })
    assert.equal(asked.length, 3)
    bench.pass(70_000)
    await get({ headers: { 'cache-control': 'max-stale' } })
    assert.equal(asked.length, 3)
  })

  it('answers HEAD from what GET has left', async () => {
    const { asked, get } = cached({}, { headers: maxAge(60) })
    await get({ method: 'HEAD' })
    await get()
    await get({ method: 'HEAD' })
    assert.equal(asked.length, 2)
  })

  it('forgets an address that was changed, unless the change failed', async () => {
    const { asked, get, say } = cached({}, { headers: maxAge(60) })
    await get({ target: '/a' })
    say({ status: 500 })
    await get({ method: 'PUT', target: '/a' })
    await get({ target: '/a' })
    assert.equal(asked.length, 2)
    say({ status: 204, headers: maxAge(60) })
    await get({ method: 'DELETE', target: '/a' })
    say({ headers: maxAge(60) })
    await get({ target: '/a' })
    assert.equal(asked.length, 4)
  })
})

describe('cache: validation (RFC 9111 §4.3)', () => {
  const tagged = { headers: maxAge(10, 'etag', '"v1"', 'x-version', '1') }

  it('asks with the validator of what is stale, and freshens it', async () => {
    const { bench, asked, get, say } = cached({}, tagged)
    await get()
    bench.pass(11_000)
    say({ status: 304, headers: maxAge(20, 'etag', '"v1"', 'x-version', '2') })
    const renewed = await get()
    assert.equal(asked[1]?.request.headers.get('if-none-match'), '"v1"')
    assert.deepEqual([renewed.status, renewed.body, renewed.headers['x-version']], [200, 'body 1', '2'])
    assert.match(renewed.headers['cache-status'] ?? '', /hit; fwd=stale; fwd-status=304/)
    bench.pass(19_000)
    await get()
    assert.equal(asked.length, 2)
  })

  it('takes another answer in its place', async () => {
    const { bench, get, say } = cached({}, tagged)
    await get()
    bench.pass(11_000)
    say({ headers: maxAge(10, 'etag', '"v2"') })
    assert.equal((await get()).body, 'body 2')
    assert.equal((await get()).body, 'body 2')
  })

  it('asks every time where it has to', async () => {
    const { asked, get, say } = cached(
      {},
      { headers: ['cache-control', 'no-cache', 'last-modified', 'Tue, 01 Jan 2030 00:00:00 GMT'] },
    )
    await get()
    say({ status: 304 })
    assert.equal((await get()).body, 'body 1')
    assert.equal(asked[1]?.request.headers.get('if-modified-since'), 'Tue, 01 Jan 2030 00:00:00 GMT')
  })

  it('answers the conditions of clients itself', async () => {
    const { asked, get } = cached(
      {},
      { headers: maxAge(60, 'etag', 'W/"v1"', 'last-modified', 'Tue, 01 Jan 2019 00:00:00 GMT') },
    )
    const first = await get({ headers: { 'if-none-match': '"v1"' } })
    assert.deepEqual([first.status, first.body, first.headers['etag']], [304, '', 'W/"v1"'])
    assert.equal(asked[0]?.request.headers.get('if-none-match'), undefined)
    for (const [headers, status] of [
      [{ 'if-none-match': '"v0", W/"v1"' }, 304],
      [{ 'if-none-match': '*' }, 304],
      [{ 'if-none-match': '"v0"' }, 200],
      [{ 'if-modified-since': 'Tue, 01 Jan 2019 00:00:00 GMT' }, 304],
      [{ 'if-modified-since': 'Mon, 01 Jan 2018 00:00:00 GMT' }, 200],
      [{ 'if-none-match': '"v0"', 'if-modified-since': 'Tue, 01 Jan 2019 00:00:00 GMT' }, 200],
    ] as const) {
      assert.equal((await get({ headers })).status, status, JSON.stringify(headers))
    }
    assert.equal(asked.length, 1)
  })

  it('hands on conditions that are no questions', async () => {
    const { asked, get } = cached({}, tagged)
    await get()
    await get({ headers: { 'if-match': '"v1"' } })
    assert.equal(asked[1]?.request.headers.get('if-match'), '"v1"')
  })
})

describe('cache: stale answers (RFC 5861)', () => {
  it('gives one while the service is asked in the background', async () => {
    const headers = ['cache-control', 'max-age=10, stale-while-revalidate=30']
    const { bench, asked, get } = cached({}, { headers })
    await get()
    bench.pass(15_000)
    const stale = await get()
    assert.deepEqual([stale.body, stale.headers['cache-status']], ['body 1', 'barbacane; hit; ttl=-5'])
    assert.equal(asked.length, 2)
    assert.equal((await get()).body, 'body 2')
    bench.pass(40_000)
    assert.equal((await get()).body, 'body 3')
  })

  it('gives one in place of an error, for a while', async () => {
    const { bench, get, say } = cached({}, { headers: ['cache-control', 'max-age=10, stale-if-error=30'] })
    await get()
    bench.pass(20_000)
    say({ status: 503 })
    assert.deepEqual([(await get()).status, (await get()).body], [200, 'body 1'])
    bench.pass(30_000)
    assert.equal((await get()).status, 503)
  })

  it('gives none where the service forbids it', async () => {
    const headers = [
      'cache-control',
      'max-age=10, must-revalidate, stale-while-revalidate=30, stale-if-error=30',
    ]
    const { bench, get, say } = cached({}, { headers })
    await get()
    bench.pass(15_000)
    say({ status: 503 })
    assert.equal((await get()).status, 503)
    const strict = cached({}, { headers: ['cache-control', 'max-age=10, must-revalidate'] })
    await strict.get()
    strict.bench.pass(11_000)
    await strict.get({ headers: { 'cache-control': 'max-stale' } })
    assert.equal(strict.asked.length, 2)
  })
})

describe('cache: requests for the same answer', () => {
  const held = () => {
    const waiting: Exchange[] = []
    const bench = middlewareBench([['cache', {}]], { service: (exchange) => void waiting.push(exchange) })
    return { bench, waiting }
  }

  it('wait for the first of them', async () => {
    const { bench, waiting } = held()
    const all = Array.from({ length: 20 }, () => bench.send({ target: '/a' }))
    const other = bench.send({ target: '/b' })
    assert.equal(waiting.length, 2)
    waiting[0]?.send(200, maxAge(60), Buffer.from('one'))
    waiting[1]?.send(200, maxAge(60), Buffer.from('two'))
    assert.deepEqual(new Set((await Promise.all(all)).map(({ body }) => body)), new Set(['one']))
    assert.equal((await other).body, 'two')
  })

  it('ask for themselves when it is for the first alone', async () => {
    const { bench, waiting } = held()
    const all = [bench.send(), bench.send(), bench.send()]
    waiting[0]?.send(200, ['cache-control', 'private'], Buffer.from('mine'))
    assert.equal(waiting.length, 3)
    for (const exchange of waiting.slice(1)) exchange.send(200, [], Buffer.from('theirs'))
    assert.deepEqual(
      (await Promise.all(all)).map(({ body }) => body),
      ['mine', 'theirs', 'theirs'],
    )
  })
})

describe('cache: what is said of it (RFC 9111 §5)', () => {
  it('§5.1: takes the first of several ages, and ignores what is none', async () => {
    for (const [age, times] of [
      [['age', '50'], 2],
      [['age', '50, 0'], 2],
      [['age', '50', 'age', '0'], 2],
      [['age', '0, 50'], 1],
      [['age', 'old'], 1],
      [['age', '-50'], 1],
      [['age', '1.5'], 1],
    ] as const) {
      const { bench, asked, get } = cached({}, { headers: maxAge(60, ...age) })
      await get()
      bench.pass(20_000)
      await get()
      assert.equal(asked.length, times, age.join(' '))
    }
  })

  it('§5.2.2.3: keeps what must be understood only where it is, and then before no-store', async () => {
    for (const [status, directives, times] of [
      [200, 'max-age=60, must-understand', 1],
      [200, 'max-age=60, must-understand, no-store', 1],
      [599, 'max-age=60, must-understand', 2],
      [599, 'max-age=60', 1],
      [200, 'max-age=60, must-understand, private', 2],
    ] as const) {
      const said = { status, headers: ['cache-control', directives] }
      const { asked, get } = cached({ cacheable_status: [200, 599] }, said)
      await get()
      await get()
      assert.equal(asked.length, times, `${status} ${directives}`)
    }
  })

  it('§5.3: takes the time of arrival where an answer with Expires has no date', async () => {
    const expires = new Date(1_800_000_030_000).toUTCString()
    for (const date of [[], ['date', 'yesterday']]) {
      const { bench, asked, get } = cached({}, { headers: ['expires', expires, ...date] })
      await get()
      bench.pass(29_000)
      await get()
      assert.equal(asked.length, 1)
      bench.pass(2000)
      await get()
      assert.equal(asked.length, 2)
    }
  })

  it('RFC 8246: keeps what is immutable for its life, and no longer', async () => {
    const { bench, asked, get } = cached({}, { headers: ['cache-control', 'max-age=60, immutable'] })
    await get()
    bench.pass(59_000)
    await get()
    assert.equal(asked.length, 1)
    bench.pass(1000)
    await get()
    assert.equal(asked.length, 2)
  })
})

describe('cache: invalidation (RFC 9111 §4.4)', () => {
  const changing = async (headers: readonly string[]) => {
    const { asked, get, say } = cached({}, { headers: maxAge(60) })
    const host = { host: 'shop.test' }
    await get({ target: '/books?page=1', headers: host })
    await get({ target: '/books/7', headers: host })
    say({ status: 201, headers })
    await get({ method: 'POST', target: '/books', headers: host })
    say({ headers: maxAge(60) })
    const before = asked.length
    await get({ target: '/books?page=1', headers: host })
    await get({ target: '/books/7', headers: host })
    return asked.length - before
  }

  it('forgets what a change says that it has changed', async () => {
    assert.equal(await changing([]), 0)
    assert.equal(await changing(['location', '/books/7']), 1)
    assert.equal(await changing(['content-location', 'http://shop.test/books/7']), 1)
    assert.equal(await changing(['location', 'books/7', 'content-location', '/books?page=1']), 2)
  })

  it('lets nobody say so of another host, and what is no address nothing', async () => {
    assert.equal(await changing(['location', 'http://other.test/books/7']), 0)
    assert.equal(await changing(['location', '//other.test/books/7']), 0)
    assert.equal(await changing(['location', 'http://[']), 0)
  })
})

describe('cache: what a 304 and an error change (RFC 9111 §3.2, §4.3.4; RFC 5861 §4)', () => {
  it('§3.2: gives the type that the 304 has, and the coding that the body has', async () => {
    const first = maxAge(10, 'etag', '"v1"', 'content-type', 'text/plain', 'content-encoding', 'gzip')
    const { bench, get, say } = cached({}, { headers: first })
    await get()
    bench.pass(11_000)
    const type = 'text/plain;charset=utf-8'
    say({ status: 304, headers: maxAge(10, 'etag', '"v1"', 'content-type', type, 'content-encoding', 'br') })
    const { headers } = await get()
    assert.deepEqual([headers['content-type'], headers['content-encoding']], [type, 'gzip'])
  })

  it('shows an error that comes in the very second in which an answer gets stale', async () => {
    const { bench, get, say } = cached({}, { headers: maxAge(10, 'etag', '"v1"') })
    await get()
    bench.pass(10_000)
    say({ status: 503 })
    assert.equal((await get()).status, 503)
  })
})
