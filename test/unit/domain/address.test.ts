import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { createAddressSet, parseAddress, plainAddress } from '../../../src/domain/index.ts'

describe('addresses', () => {
  it('are read in one form', () => {
    for (const [text, form, family, isMapped] of [
      ['192.0.2.1', '192.0.2.1', 'ipv4', false],
      ['2001:DB8::1', '2001:DB8::1', 'ipv6', false],
      ['fe80::1%eth0', 'fe80::1', 'ipv6', false],
      ['::ffff:192.0.2.1', '192.0.2.1', 'ipv4', true],
      ['::FFFF:c000:201', '192.0.2.1', 'ipv4', true],
      ['0:0:0:0:0:ffff:c000:0201', '192.0.2.1', 'ipv4', true],
      ['0000::ffff:192.0.2.1', '192.0.2.1', 'ipv4', true],
      ['::ffff:192.0.2.1%eth0', '192.0.2.1', 'ipv4', true],
      ['::ffff:0:192.0.2.1', '::ffff:0:192.0.2.1', 'ipv6', false],
      ['1::ffff:c000:201', '1::ffff:c000:201', 'ipv6', false],
      ['::192.0.2.1', '::192.0.2.1', 'ipv6', false],
    ] as const) {
      assert.deepEqual(parseAddress(text), { text: form, family, isMapped }, text)
    }
    for (const text of ['', 'a', '192.0.2', '192.0.2.1%eth0', '192.0.2.256', '[::1]', '1.2.3.4/8', ' ::1']) {
      assert.equal(parseAddress(text), undefined, text)
    }
  })

  it('are of IPv4 where they came as IPv6, and otherwise as they were', () => {
    assert.equal(plainAddress('::ffff:192.0.2.1'), '192.0.2.1')
    for (const text of ['192.0.2.1', 'fe80::1%eth0', '2001:db8::1', 'unknown', '']) {
      assert.equal(plainAddress(text), text)
    }
  })

  const ipv4 = fc.integer({ min: 0, max: 2 ** 32 - 1 })
  const written = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.')

  it('belong to a network by their first bits, however they are written', () => {
    fc.assert(
      fc.property(ipv4, ipv4, fc.integer({ min: 0, max: 32 }), (network, other, bits) => {
        const set = createAddressSet([`${written(network)}/${bits}`])
        const shares = bits === 0 || network >>> (32 - bits) === other >>> (32 - bits)
        const text = written(other)
        const hex = [other >>> 16, other & 0xffff].map((part) => part.toString(16)).join(':')
        for (const form of [text, `::ffff:${text}`, `::ffff:${hex}`])
          assert.equal(set.has(form), shares, form)
        // The same network, written as one of IPv6.
        assert.equal(createAddressSet([`::ffff:${written(network)}/${96 + bits}`]).has(text), shares)
      }),
    )
  })

  it('of IPv6, too', () => {
    const group = fc.integer({ min: 0, max: 0xffff })
    const groups = fc.array(group, { minLength: 8, maxLength: 8 })
    const text = (parts: readonly number[]) => parts.map((part) => part.toString(16)).join(':')
    const number = (parts: readonly number[]) => parts.reduce((sum, part) => (sum << 16n) | BigInt(part), 0n)
    fc.assert(
      fc.property(groups, groups, fc.integer({ min: 0, max: 128 }), (network, other, bits) => {
        fc.pre(number(other) >> 32n !== 0xffffn && number(network) >> 32n !== 0xffffn)
        const shift = BigInt(128 - bits)
        const shares = number(network) >> shift === number(other) >> shift
        assert.equal(createAddressSet([`${text(network)}/${bits}`]).has(text(other)), shares)
      }),
    )
  })

  it('are all in a set, or none', () => {
    const set = createAddressSet(['10.0.0.0/8', '192.0.2.1', 'fd00::/8', 'fe80::/10'])
    for (const address of ['10.1.2.3', '192.0.2.1', 'fd00::1', '::ffff:10.0.0.1', 'fe80::1%eth0']) {
      assert.equal(set.has(address), true, address)
      assert.equal(set.has(address), true, address)
    }
    for (const address of ['11.0.0.1', '192.0.2.2', 'fe00::1', '', 'unknown'])
      assert.equal(set.has(address), false)
    assert.equal(createAddressSet([]).has('127.0.0.1'), false)
  })

  it('refuse what is neither an address nor a network', () => {
    for (const entry of [
      '',
      'a',
      '10.0.0.0/33',
      '10.0.0.0/',
      '10.0.0.0/8/8',
      'fd00::/129',
      '10.0.0.0/-1',
      'fe80::1%eth0/64',
      '::ffff:10.0.0.0/8',
    ]) {
      assert.throws(
        () => createAddressSet([entry]),
        { name: 'RangeError', message: /is neither an address/ },
        entry,
      )
    }
  })
})
