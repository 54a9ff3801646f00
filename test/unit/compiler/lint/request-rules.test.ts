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

describe('schema-unbounded', () => {
  const isFound = (schema: string): boolean => {
    const text = `paths: { /a: { post: { requestBody: { content: { application/json: { schema: ${schema} } } } } } }\n`
    return found('schema-unbounded', { 'api.yaml': head + text }).length > 0
  }

  it('asks texts and lists for a bound, however they are nested', () => {
    for (const schema of [
      '{ type: string }',
      "{ type: [string, 'null'] }",
      '{ type: string, format: email }',
      "{ type: string, pattern: '^a+$' }",
      "{ type: string, pattern: '^a' }",
      "{ type: string, pattern: '^a$|b' }",
      '{ type: array, items: true }',
      '{ type: array, prefixItems: [true] }',
      '{ properties: { a: { allOf: [{ type: string }] } } }',
      '{ type: array, maxItems: 1, items: { type: string } }',
    ]) {
      assert.ok(isFound(schema), schema)
    }
  })

  it('takes whatever bounds them', () => {
    for (const schema of [
      '{ type: string, maxLength: 9 }',
      '{ type: string, enum: [a] }',
      '{ type: string, const: a }',
      '{ type: string, format: uuid }',
      "{ type: string, pattern: '^(?:a{1,3}|[b-d]?)$' }",
      "{ type: string, pattern: '^(?:a$|bc$)' }",
      '{ type: array, maxItems: 3 }',
      '{ type: array, prefixItems: [true], items: false }',
      '{ properties: { a: { type: string, readOnly: true } } }',
      '{ type: integer }',
      'true',
    ]) {
      assert.ok(!isFound(schema), schema)
    }
  })
})

describe('https-server', () => {
  const places = (url: string): readonly string[] =>
    found('https-server', { 'api.yaml': `${head}servers:\n  - url: ${url}\n` })

  it('asks for TLS wherever clients leave their machine', () => {
    for (const url of [
      'http://a.example',
      'HTTP://a.example/v1',
      'ws://a.example',
      'http://localhost.example',
    ]) {
      assert.deepEqual(places(url), ['api.yaml:4'], url)
    }
    for (const url of [
      'https://a.example',
      '/v1',
      'http://localhost',
      'http://a.localhost:80/v1',
      'http://127.0.0.1:1',
    ]) {
      assert.deepEqual(places(url), [], url)
    }
    assert.deepEqual(places("'http://[::1]:8080'"), [])
  })
})

describe('error-responses-described', () => {
  const places = (operation: string): readonly string[] =>
    found('error-responses-described', { 'api.yaml': `${head}paths: { /a: { post: { ${operation} } } }\n` })
  const takes = 'requestBody: { content: {} }'

  it('asks operations that take something', () => {
    assert.deepEqual(places(`${takes}, responses: { '200': {}, 5XX: {} }`), ['api.yaml:3'])
    assert.deepEqual(places("parameters: [{ name: a, in: query }], responses: { '200': {} }"), ['api.yaml:3'])
    for (const status of ["'400'", '4XX', "'422'", 'default']) {
      assert.deepEqual(places(`${takes}, responses: { ${status}: {} }`), [], status)
    }
    assert.deepEqual(places("responses: { '200': {} }"), [])
    assert.deepEqual(places(takes), [])
  })
})

describe('body-without-meaning', () => {
  it('is about GET and HEAD', () => {
    const text = (method: string): string =>
      `${head}paths: { /a: { ${method}: { requestBody: { content: {} } } } }\n`
    const places = (method: string) => found('body-without-meaning', { 'api.yaml': text(method) })
    assert.deepEqual([places('get'), places('head')], [['api.yaml:3'], ['api.yaml:3']])
    assert.deepEqual([places('delete'), places('query'), places('post')], [[], [], []])
  })
})
