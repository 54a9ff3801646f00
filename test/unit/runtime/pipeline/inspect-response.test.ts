import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { ResponseValidation } from '../../../../src/domain/index.ts'
import type { BodySink } from '../../../../src/runtime/http/index.ts'
import { Exchange, inspectResponses, type Handler } from '../../../../src/runtime/pipeline/index.ts'
import { createGatewayMetrics, createLogger } from '../../../../src/runtime/telemetry/index.ts'
import { createValidators } from '../../../../src/runtime/validate/index.ts'
import { fakeRuntimeHost } from '../../../support/fake-runtime-host.ts'
import { gatewayRequest } from '../../../support/gateway-request.ts'
import { middlewareBench } from '../../../support/middleware-run.ts'
import { recordingReply } from '../../../support/recording-reply.ts'

const JSON_TYPE = ['content-type', 'application/json']
const schemas = [{ type: 'object', required: ['id'] }]

interface Setting extends Partial<ResponseValidation> {
  readonly dev?: boolean
  readonly method?: string
}

/** A dispatcher whose answers are checked; nothing is sent but to the recorder. */
function inspected(service: Handler, { dev = false, method = 'GET', ...rule }: Setting = {}) {
  const lines: string[] = []
  const host = fakeRuntimeHost({}, (text) => void lines.push(text))
  const metrics = createGatewayMetrics(
    { activeConnections: () => 0, targets: () => [], build: () => ({ artifact_hash: '', version: '' }) },
    host,
  )
  const log = createLogger({ level: 'warn', format: 'json', nowMs: host.nowMs, write: host.writeLog })
  const handle = inspectResponses(service, {
    method: 'GET',
    path: '/books',
    response_validation: {
      mode: 'report',
      sample: 1,
      responses: [
        { status: '200', headers: [], content: [{ media_range: 'application/json', schema: 0 }] },
        { status: '206', headers: [], content: null },
      ],
      ...rule,
    },
    plan: { schemas, validators: createValidators(schemas) },
    metrics: metrics.forOperation('GET', '/books'),
    log,
    maxBodyBytes: 20,
    dev,
  })
  const recorded = recordingReply()
  const failures: string[] = []
  const exchange = () =>
    new Exchange(gatewayRequest({ method }), recorded.reply, 'id-1', {
      maxBodyBytes: 20,
      fail: (_, error) => void failures.push(error.message),
    })
  return {
    ...recorded,
    failures,
    exchange,
    ask: () => handle(exchange()),
    handle,
    counts: () =>
      Object.fromEntries(
        [...metrics.registry.render().matchAll(/response_validations_total\{.*result="(\w+)"\} (\d+)/g)].map(
          ([, result = '', count]) => [result, Number(count)],
        ),
      ),
    logged: async () => {
      await new Promise(setImmediate)
      log.flush()
      return lines
        .join('')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>)
    },
  }
}

const whole =
  (status: number, body: string): Handler =>
  (exchange) =>
    exchange.send(status, JSON_TYPE, Buffer.from(body))

const streamed =
  (...chunks: readonly string[]): Handler =>
  (exchange) => {
    const sink = exchange.stream(200, JSON_TYPE)
    for (const chunk of chunks) sink.write(Buffer.from(chunk))
    sink.end()
  }

