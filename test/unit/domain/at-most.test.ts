import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { atMost } from '../../../src/domain/index.ts'

describe('atMost', () => {
  it('runs no more calls at once, all of them, in order, failures included', async () => {
    let running = 0
    let most = 0
    const begun: number[] = []
    const call = atMost(3, async (index: number) => {
      begun.push(index)
      running += 1
      most = Math.max(most, running)
      await new Promise(setImmediate)
      running -= 1
      if (index % 4 === 0) throw new Error(`failed ${index}`)
      return index
    })
    const indexes = Array.from({ length: 20 }, (_, index) => index)
    const results = await Promise.allSettled(indexes.map((index) => call(index)))
    assert.equal(most, 3)
    assert.deepEqual(begun, indexes)
    assert.equal(results.filter(({ status }) => status === 'rejected').length, 5)
    assert.equal(await call(1), 1)
  })
})
