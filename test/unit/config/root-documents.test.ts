import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { isRootDocument } from '../../../src/config/root-documents.ts'

describe('a root document', () => {
  it('has a root key at the top level, whatever stands before it and however its lines end', () => {
    for (const text of [
      'openapi: 3.1.0\ninfo: {}\n',
      '\uFEFFopenapi: 3.1.0\n',
      '# a comment\n\n---\ninfo: {}\n"openapi" : 3.1.0\n',
      'info: {}\rasyncapi: 3.0.0\r',
      "%YAML 1.2\r\n---\r\n  info: {}\r\n  'swagger': '2.0'\r\n",
      '{ "info": {}, "openapi": "3.1.0" }',
      '# a comment\n{ info: {}, openapi: 3.1.0 }',
      'version https://git-lfs.github.com/spec/v1\n',
    ])
      assert.ok(isRootDocument(text), JSON.stringify(text))
  })

  it('is not what has the key elsewhere', () => {
    for (const text of [
      '',
      '# openapi: 3.1.0\n',
      'info:\n  openapi: 3.1.0\n',
      'openapi\n: 3.1.0\n',
      'text: openapi: 3.1.0\n',
      '{ "info": { "openapi": "3.1.0" } }',
      'xopenapi: 3.1.0\n',
    ])
      assert.ok(!isRootDocument(text), JSON.stringify(text))
  })
})
