import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import fc from 'fast-check'

import { createMatcher } from '../../../../src/compiler/lint/examples/index.ts'
import { lint } from '../../../../src/compiler/lint/index.ts'
import { schemaDialect, type JsonSchema } from '../../../../src/domain/index.ts'
import { documentSet } from '../../../support/documents.ts'

const disp = 'x-barbacane-dispatch: { name: mock }'

/** `line:col message` of the examples that do not match. */
function mismatches(operation: string, rest = '', version = '3.1.0'): readonly string[] {
  const head = `openapi: ${version}\ninfo: { title: t, version: '1' }\n`
  const text = `${head}paths:\n  /a:\n    post:\n      ${disp}\n${operation}${rest}`
  const findings = lint(documentSet({ 'api.yaml': text }), { plugins: undefined, allowPlaintext: false })
  return findings.flatMap(({ rule, severity, at, message }) => {
    if (rule !== 'example-valid') return []
    assert.equal(severity, 'warning')
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
    const exclusive = 'schema: { type: integer, maximum: 5, exclusiveMaximum: true, example: 5 }'
    assert.match(mismatches(body(exclusive), '', '3.0.3').join(), /must be < 5$/)
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
    const long = `schema: { items: { type: string } }\nexample: [${'1,'.repeat(30_000)}]`
    assert.deepEqual(mismatches(body(long)), [])
    const many = `schema: { items: { type: string } }\nexample: [${'1,'.repeat(3000)}]`
    assert.equal(mismatches(body(many)).length, 10)
    const level = (index: number): string =>
      `    L${index}: { anyOf: [{ $ref: '#/components/schemas/L${index + 1}' }, { $ref: '#/components/schemas/L${index + 1}' }] }\n`
    const levels = Array.from({ length: 40 }, (_, index) => level(index)).join('')
    const branches = `components:\n  schemas:\n${levels}    L40: { type: string }\n`
    const branching = "schema: { $ref: '#/components/schemas/L0' }\nexample: 1"
    assert.deepEqual(mismatches(body(branching), branches), [])
  })

  it('looks at responses, headers, and components too', () => {
    const operation = `      responses:
        '200':
          description: d
          headers: { a: { schema: { type: integer }, example: x } }
          content: { application/problem+json: { schema: { required: [a] }, example: {} } }
`
    const rest = `components:
  schemas: { A: { type: object, additionalProperties: false, properties: { b: true }, example: { b: 1, c: 2 } } }
`
    assert.deepEqual(mismatches(operation, rest), [
      '10:63 must be integer',
      '11:86 must have the member `a`',
      '13:107 is a member that the schema does not know',
    ])
  })

  it('ends in circles of schemas', () => {
    const rest = `components:
  schemas:
    A: { allOf: [{ $ref: '#/components/schemas/A' }, { anyOf: [{ $ref: '#/components/schemas/B' }] }], example: 1 }
    B: { oneOf: [{ $ref: '#/components/schemas/A' }], items: { $ref: '#/components/schemas/B' }, example: [[[[]]]] }
    C: { $ref: '#/components/schemas/D' }
    D: { $ref: '#/components/schemas/C' }
    E: { properties: { c: { $ref: '#/components/schemas/C' } }, example: { c: 1 } }
`
    assert.deepEqual(mismatches('', rest), [])
  })
})

describe('what is said of an example', () => {
  const scalar = fc.constantFrom<unknown>(null, true, 0, 1, 1.5, -3, '', 'a', 'ab', '2026-01-01', [], {})
  const value = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      scalar,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3 }),
    ),
  })).value
  const schema = fc.letrec<{ schema: unknown }>((tie) => {
    const map = fc.dictionary(fc.constantFrom('a', 'b'), tie('schema'), { maxKeys: 2 })
    const list = fc.array(tie('schema'), { minLength: 1, maxLength: 3 })
    const keywords = {
      type: fc.constantFrom('string', 'integer', 'number', 'object', 'array', 'null', ['string', 'null']),
      enum: fc.array(scalar, { minLength: 1, maxLength: 4 }),
      const: scalar,
      minimum: fc.integer({ min: -3, max: 3 }),
      exclusiveMaximum: fc.integer({ min: -3, max: 3 }),
      multipleOf: fc.constantFrom(1, 0.5, 2),
      maxLength: fc.nat(2),
      minItems: fc.nat(2),
      maxProperties: fc.nat(2),
      pattern: fc.constantFrom('^a', 'b$', '^[a-z]*$'),
      format: fc.constantFrom('date', 'uuid', 'int32', 'unknown'),
      required: fc.constantFrom(['a'], ['a', 'b']),
      properties: map,
      additionalProperties: tie('schema'),
      items: tie('schema'),
      prefixItems: list,
      allOf: list,
      anyOf: list,
      oneOf: list,
      not: tie('schema'),
    }
    return { schema: fc.oneof({ maxDepth: 3 }, fc.boolean(), fc.record(keywords, { requiredKeys: [] })) }
  }).schema

  it('counts members that a pattern allows, and says nothing where a pattern cannot be tried', () => {
    const body = (schema: string, example: string): string =>
      `components: { schemas: { A: { additionalProperties: false, ${schema}, example: ${example} } } }\n`
    const text = "patternProperties: { '^a': { type: string } }"
    assert.deepEqual(mismatches('', body(text, '{ ab: x }')), [])
    assert.match(mismatches('', body(text, '{ ab: 1 }')).join(), /must be string/)
    assert.match(mismatches('', body(text, '{ b: x }')).join(), /does not know/)
    assert.deepEqual(
      mismatches('', body("patternProperties: { '^(a+)+$': { type: string } }", '{ b: 1 }')),
      [],
    )
  })

  it('is what a validator says too', () => {
    const ajv = new Ajv2020(schemaDialect)
    addFormats.default(ajv)
    const set = documentSet({ 'api.yaml': 'openapi: 3.1.0\n' })
    const [document] = set.roots
    let found = 0
    fc.assert(
      fc.property(schema, value, (written, example) => {
        assert.ok(document)
        const mismatches = createMatcher(set)(example, { document, pointer: '', value: written })
        if (mismatches.length === 0) return
        found += 1
        assert.equal(ajv.compile(written as JsonSchema)(example), false, JSON.stringify(mismatches))
      }),
      { numRuns: 2000 },
    )
    assert.ok(found > 500, `${found} mismatches of 2000`)
  })
})
