import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { addressFault, guardedLookup } from '../../../../../src/runtime/http/upstream/address-guard.ts'
import { originFault } from '../../../../../src/runtime/http/index.ts'

describe('addresses of upstreams', () => {
  it('are never those of metadata services, links and reserved networks', () => {
    for (const address of [
      '169.254.169.254',
      '169.254.0.1',
      '0.0.0.0',
      '0.1.2.3',
      '224.0.0.1',
      '255.255.255.255',
      '100.100.100.200',
      '::',
      'fe80::1',
      'fe80::1%eth0',
      'ff02::1',
      'fd00:ec2::254',
      '::ffff:169.254.169.254',
    ]) {
      assert.match(addressFault(address, true) ?? '', /reserved or metadata/, address)
    }
  })

  it('are private ones where that is allowed', () => {
    for (const address of [
      '10.1.2.3',
      '127.0.0.1',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '100.64.0.1',
      '::1',
      'fd12::1',
      '::ffff:10.0.0.1',
    ]) {
      assert.match(addressFault(address, false) ?? '', /private/, address)
      assert.equal(addressFault(address, true), undefined, address)
    }
  })

  it('are public ones', () => {
    for (const address of ['8.8.8.8', '172.32.0.1', '2606:4700::1111', '11.0.0.1'])
      assert.equal(addressFault(address, false), undefined, address)
  })

  it('are looked at where an origin is one, and when a name is resolved', async () => {
    assert.match(originFault('http://169.254.169.254:80') ?? '', /metadata/)
    assert.equal(originFault('http://10.0.0.1'), undefined)
    assert.equal(originFault('https://api.example'), undefined)
    const resolve = (allowsPrivate: boolean) =>
      new Promise((done) => {
        guardedLookup(allowsPrivate)('localhost', { all: true }, (error, addresses) =>
          done(error ?? addresses),
        )
      })
    assert.equal(((await resolve(false)) as NodeJS.ErrnoException).code, 'BCN_ADDRESS')
    assert.ok(Array.isArray(await resolve(true)))
  })

  it('are refused where one of those that a name stands for is', async () => {
    const resolve = (allowsPrivate: boolean, ...addresses: readonly string[]) =>
      new Promise<unknown>((done) => {
        const lookup = guardedLookup(allowsPrivate, (_name, _options, found) =>
          found(
            null,
            addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
          ),
        )
        lookup('api.test', {}, (error, address) => done(error?.message ?? address))
      })
    assert.equal(await resolve(false, '8.8.8.8', '8.8.4.4'), '8.8.8.8')
    assert.match(String(await resolve(false, '8.8.8.8', '10.0.0.1')), /^api\.test: 10\.0\.0\.1 is a private/)
    assert.equal(await resolve(true, '10.0.0.1'), '10.0.0.1')
    assert.match(
      String(await resolve(true, '10.0.0.1', '169.254.169.254')),
      /169\.254\.169\.254 is a link-local/,
    )
    assert.match(String(await resolve(true)), /has no address/)
  })
})
