import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createServerAddresses } from '../../../../../src/runtime/telemetry/tracing/server-address.ts'

describe('createServerAddresses', () => {
  it('names host, port and scheme of an origin, the port of the scheme where it has none', () => {
    const addressOf = createServerAddresses()
    assert.deepEqual(addressOf('https://books.example'), {
      'server.address': 'books.example',
      'server.port': 443,
      'url.scheme': 'https',
    })
    assert.deepEqual(addressOf('http://[::1]:8080'), {
      'server.address': '[::1]',
      'server.port': 8080,
      'url.scheme': 'http',
    })
    assert.equal(addressOf('http://a.example')['server.port'], 80)
  })

  it('makes them once, and does not keep those of every origin that there ever was', () => {
    const addressOf = createServerAddresses()
    const first = addressOf('http://a.example')
    assert.equal(addressOf('http://a.example'), first)
    for (let port = 1; port <= 1000; port += 1) addressOf(`http://a.example:${port}`)
    assert.notEqual(addressOf('http://a.example'), first)
    assert.deepEqual(addressOf('http://a.example'), first)
  })
})