describe('answers that are checked and reported', () => {
  it('go out as they are, and are logged and counted', async () => {
    const bench = inspected(whole(200, '{"name":1}'))
    bench.ask()
    assert.equal(bench.answers[0]?.body, '{"name":1}')
    assert.deepEqual(bench.counts(), { invalid: 1 })
    const [line] = await bench.logged()
    assert.deepEqual(
      { ...line, time: '' },
      {
        time: '',
        level: 'warn',
        msg: 'a response does not fit its description',
        request_id: 'id-1',
        method: 'GET',
        route: '/books',
        status: 200,
        mode: 'report',
        faults: 1,
        errors: [{ pointer: '/body', in: 'body', reason: "must have required property 'id'" }],
      },
    )
  })

  it('pass piece by piece, and are checked when they have left', async () => {
    const sinks: BodySink[] = []
    const bench = inspected((exchange) => void sinks.push(exchange.stream(200, JSON_TYPE)))
    bench.ask()
    sinks[0]?.write(Buffer.from('{"id"'))
    assert.equal(bench.answers[0]?.body, '{"id"', 'it is not held back')
    sinks[0]?.write(Buffer.from(':1}'))
    sinks[0]?.end()
    await bench.logged()
    assert.deepEqual(bench.counts(), { valid: 1 })
  })

  it('are counted as unchecked where the body is too long or breaks off', async () => {
    const bench = inspected(streamed('{"id":1,', `"a":"${'a'.repeat(20)}"}`))
    bench.ask()
    assert.equal(bench.answers[0]?.end, 'ended')
    await bench.logged()
    assert.deepEqual(bench.counts(), { unchecked: 1 })
    const broken = inspected((exchange) => {
      const sink = exchange.stream(200, JSON_TYPE)
      sink.write(Buffer.from('{'))
      sink.destroy()
    })
    broken.ask()
    assert.equal(broken.answers[0]?.end, 'destroyed')
    assert.deepEqual(broken.counts(), { unchecked: 1 })
    const long = inspected(whole(200, `{"a":"${'a'.repeat(20)}"}`))
    long.ask()
    assert.deepEqual(long.counts(), { unchecked: 1 })
  })

  it('are not those of the gateway itself', async () => {
    const bench = inspected((exchange) => exchange.problem('upstream-unavailable'), { mode: 'enforce' })
    bench.ask()
    assert.match(bench.answers[0]?.body ?? '', /upstream-unavailable/)
    assert.deepEqual(bench.counts(), {})
  })

  it('are a share of all, evenly spread', () => {
    const bench = inspected(whole(200, '{"id":1}'), { sample: 0.25 })
    for (let count = 0; count < 40; count += 1) bench.ask()
    assert.deepEqual(bench.counts(), { valid: 10 })
  })

  it('are checked after the hooks of middlewares have changed them', () => {
    const bench = inspected(whole(200, '{"name":1}'))
    const exchange = bench.exchange()
    exchange.onResponse((response, next) => {
      response.body = Buffer.from('{"id":1}')
      next()
    })
    bench.handle(exchange)
    assert.deepEqual(bench.counts(), { valid: 1 })
  })

  it('have no body after HEAD', () => {
    const bench = inspected((exchange) => exchange.stream(200, []).end(), { method: 'HEAD' })
    bench.ask()
    assert.deepEqual(bench.counts(), { valid: 1 })
  })

  it('are the matter of a route that asks for it alone', () => {
    const service = whole(200, '{}')
    const route = { method: 'GET', path: '/' } as const
    const parts = { plan: { schemas, validators: createValidators(schemas) }, maxBodyBytes: 1, dev: false }
    const host = fakeRuntimeHost()
    const state = {
      activeConnections: () => 0,
      targets: () => [],
      build: () => ({ artifact_hash: '', version: '' }),
    }
    const metrics = createGatewayMetrics(state, host).forOperation('GET', '/')
    const log = createLogger({ level: 'warn', format: 'json', nowMs: host.nowMs, write: host.writeLog })
    assert.equal(inspectResponses(service, { ...route, ...parts, metrics, log }), service)
  })
})

