import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createProxyTrust, Fields } from '../../../../src/runtime/http/index.ts'

const forwarded = (...values: readonly string[]) =>
  Fields.received(values.flatMap((value) => ['X-Forwarded-For', value]))

describe('trust in proxies', () => {
  const trust = createProxyTrust(['10.0.0.0/8', '192.0.2.1', 'fd00::/8'])

  it('is for addresses and networks', () => {
    for (const address of ['10.1.2.3', '192.0.2.1', 'fd00::1', '::ffff:10.0.0.1']) {
      assert.equal(trust.trusts(address), true, address)
    }
    for (const address of ['11.0.0.1', '192.0.2.2', 'fe00::1', '', 'unknown']) {
      assert.equal(trust.trusts(address), false, address)
    }
    assert.equal(createProxyTrust([]).trusts('127.0.0.1'), false)
  })

  it('finds the client behind proxies, and believes nobody else', () => {
    assert.equal(trust.clientOf('203.0.113.1', forwarded('198.51.100.9')), '203.0.113.1')
    assert.equal(trust.clientOf('10.0.0.1', forwarded('198.51.100.9')), '198.51.100.9')
    assert.equal(trust.clientOf('10.0.0.1', forwarded('6.6.6.6, 198.51.100.9, 10.0.0.2')), '198.51.100.9')
    assert.equal(trust.clientOf('10.0.0.1', forwarded('6.6.6.6', '198.51.100.9')), '198.51.100.9')
    assert.equal(trust.clientOf('10.0.0.1', forwarded('6.6.6.6, forged, 10.0.0.2')), '10.0.0.2')
    assert.equal(trust.clientOf('10.0.0.1', forwarded('10.0.0.3, 10.0.0.2')), '10.0.0.3')
    assert.equal(trust.clientOf('10.0.0.1', forwarded()), '10.0.0.1')
  })

  it('refuses what is neither', () => {
    for (const entry of ['', 'a', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', 'fd00::/129', '10.0.0.0/-1']) {
      assert.throws(() => createProxyTrust([entry]), RangeError, entry)
    }
  })
})
