import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { builtins, type JsonObject } from '../../../../../src/domain/index.ts'
import type { DispatcherContext } from '../../../../../src/runtime/dispatchers/context.ts'
import { createHttpUpstream } from '../../../../../src/runtime/dispatchers/http-upstream/http-upstream.ts'
import { createTargetGroups, type Upstreams } from '../../../../../src/runtime/dispatchers/index.ts'
import { withDefaults } from '../../../../../src/runtime/with-defaults.ts'
import { fakeRuntimeHost } from '../../../../support/fake-runtime-host.ts'
import { fakeUpstream, type FakeUpstream } from '../../../../support/fake-upstream.ts'
import { answerOf, type Sent } from '../../../../support/middleware-run.ts'

const TWO = { targets: [{ url: 'https://a.test/base' }, { url: 'https://b.test' }] }

/** The dispatcher before services without sockets. */
function dispatching(config: JsonObject, captureNames: readonly string[] = []) {
  let nowMs = 0
  const services = new Map<string, FakeUpstream>()
  const host = { ...fakeRuntimeHost(), monotonicMs: () => nowMs }
  const log = { log: () => undefined } as never
  const upstreams = {
    of: (origin: string) => {
      const service = services.get(origin) ?? fakeUpstream(origin)
      services.set(origin, service)
      return service
    },
  } as unknown as Upstreams
  const targetGroups = createTargetGroups({ upstreams, host, log })
  const context = { captureNames, upstreams, targetGroups, host, log, dev: false }
  const schema = builtins.get('http-upstream')?.config as JsonObject
  const handler = createHttpUpstream(withDefaults(schema, config), context as unknown as DispatcherContext)
  const service = (name: string) => services.get(`https://${name}.test`) as FakeUpstream
  return {
    targetGroups,
    service,
    pass: (milliseconds: number) => (nowMs += milliseconds),
    send: (request: Sent = {}) => answerOf(handler, request, { maxBodyBytes: 10, passed: () => null }),
    /** The services that were asked, in order. */
    asked: () => [...services.values()].map(({ origin, calls }) => [origin, calls.length]),
  }
}

describe('http-upstream', () => {
  it('tells clients in what way a service fails, and nothing of its address', async () => {
    for (const [fault, status, kind] of [
      ['refused', 502, 'upstream-refused'],
      ['unavailable', 502, 'upstream-unavailable'],
      ['timeout', 504, 'upstream-timeout'],
    ] as const) {
      const { send, service } = dispatching({ url: 'https://a.test' })
      const answer = send()
      service('a').calls[0]?.fail(fault, '10.0.0.1 is a private address')
      const { status: answered, json, body } = await answer
      assert.deepEqual([answered, json()['type']], [status, `urn:barbacane:error:${kind}`])
      assert.doesNotMatch(body, /10\.0\.0\.1/)
      assert.deepEqual(service('a').told, [fault])
    }
  })

  it('asks its targets in turn, each below its own base path', async () => {
    const { send, service } = dispatching(TWO)
    const answers = [send({ target: '/x?q=1' }), send({ target: '/y' })]
    service('a').calls[0]?.answer(200, 'from a')
    service('b').calls[0]?.answer(201, 'from b')
    assert.deepEqual(
      (await Promise.all(answers)).map(({ status, body }) => [status, body]),
      [
        [200, 'from a'],
        [201, 'from b'],
      ],
    )
    assert.equal(service('a').calls[0]?.request.target, '/base/x?q=1')
    assert.equal(service('b').calls[0]?.request.target, '/y')
  })

  it('leaves out a prefix where the path begins with it, segment by segment', () => {
    const { send, service } = dispatching({ url: 'https://a.test/base', strip_prefix: '/v1/books' })
    const paths = [
      '/v1/books',
      '/v1/books/',
      '/v1/books/7',
      '/v1/books/7?a=/v1/books',
      '/v1/booksellers',
      '/v2',
    ]
    for (const target of paths) void send({ target })
    assert.deepEqual(
      service('a').calls.map(({ request }) => request.target),
      ['/base/', '/base/', '/base/7', '/base/7?a=/v1/books', '/base/v1/booksellers', '/base/v2'],
    )
  })

  it('refuses a configuration that has two meanings', () => {
    assert.throws(
      () => dispatching({ url: 'https://a.test', path: '/x', strip_prefix: '/y' }),
      /\/strip_prefix: there is a path already/,
    )
    const twice = [{ url: 'https://a.test/' }, { url: 'https://a.test' }]
    assert.throws(() => dispatching({ targets: twice }), /https:\/\/a\.test is listed twice/)
  })

  it('shows nobody twice what it has of a group: operations with the same targets share it', () => {
    const { targetGroups } = dispatching(TWO)
    const schema = builtins.get('http-upstream')?.config as JsonObject
    const again = targetGroups.of(withDefaults(schema, { ...TWO, path: '/other', timeout: 1 }))
    assert.deepEqual(
      targetGroups.status().map(({ id, targets }) => [id, targets.length]),
      [[again.id, 2]],
    )
    targetGroups.of(withDefaults(schema, { ...TWO, ejection: {} }))
    assert.equal(new Set(targetGroups.status().map(({ id }) => id)).size, 2)
  })
})

