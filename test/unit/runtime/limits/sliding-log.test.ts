import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { SlidingLog } from '../../../../src/runtime/limits/index.ts'

describe('SlidingLog', () => {
  it('takes a quota of requests in a window, and more as they leave it', () => {
    const log = new SlidingLog()
    const take = (nowMs: number) => log.take('a', 2, 1000, nowMs)
    assert.deepEqual(take(0), { allowed: true, limit: 2, remaining: 1, resetMs: 1000 })
    assert.deepEqual(take(400), { allowed: true, limit: 2, remaining: 0, resetMs: 1000 })
    assert.deepEqual(take(999), { allowed: false, limit: 2, remaining: 0, resetMs: 1000 })
    assert.deepEqual(take(1000), { allowed: true, limit: 2, remaining: 0, resetMs: 1400 })
    assert.equal(take(1399).allowed, false)
    assert.equal(take(1400).allowed, true)
  })

  it('counts each key by itself', () => {
    const log = new SlidingLog()
    assert.ok(log.take('a', 1, 1000, 0).allowed)
    assert.ok(log.take('b', 1, 1000, 0).allowed)
    assert.ok(!log.take('a', 1, 1000, 1).allowed)
  })

  it('never lets more than the quota into any window, and refuses nothing else', () => {
    const requests = fc.array(fc.tuple(fc.nat(60), fc.nat(15).map(String)), {
      minLength: 100,
      maxLength: 400,
    })
    fc.assert(
      fc.property(requests, fc.integer({ min: 1, max: 4 }), (gaps, quota) => {
        const log = new SlidingLog()
        const admitted = new Map<string, number[]>()
        let nowMs = 0
        for (const [gap, key] of gaps) {
          nowMs += gap
          const times = admitted.get(key) ?? []
          admitted.set(key, times)
          const recent = times.filter((time) => time > nowMs - 500)
          const { allowed, remaining } = log.take(key, quota, 500, nowMs)
          assert.equal(allowed, recent.length < quota)
          if (allowed) times.push(nowMs)
          assert.equal(remaining, quota - recent.length - (allowed ? 1 : 0))
        }
      }),
    )
  })

  it('lets go of what is over, whatever is asked for between', () => {
    const log = new SlidingLog()
    let most = 0
    for (let turn = 0; turn < 20_000; turn += 1) {
      log.take(`new ${turn}`, 5, 100, turn)
      // These are never over, and are asked for all the time.
      for (const long of ['a', 'b', 'c', 'd']) log.take(long, 5, 1e9, turn)
      most = Math.max(most, log.keyCount)
    }
    // There are always 100 whose window is not over.
    assert.ok(most < 500, `${most} keys`)
    assert.ok(!log.take('a', 5, 1e9, 20_000).allowed)
    assert.deepEqual(log.take('new 19999', 5, 100, 20_000).remaining, 3)
  })

  it('keeps no more keys and requests than it may', () => {
    const log = new SlidingLog({ maxKeys: 3, maxRequests: 10 })
    for (const key of ['a', 'b', 'c']) log.take(key, 1, 1000, 0)
    log.take('a', 1, 1000, 1)
    log.take('d', 1, 1000, 2)
    assert.equal(log.keyCount, 3)
    assert.ok(!log.take('a', 1, 1000, 3).allowed, 'the one that was asked for is kept')
    assert.ok(log.take('b', 1, 1000, 3).allowed, 'the one that was not is gone')
    for (let index = 0; index < 9; index += 1) log.take('many', 100, 1000, 4)
    assert.ok(log.keyCount < 3)
  })
})
