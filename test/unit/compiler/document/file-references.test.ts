import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { fileReferences, reachableFiles } from '../../../../src/compiler/document/index.ts'
import { documentSet } from '../../../support/documents.ts'

describe('fileReferences', () => {
  it('names files that are missing too, and nothing that is only data', () => {
    const set = documentSet({
      'a.yaml': `openapi: 3.1.0
paths:
  /a: { $ref: 'parts/one.yaml' }
  /b: { $ref: 'parts/lost.yaml#/x' }
  /c: { $ref: 'https://example.com/remote.yaml' }
components: { examples: { e: { value: { $ref: 'data.yaml' } } } }
`,
      'parts/one.yaml': "parameters: [{ $ref: 'two.yaml' }, { $ref: '#/own' }]\n",
      'parts/two.yaml': "schema: { $ref: 'one.yaml#/schema' }\n",
      'b.yaml': 'openapi: 3.1.0\n',
    })
    const references = fileReferences(set)
    assert.deepEqual([...reachableFiles(references, 'a.yaml')].toSorted(), [
      'a.yaml',
      'https://example.com/remote.yaml',
      'parts/lost.yaml',
      'parts/one.yaml',
      'parts/two.yaml',
    ])
    assert.deepEqual([...reachableFiles(references, 'parts/two.yaml')].toSorted(), [
      'parts/one.yaml',
      'parts/two.yaml',
    ])
    assert.deepEqual([...reachableFiles(references, 'b.yaml')], ['b.yaml'])
  })
})
