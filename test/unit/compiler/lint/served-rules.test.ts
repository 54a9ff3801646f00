import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { lint } from '../../../../src/compiler/lint/index.ts'
import { documentSet } from '../../../support/documents.ts'

/** `line:col severity message` of what a rule finds in a description, which is given without its head. */
function found(rule: string, text: string, openapi = '3.1.0'): readonly string[] {
  const set = documentSet({ 'api.yaml': `openapi: ${openapi}\ninfo: { title: t, version: '1' }\n${text}` })
  const findings = lint(set, { plugins: new Set(), allowPlaintext: false })
  return findings
    .filter((finding) => finding.rule === rule)
    .map(({ at, severity, message }) => `${at.line}:${at.col} ${severity} ${message}`)
}

describe('media-type', () => {
  it('looks at bodies, answers, parameters and headers, and at components that nobody uses', () => {
    const text = `paths:
  /a:
    post:
      parameters: [{ name: q, in: query, content: { json: {} } }]
      requestBody: { content: { 'application/': {} } }
      responses:
        '200':
          description: d
          headers: { A: { content: { '/json': {} } } }
          content: { 'application/json/x': {}, '*/json': {} }
components:
  responses: { R: { description: d, content: { text: {} } } }
`
    assert.deepEqual(found('media-type', text), [
      '6:53 error "json" is no media type',
      '7:33 error "application/" is no media type',
      '11:38 error "/json" is no media type',
      '12:22 error "application/json/x" is no media type',
      '12:48 error "*/json" is no media type',
      '14:48 error "text" is no media type',
    ])
  })

  it('takes ranges, parameters and suffixes, and the names of shared media types', () => {
    const text = `components:
  mediaTypes: { json: {} }
  responses:
    R:
      description: d
      content: { '*/*': {}, 'text/*': {}, 'Application/Problem+JSON; charset=utf-8': {}, text/x.y: {} }
`
    assert.deepEqual(found('media-type', text, '3.2.0'), [])
  })
})

describe('operation-method', () => {
  it('wants additional methods in upper case', () => {
    const text =
      "paths: { /a: { additionalOperations: { copy: {}, Lock: {}, UN-LOCK: {}, 'M*': {}, 'a b': {} } } }\n"
    assert.deepEqual(found('operation-method', text, '3.2.0'), [
      '3:40 error "copy" cannot be the method of an operation',
      '3:50 error "Lock" cannot be the method of an operation',
    ])
  })

  it('is read in a time that grows with its length alone', () => {
    const key = `${'a'.repeat(500_000)} `
    const text = `paths: { /a: { additionalOperations: { ? '${key}' : {} } } }\n`
    assert.deepEqual(found('operation-method', text, '3.2.0'), [])
  })
})

