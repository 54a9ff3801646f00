import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { TargetHealth } from '../../../../../src/runtime/dispatchers/targets/target-health.ts'

const checks = { healthyThreshold: 2, unhealthyThreshold: 3 }
const ejection = { consecutiveFailures: 3, statuses: new Set([503]), baseMs: 1000, maxMs: 3000 }

describe('the health of a target', () => {
  it('goes down after failed checks in a row, and comes back after good ones', () => {
    const health = new TargetHealth(checks, undefined)
    for (const [isHealthy, changes, state] of [
      [false, false, 'up'],
      [false, false, 'up'],
      [true, false, 'up'],
      [false, false, 'up'],
      [false, false, 'up'],
      [false, true, 'down'],
      [false, false, 'down'],
      [true, false, 'down'],
      [false, false, 'down'],
      [true, false, 'down'],
      [true, true, 'up'],
      [true, false, 'up'],
    ] as const) {
      assert.equal(health.checked(isHealthy), changes)
      assert.equal(health.stateAt(0), state)
    }
  })

  it('says nothing of when it is back while checks decide that', () => {
    const health = new TargetHealth({ healthyThreshold: 1, unhealthyThreshold: 1 }, ejection)
    assert.equal(health.waitMs(0), 0)
    health.checked(false)
    assert.equal(health.waitMs(0), undefined)
  })

  it('ejects after failures in a row, for twice as long after each that follows', () => {
    const health = new TargetHealth(undefined, ejection)
    assert.equal(health.settled(true, 0), false)
    assert.equal(health.settled(false, 0), false)
    assert.deepEqual(
      [true, true, true].map((failed) => health.settled(failed, 0)),
      [false, false, true],
    )
    assert.deepEqual([health.stateAt(999), health.stateAt(1000)], ['ejected', 'up'])
    assert.equal(health.waitMs(400), 600)
    // What was under way when it was ejected changes nothing.
    assert.equal(health.settled(true, 500), false)
    assert.equal(health.settled(false, 500), false)
    assert.equal(health.settled(true, 1000), true)
    assert.equal(health.waitMs(1000), 2000)
    assert.equal(health.settled(true, 3000), true)
    assert.equal(health.waitMs(3000), 3000)
    assert.equal(health.settled(false, 6000), false)
    assert.equal(health.settled(true, 6000), false)
    assert.equal(health.stateAt(6000), 'up')
  })

  it('is left as it is by requests where there is no rule for them, and by checks where there are none', () => {
    const health = new TargetHealth(undefined, undefined)
    for (let count = 0; count < 100; count += 1) {
      assert.equal(health.settled(true, 0), false)
      assert.equal(health.checked(false), false)
    }
    assert.equal(health.stateAt(0), 'up')
  })

  it('is never ejected for longer than its limit, and always comes back', () => {
    const step = fc.record({ failed: fc.boolean(), afterMs: fc.integer({ min: 0, max: 2000 }) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const health = new TargetHealth(undefined, ejection)
        let nowMs = 0
        for (const { failed, afterMs } of steps) {
          nowMs += afterMs
          health.settled(failed, nowMs)
          const waitMs = health.waitMs(nowMs) as number
          assert.ok(waitMs <= ejection.maxMs)
          assert.equal(health.stateAt(nowMs + waitMs), 'up')
          assert.equal(health.stateAt(nowMs) === 'ejected', waitMs > 0)
        }
      }),
    )
  })
})
