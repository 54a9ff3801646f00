import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { atMost, mapAtMost } from '../../../src/domain/index.ts'

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

describe('mapAtMost', () => {
  it('gives results in the order of the items, begins no more at once, and the next when one is done', async () => {
    let running = 0
    let most = 0
    const begun: number[] = []
    const items = Array.from({ length: 50 }, (_, index) => index)
    const results = await mapAtMost(4, items, async (index) => {
      begun.push(index)
      running += 1
      most = Math.max(most, running)
      for (let turn = 0; turn < index % 5; turn++) await new Promise(setImmediate)
      running -= 1
      return index * 2
    })
    assert.equal(most, 4)
    assert.deepEqual(begun, items)
    assert.deepEqual(
      results,
      items.map((index) => index * 2),
    )
    assert.deepEqual(await mapAtMost(4, [], async () => assert.fail('there is nothing to do')), [])
  })

  it('fails with the first that fails', async () => {
    const run = async (item: string) => {
      if (item === 'b') throw new Error(item)
      return item
    }
    await assert.rejects(mapAtMost(2, ['a', 'b', 'c'], run), { message: 'b' })
  })
})
