import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { uuidV7 } from '../../../../../src/runtime/wasm/services/uuid-v7.ts'

describe('uuidV7', () => {
  it('gives the example of RFC 9562, appendix A.6', () => {
    const random = Buffer.from('0cc318c4dc0c0c07398f', 'hex')
    assert.equal(uuidV7(1_645_557_742_000, random), '017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
  })

  it('sorts by time', () => {
    const random = Buffer.alloc(10, 0xff)
    assert.ok(uuidV7(1, random) < uuidV7(2, Buffer.alloc(10)))
  })
})
