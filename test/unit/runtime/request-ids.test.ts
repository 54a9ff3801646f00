import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createRequestIds } from '../../../src/runtime/request-ids.ts'

const UUID_8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('createRequestIds', () => {
  it('makes UUIDs that differ from each other', () => {
    const next = createRequestIds((size) => new Uint8Array(size).fill(0xff))
    const ids = Array.from({ length: 70_000 }, next)
    assert.ok(ids.every((id) => UUID_8.test(id)))
    assert.equal(new Set(ids).size, ids.length)
  })

  it('asks for chance again once it has counted to the end', () => {
    let asked = 0
    const next = createRequestIds((size) => new Uint8Array(size).fill(asked++))
    const first = next()
    for (let count = 1; count < 2 ** 24; count += 1) next()
    assert.equal(asked, 1)
    const second = next()
    assert.equal(asked, 2)
    assert.notEqual(second.slice(0, 30), first.slice(0, 30))
    assert.equal(second.slice(30), first.slice(30))
  })
})
