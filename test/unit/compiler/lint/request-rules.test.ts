import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { lint } from '../../../../src/compiler/lint/index.ts'
import { documentSet } from '../../../support/documents.ts'

const head = "openapi: 3.1.0\ninfo: { title: t, version: '1' }\n"

/** `file:line` of what a rule finds. */
function found(rule: string, files: Readonly<Record<string, string>>): readonly string[] {
  const findings = lint(documentSet(files), { plugins: new Set(), allowPlaintext: false })
  return findings.filter((finding) => finding.rule === rule).map(({ at }) => `${at.file}:${at.line}`)
}

const slow = "{ type: string, maxLength: 9, pattern: '(a+)+$' }"

describe('pattern-backtracking', () => {
  const places = (text: string): readonly string[] =>
    found('pattern-backtracking', { 'api.yaml': head + text })

  it('looks at whatever requests are validated by, each place once', () => {
    const text = `paths:
  /a/{p}:
    parameters:
      - { name: p, in: path, required: true, schema: ${slow} }
      - $ref: '#/components/parameters/Q'
    get:
      parameters: [{ name: j, in: query, content: { application/json: { schema: ${slow} } } }]
    post:
      requestBody: { $ref: 'parts.yaml#/body' }
components:
  parameters:
    Q: { name: q, in: query, schema: ${slow} }
`
    const parts = `body:
  content:
    application/json:
      schema: { allOf: [{ $ref: '#/schema' }] }
    text/plain:
      schema: { $ref: '#/schema' }
schema:
  patternProperties:
    '(b+)+$': { items: { $ref: '#/schema' } }
  properties:
    c: ${slow}
`
    assert.deepEqual(found('pattern-backtracking', { 'api.yaml': head + text, 'parts.yaml': parts }), [
      'api.yaml:6',
      'api.yaml:9',
      'api.yaml:14',
      'parts.yaml:9',
      'parts.yaml:11',
    ])
  })

  it('leaves answers and what nobody uses alone, and patterns that are data', () => {
    const text = `paths:
  /a:
    get:
      responses: { '200': { description: d, content: { text/plain: { schema: ${slow} } } } }
    post:
      requestBody: { content: { application/json: { schema: { default: ${slow} } } } }
components: { schemas: { A: ${slow} } }
`
    assert.deepEqual(places(text), [])
  })
})
