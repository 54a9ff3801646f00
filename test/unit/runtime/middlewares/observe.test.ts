import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { Delivery } from '../../../../src/runtime/middlewares/outbound.ts'
import { middlewareBench } from '../../../support/middleware-run.ts'

describe('observability', () => {
  it('logs what it is told to, with secrets masked', async () => {
    const bench = middlewareBench([
      ['observability', { detailed_request_logs: true, detailed_response_logs: true }],
    ])
    await bench.send({ headers: { authorization: 'Bearer secret', 'x-a': '1' } })
    const lines = await bench.logged()
    assert.deepEqual(
      lines.map(({ msg }) => msg),
      ['request details', 'response details'],
    )
    assert.ok(!JSON.stringify(lines).includes('secret'))
  })

  it('counts answers that take longer than their objective', async () => {
    const config = { latency_slo_ms: 100, emit_latency_histogram: true }
    const bench = middlewareBench([['observability', config]], {
      service: (exchange) => {
        bench.pass(exchange.request.path === '/slow' ? 101 : 100)
        exchange.send(200, [], null)
      },
    })
    await bench.send({ target: '/fast' })
    await bench.send({ target: '/slow' })
    const text = bench.metrics.registry.render()
    assert.match(text, /barbacane_latency_slo_violations_total\{method="GET",path=""\} 1/)
    assert.match(text, /barbacane_observed_latency_seconds_count\{method="GET",path=""\} 2/)
    assert.equal((await bench.logged()).filter(({ level }) => level === 'warn').length, 1)
  })
})

describe('http-log', () => {
  const config = { endpoint: 'https://logs.example/in', custom_fields: { team: 'shop' }, timeout_ms: 50 }

  it('sends a record after the answer', async () => {
    const sent: Delivery[] = []
    const deliver = async (delivery: Delivery) => sent.push(delivery) && 202
    const bench = middlewareBench([['http-log', { ...config, include_headers: true, include_body: true }]], {
      outbound: { deliver },
      service: (exchange) => exchange.readBody(() => exchange.send(201, [], null)),
    })
    await bench.send({
      method: 'POST',
      target: '/x?token=1',
      body: 'hello',
      headers: { cookie: 'secret', 'x-auth-consumer': 'ann' },
    })
    const [delivery] = sent
    const record = JSON.parse(delivery?.body ?? '') as Record<string, unknown>
    assert.deepEqual(
      [delivery?.method, delivery?.contentType, delivery?.timeoutMs],
      ['POST', 'application/json', 50],
    )
    assert.deepEqual(
      [
        record['team'],
        record['method'],
        record['path'],
        record['status'],
        record['consumer'],
        record['body'],
      ],
      ['shop', 'POST', '/x', 201, 'ann', 'hello'],
    )
    assert.ok(!(delivery?.body ?? '').includes('secret'))
  })

  it('counts records that are not taken, and never fails a request', async () => {
    for (const deliver of [async () => 500, async () => Promise.reject(new Error('down'))]) {
      const bench = middlewareBench([['http-log', config]], { outbound: { deliver } })
      assert.equal((await bench.send()).status, 200)
      await new Promise(setImmediate)
      assert.match(
        bench.metrics.registry.render(),
        /barbacane_http_log_dropped_total\{endpoint="https:\/\/logs\.example"\} 1/,
      )
    }
  })

  it('drops what does not find room, instead of growing', async () => {
    const deliver = () => new Promise<number>(() => undefined)
    const bench = middlewareBench([['http-log', config]], { outbound: { deliver } })
    for (let count = 0; count < 10_011; count += 1) await bench.send()
    assert.match(bench.metrics.registry.render(), /barbacane_http_log_dropped_total\{[^}]*\} 3/)
  })
})
