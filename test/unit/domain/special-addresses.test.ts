import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { isPrivate, isPublicAddress, isServiceless } from '../../../src/domain/index.ts'

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

describe('special addresses', () => {
  it('are those of metadata services, however they are written', () => {
    for (const address of [
      '169.254.169.254',
      '::ffff:169.254.169.254',
      '::ffff:a9fe:a9fe',
      'fd00:ec2::254',
    ]) {
      assert.equal(isServiceless(address), true, address)
    }
    assert.equal(isServiceless('192.0.2.1'), false)
  })

  it('are private ones, and no names', () => {
    for (const address of ['10.0.0.1', '::ffff:a00:1', 'fd00::1%eth0']) assert.equal(isPrivate(address), true)
    for (const address of ['8.8.8.8', 'localhost', '', '10.0.0.1%eth0'])
      assert.equal(isPrivate(address), false)
  })
})
