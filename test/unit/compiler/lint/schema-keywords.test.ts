import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'

import { lint } from '../../../../src/compiler/lint/index.ts'
import { schemaKeywords } from '../../../../src/compiler/lint/schema-keywords.ts'
import { documentSet } from '../../../support/documents.ts'

function found(schema: string, version = '3.1.0', more = ''): readonly string[] {
  const text = `openapi: ${version}\ninfo: { title: t, version: '1' }\n${more}components: { schemas: { A: ${schema} } }\n`
  const findings = lint(documentSet({ 'api.yaml': text }), { plugins: undefined, allowPlaintext: false })
  return findings.map(({ rule, severity, message, hint, at }) =>
    [severity, rule, at.pointer?.replace('/components/schemas/A', ''), message, hint].join(' '),
  )
}

describe('the keywords of schemas', () => {
  it('have the values that the meta-schema knows, and no others', () => {
    const meta = new Ajv2020({ strict: false, validateFormats: false })
    const value = fc.oneof(
      fc.constantFrom<unknown>(null, true, false, -1, 0, 1, 1.5, '', 'string', 'a b', [], {}),
      fc.constantFrom<unknown>(['string', 'null'], ['string', 'string'], ['x'], [{}], [true], [[]], {
        a: {},
      }),
      fc.constantFrom<unknown>(
        { a: true },
        { a: 1 },
        { a: ['b'] },
        { a: ['b', 'b'] },
        { a: [1] },
        '#/a',
        [1],
      ),
    )
    // What OpenAPI adds, and names whose form the meta-schema checks too.
    const own = /^(?:discriminator|xml|externalDocs|example|\$.*|dependencies)$/
    const keywords = [...schemaKeywords.keys()].filter((keyword) => !own.test(keyword))
    fc.assert(
      fc.property(fc.constantFrom(...keywords), value, (keyword, given) => {
        const isSound = meta.validateSchema({ [keyword]: given }) === true
        assert.equal(
          schemaKeywords.get(keyword)?.(given) === undefined,
          isSound,
          `${keyword} ${JSON.stringify(given)}`,
        )
      }),
      { numRuns: 5000 },
    )
  })

  it('are told by what was meant in older versions', () => {
    assert.deepEqual(found('{ type: number, maximum: 3, exclusiveMaximum: true }'), [
      'error schema-keyword /exclusiveMaximum `exclusiveMaximum` is the boolean true, not a number From OpenAPI 3.1 on it is the bound itself: write the number, without `maximum` or `minimum`.',
    ])
    assert.match(
      found('{ properties: { b: { required: true } } }').join(),
      /\/properties\/b\/required .*the list `required`/,
    )
    assert.match(found('{ items: [{}] }').join(), /`items` is a list, not a schema .*`prefixItems`/)
    assert.match(found('{ type: strng }').join(), /\/type .* Did you mean `string`\?$/)
    assert.match(found("{ pattern: '(' }").join(), /not a regular expression of ECMAScript/)
    assert.deepEqual(found('{ type: string, nullable: true }'), [
      "warning schema-keyword-unknown /nullable `nullable` means nothing in a schema, and is not checked From OpenAPI 3.1 on write `type: [string, 'null']`.",
    ])
  })

  it('are known by what they may be a slip of, and are else annotations', () => {
    for (const [slip, meant] of [
      ['requried', 'required'],
      ['propertie', 'properties'],
      ['maxlenght', 'maxLength'],
      ['tpye', 'type'],
      ['Enum', 'enum'],
    ] as const)
      assert.match(found(`{ ${slip}: 1 }`).join(), new RegExp(`/${slip} .*Did you mean \`${meant}\`\\?$`))
    assert.deepEqual(found('{ x-type: 1, unit: m, sensitive: true, faker: a }'), [])
  })

  it('are data within data, and a matter of others in OpenAPI 3.0 and in other dialects', () => {
    assert.deepEqual(found('{ properties: { requried: {} }, default: { type: 7 }, const: { type: 7 } }'), [])
    assert.deepEqual(found('{ nullable: true, exclusiveMaximum: true, tpye: 1 }', '3.0.3'), [])
    assert.deepEqual(found('{ $schema: x, type: 7 }'), [])
    const other = found('{ type: 7 }', '3.1.0', 'jsonSchemaDialect: https://a.example\n')
    assert.deepEqual(
      other.map((finding) => finding.split(' ')[1]),
      ['schema-dialect'],
    )
    assert.equal(found('{ type: 7 }', '3.2.0').length, 1)
  })

  it('of OpenAPI are objects, each member of which is looked at', () => {
    const places = (schema: string, version = '3.2.0') =>
      found(schema, version).map((finding) => /^error schema-keyword (.*)$/.exec(finding)?.[1])
    assert.deepEqual(places('{ xml: { name: 1, wraped: true, attribute: 0, nodeType: leaf, x-a: 1 } }'), [
      '/xml/name `name` is the number 1, not a text Make it a text.',
      '/xml/wraped `xml` has no member `wraped` Did you mean `wrapped`?',
      '/xml/attribute `attribute` is the number 0, not true or false Make it true or false.',
      '/xml/attribute `attribute` stands beside `nodeType`, which takes its place Keep `nodeType` alone.',
      '/xml/nodeType `nodeType` is the string "leaf", not one of element, attribute, text, cdata, none Make it one of element, attribute, text, cdata, none.',
    ])
    assert.deepEqual(places('{ discriminator: { mapping: { "a/b": 1 } } }'), [
      '/discriminator `discriminator` lacks `propertyName` Add `propertyName`.',
      '/discriminator/mapping/a~1b `a/b` is the number 1, not a text Make it a text.',
    ])
    assert.deepEqual(places('{ discriminator: { propertyName: p, mapping: [] } }'), [
      '/discriminator/mapping `mapping` is a list, not an object of texts Make it an object of texts.',
    ])
    assert.deepEqual(places('{ externalDocs: { description: d }, xml: 1 }'), [
      '/externalDocs `externalDocs` lacks `url` Add `url`.',
      '/xml `xml` is the number 1, not an object Correct it by JSON Schema 2020-12.',
    ])
    const new32 = [
      '{ xml: { nodeType: none } }',
      '{ discriminator: { propertyName: p, defaultMapping: "#" } }',
    ]
    for (const schema of new32) {
      assert.deepEqual(places(schema), [])
      assert.match(places(schema, '3.1.2').join(), /has no member `\w+` before OpenAPI 3.2 Remove it/)
    }
    assert.deepEqual(places('{ xml: { toString: a } }'), [
      '/xml/toString `xml` has no member `toString` Remove it, or begin its name with `x-`.',
    ])
  })
})
