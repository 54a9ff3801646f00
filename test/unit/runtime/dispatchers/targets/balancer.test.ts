import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { byHash, leastRequests, roundRobin } from '../../../../../src/runtime/dispatchers/targets/balancer.ts'
import { createHashRing, keyReader } from '../../../../../src/runtime/dispatchers/targets/hash-ring.ts'
import { TargetHealth } from '../../../../../src/runtime/dispatchers/targets/target-health.ts'
import type { Target } from '../../../../../src/runtime/dispatchers/targets/target.ts'
import type { Exchange } from '../../../../../src/runtime/pipeline/index.ts'
import { fakeUpstream } from '../../../../support/fake-upstream.ts'
import { sampleExchange } from '../../../../support/middleware-run.ts'

const ANY = {} as Exchange
const down = { healthyThreshold: 1, unhealthyThreshold: 1 }

function targetsOf(weights: readonly number[]): readonly Target[] {
  return weights.map((weight, index) => ({
    index,
    weight,
    basePath: '',
    upstream: fakeUpstream(`https://target-${index}.test`),
    health: new TargetHealth(down, undefined),
    underWay: 0,
  }))
}

const weightsArbitrary = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 })

const exchangeOf = (headers: Readonly<Record<string, string>>, remoteAddress = '192.0.2.1') =>
  sampleExchange({ headers, remoteAddress }, { maxBodyBytes: 1, answered: () => {}, failed: assert.fail })

describe('round robin', () => {
  it('gives every target exactly its share in every round, whatever the weights', () => {
    fc.assert(
      fc.property(weightsArbitrary, fc.integer({ min: 1, max: 5 }), (weights, rounds) => {
        const targets = targetsOf(weights)
        const choose = roundRobin(targets)
        const counts = weights.map(() => 0)
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        for (let count = 0; count < total * rounds; count += 1) {
          const { index } = choose(ANY, 0, 0) as Target
          counts[index] = (counts[index] as number) + 1
        }
        assert.deepEqual(
          counts,
          weights.map((weight) => weight * rounds),
        )
      }),
    )
  })

  it('does not give a heavy target all of its share at once', () => {
    const choose = roundRobin(targetsOf([4, 1, 1]))
    const order = Array.from({ length: 6 }, () => choose(ANY, 0, 0)?.index)
    assert.deepEqual(order, [0, 0, 1, 0, 2, 0])
  })

  it('leaves out targets that are down and those that were tried', () => {
    const targets = targetsOf([1, 1, 1])
    targets[1]?.health.checked(false)
    const choose = roundRobin(targets)
    const order = Array.from({ length: 4 }, () => choose(ANY, 0, 0)?.index)
    assert.deepEqual(order, [0, 2, 0, 2])
    assert.equal(choose(ANY, 0, 0b001)?.index, 2)
    assert.equal(choose(ANY, 0, 0b101), undefined)
  })
})

describe('least requests', () => {
  it('never lets one target have more for its weight than another would have with the request', () => {
    const step = fc.record({ ends: fc.boolean(), which: fc.nat({ max: 1000 }) })
    fc.assert(
      fc.property(weightsArbitrary, fc.array(step, { maxLength: 200 }), (weights, steps) => {
        const targets = targetsOf(weights)
        const choose = leastRequests(targets)
        for (const { ends, which } of steps) {
          const busy = targets.filter(({ underWay }) => underWay > 0)
          const ending = busy[which % Math.max(1, busy.length)]
          if (ends && ending !== undefined) ending.underWay -= 1
          const chosen = choose(ANY, 0, 0) as Target
          const load = (target: Target) => (target.underWay + 1) / target.weight
          for (const other of targets) assert.ok(load(chosen) <= load(other))
          chosen.underWay += 1
        }
      }),
    )
  })

  it('takes turns where nothing is under way', () => {
    const choose = leastRequests(targetsOf([1, 1, 1]))
    assert.deepEqual(
      Array.from({ length: 6 }, () => choose(ANY, 0, 0)?.index),
      [0, 1, 2, 0, 1, 2],
    )
  })
})

describe('consistent hashing', () => {
  const keys = Array.from({ length: 20_000 }, (_, number) => `user-${number}`)

  it('gives every target about its share', () => {
    const ring = createHashRing([1, 2, 1].map((weight, index) => ({ name: `https://${index}`, weight })))
    const counts = [0, 0, 0]
    for (const key of keys) {
      const index = ring(key, () => true) as number
      counts[index] = (counts[index] as number) + 1
    }
    for (const [index, share] of [0.25, 0.5, 0.25].entries()) {
      const found = (counts[index] as number) / keys.length
      assert.ok(Math.abs(found - share) < 0.06, `target ${index} has ${found} instead of ${share}`)
    }
  })

  it('moves the keys of a target that is down, and no others', () => {
    const targets = targetsOf([1, 1, 1, 1])
    const choose = byHash(targets, keyReader('header:x-user'))
    const exchanges = keys.slice(0, 500).map((key) => exchangeOf({ 'x-user': key }))
    const before = exchanges.map((exchange) => choose(exchange, 0, 0)?.index)
    assert.deepEqual(new Set(before), new Set([0, 1, 2, 3]))
    targets[2]?.health.checked(false)
    for (const [at, exchange] of exchanges.entries()) {
      const now = choose(exchange, 0, 0)?.index
      if (before[at] === 2) assert.notEqual(now, 2)
      else assert.equal(now, before[at])
    }
    for (const target of targets) target.health.checked(false)
    assert.equal(choose(exchanges[0] as Exchange, 0, 0), undefined)
  })

  it('does not depend on the order of the targets', () => {
    const names = ['https://a', 'https://b', 'https://c']
    const members = names.map((name) => ({ name, weight: 1 }))
    const [there, back] = [createHashRing(members), createHashRing(members.toReversed())]
    for (const key of keys.slice(0, 1000)) {
      assert.equal(names[there(key, () => true) as number], names[2 - (back(key, () => true) as number)])
    }
  })

  it('reads its key from a field, a cookie or the address of the client', () => {
    const headers = { 'x-user': 'ann', cookie: 'other=1; session=s1' }
    for (const [option, key] of [
      ['client_ip', '192.0.2.1'],
      ['header:X-User', 'ann'],
      ['header:x-none', '192.0.2.1'],
      ['cookie:session', 's1'],
      ['cookie:none', '192.0.2.1'],
    ] as const) {
      assert.equal(keyReader(option)(exchangeOf(headers)), key, option)
    }
  })
})
