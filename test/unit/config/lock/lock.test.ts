import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { lockPathOf, renderLock } from '../../../../src/config/index.ts'
import { readLock } from '../../../../src/config/lock/read-lock.ts'

const SHA256 = 'a'.repeat(64)
const read = (text: string) => readLock('barbacane.lock', Buffer.from(text))
const faultsOf = (text: string) => read(text).faults.map(({ message }) => message)
const lockOf = (url: string, pin: object) => JSON.stringify({ version: 1, documents: { [url]: pin } })

describe('the lock', () => {
  it('is called like the manifest', () => {
    assert.equal(lockPathOf('barbacane.yaml'), 'barbacane.lock')
    assert.equal(lockPathOf('gateways/shop.yml'), 'gateways/shop.lock')
    assert.equal(lockPathOf('shop'), 'shop.lock')
  })

  it('is read as it was written, in the order of the URLs', () => {
    const mediaType = fc.constantFrom(null, 'application/yaml', 'application/schema+json')
    const pin = fc.record(
      { sha256: fc.stringMatching(/^[0-9a-f]{64}$/), sizeBytes: fc.nat(), mediaType },
      { noNullPrototype: true },
    )
    const url = fc.webUrl({ withQueryParameters: true }).map((text) => new URL(text).href)
    fc.assert(
      fc.property(fc.array(fc.tuple(url, pin)), (entries) => {
        const documents = new Map(entries)
        const text = renderLock(documents)
        const { lock, document, faults } = read(text)
        assert.deepEqual([document.syntax, faults], [[], []])
        assert.deepEqual(lock.documents, documents)
        assert.equal(renderLock(lock.documents), text)
        const urls = [...lock.documents.keys()]
        assert.deepEqual(
          urls,
          urls.toSorted((a, b) => (a < b ? -1 : 1)),
        )
      }),
    )
  })

  it('is refused with every fault when it is another', () => {
    assert.deepEqual(faultsOf('[]'), ['The lock is a list, not an object'])
    assert.match(faultsOf('{ "version": 2, "documents": {} }').join(), /version of the lock is .*, not 1/)
    assert.match(faultsOf('{ "version": 1 }').join(), /`documents` is .*, not an object/)
    const pin = { sha256: SHA256, size: 1, media_type: null }
    const strangers = ['spec.yaml', 'file:///etc/passwd', 'https://a.example/x#y', 'https://u:p@a.example/x']
    for (const url of [...strangers, 'https://a.example/a/../b', 'HTTPS://a.example/'])
      assert.match(faultsOf(lockOf(url, pin)).join(), /no URL of a document in its normal form/, url)
    const url = 'https://a.example/x'
    assert.deepEqual(faultsOf(lockOf(url, pin)), [])
    const faults = faultsOf(lockOf(url, { sha256: SHA256.toUpperCase(), size: -1, media_type: 'x', more: 1 }))
    assert.equal(faults.length, 4, faults.join('\n'))
    assert.match(faults.join('\n'), /`more`[^]*`sha256` is[^]*`size` is[^]*`media_type` is/)
    assert.equal(read(lockOf(url, { ...pin, size: 0.5 })).lock.documents.size, 0)
    assert.deepEqual(faultsOf(lockOf(url, [])), ['The entry is a list, not an object'])
    assert.equal(read('{').document.syntax.length > 0, true)
  })
})
