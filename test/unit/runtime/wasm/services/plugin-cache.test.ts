import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createPluginCache } from '../../../../../src/runtime/wasm/services/plugin-cache.ts'

describe('the cache of plugins', () => {
  it('gives what was kept until its time is over', () => {
    let nowMs = 1
    const cache = createPluginCache(() => nowMs)
    assert.ok(cache.set('a', '{"x":1}', 2))
    nowMs += 1999
    assert.equal(cache.get('a'), '{"x":1}')
    nowMs += 2
    assert.equal(cache.get('a'), undefined)
    assert.ok(!cache.set('a', '{}', 0))
  })

  it('keeps no more entries and bytes than it may, and no entry that is too large', () => {
    const cache = createPluginCache(() => 1, { maxEntries: 3, maxBytes: 8000 })
    for (const key of ['a', 'b', 'c', 'd']) assert.ok(cache.set(key, '1', 60))
    assert.equal(cache.get('a'), undefined)
    assert.equal(cache.get('d'), '1')
    assert.ok(!cache.set('large', 'x'.repeat(1000), 60))
    assert.equal(cache.get('large'), undefined)
  })
})
