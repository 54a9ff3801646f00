import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { remoteDocumentPath, sha256Hex } from '../../../src/domain/index.ts'

describe('remoteDocumentPath', () => {
  it('follows from the URL, is no path that leads elsewhere, and fits into a tar header', () => {
    const names = {
      'https://a.example/schemas/common.yaml': 'common.yaml',
      'https://a.example/schemas/': 'document',
      'https://a.example/x/..%2f..%2fetc': '..-2f..-2fetc',
      'https://a.example/x?y=../z': 'x',
      [`https://a.example/${'n'.repeat(200)}.json`]: `${'n'.repeat(59)}.json`,
    }
    for (const [url, name] of Object.entries(names))
      assert.equal(remoteDocumentPath(url), `.barbacane/remote/${sha256Hex(url)}/${name}`)
  })

  it('differs where letter case alone differs', () => {
    const [a, b] = ['https://a.example/A', 'https://a.example/a'].map(remoteDocumentPath)
    assert.notEqual(a?.toLowerCase(), b?.toLowerCase())
  })
})
