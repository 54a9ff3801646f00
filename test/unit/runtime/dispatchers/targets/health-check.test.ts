import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import { HealthCheck } from '../../../../../src/runtime/dispatchers/targets/health-check.ts'
import { TargetHealth } from '../../../../../src/runtime/dispatchers/targets/target-health.ts'
import { fakeUpstream } from '../../../../support/fake-upstream.ts'

function checking(context: TestContext, random = 0.5) {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const upstream = fakeUpstream('https://a.test')
  const health = new TargetHealth({ healthyThreshold: 1, unhealthyThreshold: 2 }, undefined)
  const logged: string[] = []
  const log = { log: (level: string, message: string) => void logged.push(`${level} ${message}`) } as never
  const check = new HealthCheck(
    { index: 0, upstream, basePath: '/base', weight: 1, health, underWay: 0 },
    { path: '/health', intervalMs: 1000, timeoutMs: 500, jitter: 0.1, statuses: new Set([200]) },
    { log, random: () => random },
  )
  return { check, upstream, health, logged, tick: (ms: number) => context.mock.timers.tick(ms) }
}

describe('health checks', () => {
  it('ask at once and then once an interval, and tell of changes', (context) => {
    const { check, upstream, health, logged, tick } = checking(context)
    check.start()
    assert.deepEqual(
      upstream.calls.map(({ request }) => [request.method, request.target, request.timeoutMs]),
      [['GET', '/base/health', 500]],
    )
    upstream.calls[0]?.answer(200)
    tick(999)
    assert.equal(upstream.calls.length, 1)
    tick(1)
    upstream.calls[1]?.answer(500)
    tick(1000)
    upstream.calls[2]?.fail('timeout')
    assert.equal(health.stateAt(0), 'down')
    tick(1000)
    upstream.calls[3]?.answer(200)
    assert.equal(health.stateAt(0), 'up')
    assert.deepEqual(logged, ['warn a target is left alone', 'info a target is back'])
    assert.deepEqual(upstream.told, ['healthy', 'unhealthy', 'unhealthy', 'healthy'])
  })

  it('never ask again before there was an answer', (context) => {
    const { check, upstream, tick } = checking(context)
    check.start()
    tick(100_000)
    assert.equal(upstream.calls.length, 1)
  })

  it('vary by their jitter', (context) => {
    for (const [random, ms] of [
      [0, 900],
      [1, 1100],
    ] as const) {
      context.mock.timers.reset()
      const { check, upstream, tick } = checking(context, random)
      check.start()
      upstream.calls[0]?.answer(200)
      tick(ms - 1)
      assert.equal(upstream.calls.length, 1)
      tick(1)
      assert.equal(upstream.calls.length, 2)
    }
  })

  it('end with the gateway, and give up the one that is under way', (context) => {
    const { check, upstream, tick } = checking(context)
    check.start()
    upstream.calls[0]?.answer(200)
    tick(1000)
    check.stop()
    assert.equal(upstream.calls[1]?.isAborted, true)
    tick(100_000)
    assert.equal(upstream.calls.length, 2)
  })
})
