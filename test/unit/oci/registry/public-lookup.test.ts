import assert from 'node:assert/strict'
import type { lookup } from 'node:dns'
import { describe, it } from 'node:test'

import { publicLookup } from '../../../../src/oci/index.ts'

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
