import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { createLogRing, SharedWindows, SlidingLog } from '../../../../src/runtime/limits/index.ts'

const SEGMENT_BYTES = 1000

function scene(segmentBytes = SEGMENT_BYTES) {
  const ring = createLogRing(tmpdir(), segmentBytes)
  let missed = 0
  const join = (writer: number, clockOffsetMs = 0) =>
    new SharedWindows({ files: ring.files, writer, clockOffsetMs, onMissed: () => (missed += 1) })
  return { ring, join, missed: () => missed, [Symbol.dispose]: () => ring.close() }
}

describe('windows that processes share', () => {
  it('are those of one process, whoever asks and whenever a segment ends', () => {
    const step = fc.record({
      writer: fc.nat(2),
      key: fc.constantFrom('a', 'b', 'ключ'),
      quota: fc.integer({ min: 1, max: 4 }),
      passedMs: fc.nat(40),
      turns: fc.boolean(),
      follows: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        using shared = scene(200)
        const [alone, joined] = [new SlidingLog(), [0, 1, 2].map((writer) => shared.join(writer))]
        let nowMs = 0
        for (const { writer, key, quota, passedMs, turns, follows } of steps) {
          nowMs += passedMs
          const name = `${key} ${quota}`
          const found = joined[writer]?.take(name, quota, 100, nowMs)
          assert.deepEqual(found, alone.take(name, quota, 100, nowMs))
          if (turns) shared.ring.turn()
          // Each looks every now and then, as a timer has it do.
          for (const one of joined) if (follows || turns) one.follow(nowMs)
        }
        assert.equal(shared.missed(), 0)
      }),
      { numRuns: 100 },
    )
  })

  it('take what is written behind the end of a segment into the next, once', () => {
    using shared = scene(0)
    const [one, two] = [shared.join(1), shared.join(2)]
    assert.equal(one.take('k', 3, 1000, 0).remaining, 2)
    // One and two still write to the segment that ends here.
    shared.ring.turn()
    assert.equal(one.take('k', 3, 1000, 1).remaining, 1)
    assert.equal(two.take('k', 3, 1000, 2).remaining, 0)
    assert.equal(two.take('k', 3, 1000, 3).allowed, false)
    assert.equal(one.take('k', 3, 1000, 4).allowed, false)
    assert.equal(shared.missed(), 0)
  })

  it('are known to who joins later, and to who comes with another clock', () => {
    using shared = scene()
    const first = shared.join(1)
    for (let time = 0; time < 5; time += 1) first.take('k', 6, 1000, time)
    const second = shared.join(2, -100)
    const state = second.take('k', 6, 1000, 105)
    assert.deepEqual(state, { allowed: true, limit: 6, remaining: 0, resetMs: 1100 })
    assert.equal(first.take('k', 6, 1000, 6).allowed, false)
  })

  it('begin anew for who has missed segments, with what is still there', () => {
    using shared = scene(0)
    const [busy, asleep] = [shared.join(1), shared.join(2)]
    asleep.take('old', 9, 1e9, 0)
    for (let time = 1; time <= 5; time += 1) {
      busy.take('k', 9, 1e9, time)
      shared.ring.turn()
    }
    const before = shared.missed()
    assert.equal(asleep.take('k', 9, 1e9, 10_000).allowed, true)
    assert.equal(shared.missed() - before, 1)
    assert.equal(busy.take('k', 9, 1e9, 10_001).remaining, 9 - 7)
  })

  it('tell long keys apart', () => {
    using shared = scene()
    const [one, two] = [shared.join(1), shared.join(2)]
    const long = 'k'.repeat(500)
    assert.equal(one.take(`${long}a`, 1, 1000, 0).allowed, true)
    assert.equal(two.take(`${long}b`, 1, 1000, 0).allowed, true)
    assert.equal(two.take(`${long}a`, 1, 1000, 0).allowed, false)
  })

  it('leave no file behind', () => {
    const parent = mkdtempSync(`${tmpdir()}/ring-`)
    createLogRing(parent).close()
    assert.deepEqual(readdirSync(parent), [])
    rmSync(parent, { recursive: true })
    assert.throws(() => createLogRing('/nonexistent'), /ENOENT/)
  })
})
