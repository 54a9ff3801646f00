import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { LentPieces } from '../../../../../src/runtime/http/server/lent-pieces.ts'

describe('pieces of bodies that are lent', () => {
  it('are copied, so that what they came in can be written over', () => {
    const pieces = new LentPieces()
    const input = Buffer.from('as it was')
    const copy = pieces.copy(input)
    input.fill('x')
    assert.equal(copy.toString(), 'as it was')
  })

  it('have memory of their own until they are written, and then leave it to others', () => {
    const [one, other] = [new LentPieces(), new LentPieces()]
    assert.equal(one.release(), undefined)
    const first = one.copy(Buffer.from('first'))
    const second = other.copy(Buffer.from('second'))
    assert.notEqual(first.buffer, second.buffer)
    const release = one.release()
    const third = one.copy(Buffer.from('third'))
    assert.notEqual(third.buffer, first.buffer, 'it is not written yet')
    release?.()
    assert.equal(other.copy(Buffer.from('fourth')).buffer, first.buffer)
    assert.deepEqual([second.toString(), third.toString()], ['second', 'third'])
  })

  it('may be longer than is ever read at once', () => {
    const pieces = new LentPieces()
    const long = Buffer.alloc(100_000, 'x')
    assert.ok(pieces.copy(long).equals(long))
    assert.equal(pieces.release(), undefined)
  })
})
