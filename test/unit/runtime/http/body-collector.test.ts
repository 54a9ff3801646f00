import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { BodyCollector } from '../../../../src/runtime/http/server/body-collector.ts'

describe('BodyCollector', () => {
  it('puts pieces of any sizes together', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 5000 }), { maxLength: 30 }), (pieces) => {
        const collector = new BodyCollector()
        for (const piece of pieces) collector.add(Buffer.from(piece))
        assert.deepEqual(collector.whole(), Buffer.concat(pieces))
      }),
    )
  })

  it('keeps one piece as it is, and never writes into it', () => {
    const piece = Buffer.from('ab')
    const collector = new BodyCollector()
    collector.add(piece)
    assert.equal(collector.whole().buffer, piece.buffer)
    collector.add(Buffer.from('c'))
    assert.equal(String(collector.whole()), 'abc')
    assert.equal(String(piece), 'ab')
  })

  it('takes no more than twice the body', () => {
    const collector = new BodyCollector()
    for (let size = 0; size < 100_000; size += 1) collector.add(Buffer.from('x'))
    assert.equal(collector.whole().byteLength, 100_000)
    assert.ok(collector.whole().buffer.byteLength <= 200_000)
  })
})
