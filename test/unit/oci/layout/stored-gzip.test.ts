import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gunzipSync } from 'node:zlib'

import fc from 'fast-check'

import { storedGzip } from '../../../../src/oci/layout/stored-gzip.ts'
import { sha256Hex } from '../../../../src/domain/index.ts'

describe('stored gzip', () => {
  it('is undone by gunzip, at every boundary of a block', () => {
    for (const size of [0, 1, 65_534, 65_535, 65_536, 131_070, 131_071, 400_000]) {
      const data = Buffer.alloc(size, 'barbacane')
      const packed = storedGzip(data)
      assert.ok(gunzipSync(packed).equals(data), `${size} bytes`)
      assert.equal(packed.byteLength, size + 18 + 5 * Math.max(1, Math.ceil(size / 65_535)))
    }
  })

  it('is undone by gunzip for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (data) => {
        assert.deepEqual(Buffer.from(gunzipSync(storedGzip(data))), Buffer.from(data))
      }),
    )
  })

  it('has these bytes and no others', () => {
    assert.equal(
      storedGzip(Buffer.from('abc')).toString('hex'),
      '1f8b08000000000000ff010300fcff616263c241243503000000',
    )
    assert.equal(
      sha256Hex(storedGzip(Buffer.alloc(100_000, 1))),
      sha256Hex(storedGzip(new Uint8Array(100_000).fill(1))),
    )
  })
})