describe('answers that have to fit', () => {
  it('are replaced by 502 where they do not, whole or streamed', async () => {
    for (const service of [whole(200, '{}'), streamed('{', '}'), whole(418, '{"id":1}')]) {
      const bench = inspected(service, { mode: 'enforce' })
      bench.ask()
      const { head, body } = bench.answers[0] ?? assert.fail('there is no answer')
      assert.equal(head.status, 502)
      assert.deepEqual(JSON.parse(body), {
        type: 'urn:barbacane:error:upstream-response-invalid',
        title: 'The answer of the service does not fit the description of the API',
        status: 502,
      })
      assert.equal(bench.answers.length, 1)
      assert.deepEqual(bench.counts(), { invalid: 1 })
      assert.equal((await bench.logged()).length, 1)
    }
  })

  it('tell the client what is wrong in development only', () => {
    const bench = inspected(streamed('{}'), { mode: 'enforce', dev: true })
    bench.ask()
    const { errors } = JSON.parse(bench.answers[0]?.body ?? '') as { errors: unknown }
    assert.deepEqual(errors, [{ pointer: '/body', in: 'body', reason: "must have required property 'id'" }])
  })

  it('are held back until they are known to', () => {
    const sinks: BodySink[] = []
    const bench = inspected((exchange) => void sinks.push(exchange.stream(200, JSON_TYPE)), {
      mode: 'enforce',
    })
    bench.ask()
    sinks[0]?.write(Buffer.from('{"id":'))
    assert.equal(bench.answers.length, 0)
    sinks[0]?.write(Buffer.from('1}'))
    sinks[0]?.end()
    assert.deepEqual([bench.answers[0]?.body, bench.answers[0]?.end], ['{"id":1}', 'ended'])
    assert.deepEqual(bench.counts(), { valid: 1 })
  })

  it('pass unchecked where they are too long, with what tells the writer to wait', () => {
    let drained = 0
    const bench = inspected(
      (exchange) => {
        const sink = exchange.stream(200, JSON_TYPE)
        sink.onDrain(() => (drained += 1))
        sink.write(Buffer.from('{"id":1,'))
        sink.write(Buffer.from(`"a":"${'a'.repeat(20)}"`))
        sink.write(Buffer.from('}'))
        sink.end()
      },
      { mode: 'enforce' },
    )
    bench.ask()
    assert.equal(bench.answers[0]?.body, `{"id":1,"a":"${'a'.repeat(20)}"}`)
    assert.equal(bench.answers[0]?.end, 'ended')
    assert.deepEqual(bench.counts(), { unchecked: 1 })
    bench.drain()
    assert.equal(drained, 1)
  })

  it('are not kept by a cache where they do not', async () => {
    const bodies = ['{}', '{"id":1}']
    const cacheable = [...JSON_TYPE, 'cache-control', 'max-age=60', 'etag', '"1"']
    const bench = inspected(
      (exchange) => exchange.send(200, cacheable, Buffer.from(bodies.shift() ?? '{"id":2}')),
      { mode: 'enforce' },
    )
    const { send } = middlewareBench([['cache', { ttl: 60 }]], { service: bench.handle })
    const refused = await send()
    assert.equal(refused.status, 502)
    assert.equal(refused.headers['content-type'], 'application/problem+json')
    assert.equal(refused.headers['etag'], undefined)
    assert.equal((await send()).body, '{"id":1}')
    assert.equal((await send()).body, '{"id":1}', 'from the cache')
  })

  it('that break off break off for the client', () => {
    const bench = inspected(
      (exchange) => {
        const sink = exchange.stream(200, JSON_TYPE)
        sink.write(Buffer.from('{'))
        sink.destroy()
      },
      { mode: 'enforce' },
    )
    bench.ask()
    assert.equal(bench.answers[0]?.end, 'destroyed')
    assert.deepEqual(bench.counts(), { unchecked: 1 })
  })

  it('are refused at once for what stands before their body', () => {
    for (const status of [418, 206]) {
      const bench = inspected(
        (exchange) => {
          const sink = exchange.stream(status, JSON_TYPE)
          assert.equal(sink.write(Buffer.from('{')), true)
          sink.onDrain(() => undefined)
          sink.end()
        },
        { mode: 'enforce' },
      )
      bench.ask()
      assert.equal(bench.answers[0]?.head.status, status === 418 ? 502 : 206)
      assert.equal(bench.answers.length, 1)
    }
  })
})