describe('http-upstream: retries', () => {
  const retrying = { ...TWO, retries: {} }

  it('asks another target after an answer of the list, and after none', async () => {
    for (const fails of [
      (first: FakeUpstream) => first.calls[0]?.answer(503, 'busy'),
      (first: FakeUpstream) => first.calls[0]?.fail('unavailable'),
    ]) {
      const { send, service } = dispatching(retrying)
      const answer = send()
      fails(service('a'))
      service('b').calls[0]?.answer(200, 'from b')
      assert.deepEqual([(await answer).status, (await answer).body], [200, 'from b'])
      assert.deepEqual(service('b').told, ['retried'])
    }
  })

  it('gives the last answer as it is when the attempts are over', async () => {
    const { send, service } = dispatching(retrying)
    const answer = send()
    service('a').calls[0]?.answer(502, 'one')
    service('b').calls[0]?.answer(503, 'two')
    assert.deepEqual([(await answer).status, (await answer).body], [503, 'two'])
  })

  it('asks the only target again', async () => {
    const { send, service } = dispatching({ url: 'https://a.test', retries: {} })
    const answer = send()
    service('a').calls[0]?.fail('unavailable')
    service('a').calls[1]?.answer(200)
    assert.equal((await answer).status, 200)
  })

  it('repeats the body that was read, and no other', async () => {
    const { send, service } = dispatching(retrying)
    const exchangeBody = send({ method: 'PUT' })
    service('a').calls[0]?.answer(503)
    service('b').calls[0]?.answer(204)
    assert.equal((await exchangeBody).status, 204)
  })

  it('asks once where asking twice is not safe, not wanted, or too much', async () => {
    const once = async (config: JsonObject, request: Sent, outcome: (first: FakeUpstream) => void) => {
      const { send, service, asked } = dispatching({ ...TWO, retries: config })
      const answer = send(request)
      outcome(service('a'))
      assert.ok((await answer).status >= 500)
      assert.deepEqual(asked(), [
        ['https://a.test', 1],
        ['https://b.test', 0],
      ])
    }
    await once({}, { method: 'POST' }, (first) => first.calls[0]?.fail('unavailable'))
    await once({}, { method: 'PATCH' }, (first) => first.calls[0]?.answer(503))
    await once({}, {}, (first) => first.calls[0]?.answer(500))
    await once({}, {}, (first) => first.calls[0]?.fail('timeout'))
    await once({ budget_ratio: 0, budget_minimum: 0 }, {}, (first) => first.calls[0]?.answer(503))
    const { send, service } = dispatching({ ...TWO, retries: { on_timeout: true } })
    const answer = send()
    service('a').calls[0]?.fail('timeout')
    service('b').calls[0]?.answer(200)
    assert.equal((await answer).status, 200)
  })

  it('spends no more than its budget, however many fail', async () => {
    const { send, service, asked } = dispatching({
      url: 'https://a.test',
      retries: { max_attempts: 10, budget_ratio: 0.1, budget_minimum: 5 },
    })
    for (let count = 0; count < 200; count += 1) {
      const answer = send()
      const { calls } = service('a')
      for (let open = calls.length; ; open = calls.length) {
        calls.at(-1)?.answer(503)
        if (calls.length === open) break
      }
      assert.equal((await answer).status, 503)
    }
    const attempts = (asked()[0] as [string, number])[1]
    assert.equal(attempts, 200 + 20)
  })
})

describe('http-upstream: targets that are down', () => {
  const ejecting = { ...TWO, ejection: { consecutive_failures: 2, base_seconds: 10, max_seconds: 40 } }

  it('are left alone, and tried again when their time is over', async () => {
    const { send, service, pass } = dispatching(ejecting)
    const ask = async (name: string, status: number) => {
      const answer = send()
      service(name).calls.at(-1)?.answer(status)
      return (await answer).status
    }
    const statuses = [await ask('a', 503), await ask('b', 200), await ask('a', 500), await ask('b', 200)]
    assert.deepEqual(statuses, [503, 200, 500, 200])
    assert.deepEqual(service('a').told, ['ejected'])
    for (let count = 0; count < 5; count += 1) assert.equal(await ask('b', 200), 200)
    assert.equal(service('a').calls.length, 2)
    pass(10_000)
    const answers = [send(), send()]
    for (const name of ['a', 'b']) service(name).calls.at(-1)?.answer(200)
    await Promise.all(answers)
    assert.equal(service('a').calls.length, 3)
  })

  it('all of them: the answer is 503 and says when to ask again', async () => {
    const { send, service, pass } = dispatching(ejecting)
    for (const name of ['a', 'b', 'a', 'b']) {
      const answer = send()
      service(name).calls.at(-1)?.fail('unavailable')
      await answer
    }
    pass(2500)
    const { status, headers, json } = await send()
    assert.deepEqual([status, headers['retry-after']], [503, '8'])
    assert.equal(json()['type'], 'urn:barbacane:error:upstream-down')
    assert.equal(service('a').calls.length, 2)
  })

  it('count what is under way, also when a client leaves', async () => {
    const { send, service, targetGroups } = dispatching(TWO)
    void send()
    const counts = () => targetGroups.status()[0]?.targets.map(({ requests }) => requests)
    assert.deepEqual(counts(), [1, 0])
    service('a').calls[0]?.answer(200)
    assert.deepEqual(counts(), [0, 0])
  })
})
