import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { planRoutes } from '../../../../src/compiler/plan/index.ts'
import { documentSet } from '../../../support/documents.ts'

const disp = 'x-barbacane-dispatch: { name: mock }'

/** `line:col message` of the examples that do not match. */
function mismatches(operation: string, rest = '', version = '3.1.0'): readonly string[] {
  const head = `openapi: ${version}\ninfo: { title: t, version: '1' }\n`
  const text = `${head}paths:\n  /a:\n    post:\n      ${disp}\n${operation}${rest}`
  return planRoutes(documentSet({ 'api.yaml': text })).findings.map(({ rule, severity, at, message }) => {
    assert.deepEqual([rule, severity], ['example-valid', 'warning'])
    return `${at.line}:${at.col} ${message.replace('The example does not match its schema: ', '')}`
  })
}

const body = (media: string, type = 'application/json'): string =>
  `      requestBody:\n        content:\n          ${type}:\n${media.replaceAll(/^/gm, '            ')}\n`

describe('example-valid', () => {
  it('tries the examples of parameters, however they are given', () => {
    const operation = `      parameters:
        - { name: a, in: query, schema: { type: integer }, example: x }
        - { name: b, in: query, schema: { type: integer, default: true } }
        - { name: c, in: query, schema: { type: integer, examples: [1, 2.5] } }
        - { name: d, in: query, schema: { type: integer }, examples: { one: { value: 1 }, two: { value: two } } }
        - { name: e, in: query, schema: { type: integer }, examples: { e: { $ref: '#/components/examples/E' } } }
        - { name: f, in: query, content: { application/json: { schema: { type: integer }, example: null } } }
        - { name: g, in: query, schema: { $ref: '#/components/schemas/G' } }
`
    const rest =
      "components:\n  examples: { E: { value: [] } }\n  schemas: { G: { type: integer, example: 'g' } }\n"
    assert.deepEqual(mismatches(operation, rest), [
      '8:69 must be integer',
      '9:67 must be integer',
      '10:72 must be integer',
      '11:105 must be integer',
      '13:100 must be integer',
      '16:27 must be integer',
      '17:43 must be integer',
    ])
  })

  it('points at the part of a body that is wrong', () => {
    const media = `schema: { $ref: '#/components/schemas/Book' }
example:
  title: t
  authors: [{ name: n }, { name: 1 }]`
    const rest = `components:
  schemas:
    Book: { properties: { authors: { items: { properties: { name: { type: string } } } } } }
`
    assert.deepEqual(mismatches(body(media), rest), ['13:46 must be string'])
  })

  it('reads schemas by their version and for requests', () => {
    const media = 'schema: { type: string, nullable: true, example: null }'
    assert.deepEqual(mismatches(body(media), '', '3.0.3'), [])
    assert.equal(mismatches(body(media)).length, 1)
    const readOnly = 'schema: { required: [id], properties: { id: { readOnly: true } } }\nexample: {}'
    assert.deepEqual(mismatches(body(readOnly)), [])
  })

  it('leaves alone what is written in another syntax, or would take too long', () => {
    const xml = "schema: { type: object }\nexample: '<a/>'"
    assert.deepEqual(mismatches(body(xml, 'application/xml')), [])
    assert.equal(mismatches(body(xml)).length, 1)
    const text = 'a'.repeat(40)
    const slow = `schema: { type: string, pattern: '^(a+)+$' }\nexample: ${text}!`
    assert.deepEqual(mismatches(body(slow)), [])
    const long = `schema: { items: { type: string } }\nexample: [${'1,'.repeat(3000)}]`
    assert.deepEqual(mismatches(body(long)), [])
  })
})
