import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { lint } from '../../../../src/compiler/lint/index.ts'
import { documentSet } from '../../../support/documents.ts'

/** `line:col message` of each name that is refused. */
function refused(text: string, openapi = '3.1.0'): readonly string[] {
  const set = documentSet({ 'api.yaml': `openapi: ${openapi}\ninfo: { title: t, version: '1' }\n${text}` })
  return lint(set, { plugins: new Set(), allowPlaintext: false })
    .filter(({ rule }) => rule === 'field-name')
    .map(({ at, message }) => `${at.line}:${at.col} ${message}`)
}

describe('field-name', () => {
  it('looks at parameters, API keys, and at the headers of answers and of parts of bodies', () => {
    const text = `paths:
  /a:
    post:
      parameters:
        - { name: 'a b', in: header, schema: true }
        - { name: 'ä', in: cookie, schema: true }
        - { name: 'a=b', in: cookie, schema: true }
      requestBody:
        content:
          multipart/form-data:
            encoding: { file: { headers: { 'X:Y': { schema: true } } } }
      responses:
        '200': { description: d, headers: { '': { schema: true } } }
components:
  securitySchemes: { k: { type: apiKey, in: header, name: 'X Key' } }
`
    assert.deepEqual(refused(text), [
      '7:19 A header cannot be called "a b"',
      '8:19 A cookie cannot be called "ä"',
      '9:19 A cookie cannot be called "a=b"',
      '13:44 A header cannot be called "X:Y"',
      '15:45 A header cannot be called ""',
      '17:59 A header cannot be called "X Key"',
    ])
  })

  it('leaves to the structure of OpenAPI 3.2 what that refuses', () => {
    const text = `components:
  parameters:
    A: { name: a b, in: header, schema: true }
    B: { name: a b, in: cookie, schema: true }
  responses:
    R: { description: d, headers: { '': { schema: true } } }
`
    assert.deepEqual(refused(text, '3.2.0'), ['6:16 A cookie cannot be called "a b"'])
  })

  it('leaves all that a token may have, and the names of queries and components', () => {
    const text = `components:
  parameters:
    A: { name: "X-!#$%&'*+.^_\`|~1", in: header, schema: true }
    B: { name: 'a b', in: query, schema: true }
  responses:
    R: { description: d, headers: { ETag: { schema: true } } }
`
    assert.deepEqual(refused(text), [])
  })
})