describe('server-url', () => {
  const none = 'paths: { /a: { get: {} } }\n'

  it('looks at every server that an operation is served by, and at none that another list overrides', () => {
    const text = `servers:
  - url: /{undeclared}
  - { url: '/{v}', variables: { v: { default: 'a b' } } }
  - url: https://a.example/x/../y
  - url: v1
paths:
  /a: { get: {}, put: {} }
  /b: { get: { servers: [{ url: '//b.example//' }, { url: '/b//c' }] } }
`
    assert.deepEqual(found('server-url', text), [
      '4:10 error The server "/{undeclared}" cannot be used: its variable {undeclared} is not declared',
      '5:12 error The path "/a b" of the server cannot stand in front of a path',
      '6:10 error The path "/x/../y" of the server cannot stand in front of a path',
      '7:10 warning The server "v1" is relative to where the description is, so its path counts as empty',
      '10:59 error The path "/b//c" of the server cannot stand in front of a path',
    ])
    const overridden = "servers: [{ url: '/{v}' }]\npaths: { /a: { servers: [{ url: / }], get: {} } }\n"
    assert.deepEqual(found('server-url', overridden), [])
  })

  it('counts the combinations of variables', () => {
    const values = `[${Array.from({ length: 17 }, (_, index) => `v${index}`).join(', ')}]`
    const variables = `{ a: { default: v0, enum: ${values} }, b: { default: v0, enum: ${values} } }`
    assert.deepEqual(
      found('server-url', `servers: [{ url: '/{a}/{b}', variables: ${variables} }]\n${none}`),
      ['3:18 error The server "/{a}/{b}" cannot be used: its variables have more than 256 combinations'],
    )
    assert.deepEqual(found('server-url', `servers: [{ url: '/{a}', variables: ${variables} }]\n${none}`), [])
  })

  it('refuses URLs that grow without measure', () => {
    const tooLong = /cannot be used: it is longer than 4096 characters$/
    const names = Array.from({ length: 64 }, (_, index) => `v${index}`)
    // Each value names the next variable twice.
    const variables = names.map((name, index) => `${name}: { default: '{v${index + 1}}{v${index + 1}}' }`)
    const url = names.map((name) => `{${name}}`).join('')
    const doubling = found(
      'server-url',
      `servers: [{ url: '/${url}', variables: { ${variables.join()} } }]\n${none}`,
    )
    assert.equal(doubling.length, 1)
    assert.match(doubling[0] ?? '', tooLong)
    const long = 'a'.repeat(4097)
    assert.match(found('server-url', `servers: [{ url: '/${long}' }]\n${none}`)[0] ?? '', tooLong)
    const value = `servers: [{ url: '/{v}', variables: { v: { default: ${long} } } }]\n${none}`
    assert.match(found('server-url', value)[0] ?? '', tooLong)
  })

  it('refuses a query and a fragment where OpenAPI does', () => {
    const text = `servers: [{ url: '/a?b' }, { url: '/a#b' }]\n${none}`
    assert.deepEqual(found('server-url', text), [])
    assert.deepEqual(found('server-url', text, '3.2.0'), [
      '3:18 error The server "/a?b" has a query or a fragment, which no request inherits',
      '3:35 error The server "/a#b" has a query or a fragment, which no request inherits',
    ])
  })
})

describe('schema-compiles', () => {
  const query = (schema: string) =>
    `paths: { /a: { get: { parameters: [{ name: q, in: query, schema: ${schema} }] } } }\n`

  it('looks for other rules than those of JSON Schema 2020-12', () => {
    const draft = '{ $schema: http://json-schema.org/draft-04/schema# }'
    assert.deepEqual(found('schema-compiles', query(draft)), [
      '3:77 error `$schema` asks for the dialect "http://json-schema.org/draft-04/schema#", which is not supported',
    ])
    assert.deepEqual(found('schema-compiles', query("{ items: { $recursiveRef: '#' } }")), [
      '3:92 error `$recursiveRef` has no meaning in JSON Schema 2020-12',
    ])
    assert.deepEqual(found('schema-compiles', query(draft), '3.0.3'), [])
  })

  it('looks for patterns that no engine is safe with, and for those that are none where no other rule does', () => {
    const slow = "'^(?!x)(a+)+$'"
    for (const version of ['3.0.3', '3.1.0']) {
      assert.deepEqual(found('schema-compiles', query(`{ pattern: ${slow} }`), version), [
        '3:77 error The pattern "^(?!x)(a+)+$" may take exponential time, and cannot be matched in another way',
      ])
      assert.deepEqual(found('schema-compiles', query("{ pattern: '(' }"), version), [])
    }
    const stated = "{ $schema: https://json-schema.org/draft/2020-12/schema, pattern: '(' }"
    assert.deepEqual(found('schema-compiles', query(stated)), [
      '3:132 error The pattern "(" is not valid: Unterminated group',
    ])
    const beside = `{ $ref: '#/components/schemas/S', pattern: ${slow} }`
    const shared = 'components: { schemas: { S: {} } }\n'
    assert.deepEqual(found('schema-compiles', query(beside) + shared, '3.0.3'), [])
  })

  it('looks at definitions that something refers to', () => {
    const definitions = "$defs: { a: { pattern: '^(?!x)(a+)+$' } }"
    assert.deepEqual(found('schema-compiles', query(`{ ${definitions} }`)), [])
    const used = query(`{ ${definitions}, items: { $ref: '#/paths/~1a/get/parameters/0/schema/$defs/a' } }`)
    assert.equal(found('schema-compiles', used).length, 1)
  })
})
