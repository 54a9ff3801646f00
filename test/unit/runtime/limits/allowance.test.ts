import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createAllowance } from '../../../../src/runtime/limits/index.ts'

describe('createAllowance', () => {
  it('lets twice the rate through after a rest, then the rate', () => {
    let nowMs = 0
    const mayGo = createAllowance(10, () => nowMs)
    const passed = (calls: number) => Array.from({ length: calls }, mayGo).filter(Boolean).length
    assert.equal(passed(100), 20)
    nowMs = 500
    assert.equal(passed(100), 5)
    nowMs = 1_000_000
    assert.equal(passed(100), 20)
  })
})
