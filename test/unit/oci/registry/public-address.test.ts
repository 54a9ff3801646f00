import assert from 'node:assert/strict'
import type { lookup } from 'node:dns'
import { describe, it } from 'node:test'

import { publicLookup } from '../../../../src/oci/index.ts'
import { isPublicAddress } from '../../../../src/oci/registry/public-address.ts'

describe('isPublicAddress', () => {
  it('is true of what can be reached from everywhere', () => {
    for (const address of ['1.1.1.1', '9.255.255.255', '172.15.0.1', '172.32.0.1', '2606:4700::1111'])
      assert.equal(isPublicAddress(address), true, address)
  })

  it('is false of everything else, however it is written', () => {
    const inner =
      '0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 169.254.169.254 172.16.0.1 192.168.1.1 224.0.0.1 255.255.255.255 ' +
      ':: ::1 fe80::1%eth0 fc00::1 fd00:ec2::254 ff02::1 2001:db8::1 localhost 2130706433 ' +
      // Addresses of IPv4 in those of IPv6: mapped, translated, 6to4, Teredo.
      '::ffff:127.0.0.1 ::ffff:1.1.1.1 64:ff9b::7f00:1 2002:7f00:1:: 2001::1'
    for (const address of inner.split(' ')) assert.equal(isPublicAddress(address), false, address)
  })
})

describe('publicLookup', () => {
  type Answer = (error: Error | null, addresses: readonly { address: string; family: number }[]) => void
  const resolving = (...addresses: readonly string[]) =>
    ((_name: string, _options: object, answer: Answer) =>
      answer(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      )) as unknown as typeof lookup
  const look = (insecureHosts: readonly string[], addresses: readonly string[], all = false) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    publicLookup(new Set(insecureHosts), resolving(...addresses))('name.example', { all }, (error, found) =>
      error === null ? resolve(found) : reject(error),
    )
    return promise
  }

  it('gives public addresses, one or all', async () => {
    assert.equal(await look([], ['1.1.1.1', '8.8.8.8']), '1.1.1.1')
    assert.deepEqual(await look([], ['1.1.1.1'], true), [{ address: '1.1.1.1', family: 4 }])
  })

  it('refuses a name with one address that is not public, unless its host is named', async () => {
    await assert.rejects(look([], ['1.1.1.1', '10.0.0.1']), /its address 10\.0\.0\.1 is not a public one/)
    await assert.rejects(look(['other.example'], ['127.0.0.1'], true), /not a public one/)
    assert.equal(await look(['name.example:8443'], ['10.0.0.1']), '10.0.0.1')
  })
})
