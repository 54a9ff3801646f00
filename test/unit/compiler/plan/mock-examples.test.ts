import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { documentSet } from '../../../support/documents.ts'
import { planned } from '../../../support/planned.ts'

const head = "openapi: 3.1.0\ninfo: { title: t, version: '1' }\n"

function examplesOf(responses: string, { config = '{ examples: true }', more = '' } = {}) {
  const text = `${head}paths:\n  /a:\n    get:\n      x-barbacane-dispatch: { name: mock, config: ${config} }\n      responses: ${responses}\n${more}`
  const { plan, findings } = planned(documentSet({ 'api.yaml': text }))
  return {
    examples: plan.routes[0]?.mock_examples,
    findings: findings.map(({ rule, message, at }) => `${rule}:${at.line} ${message}`),
  }
}

const json = (media: string) => `{ '200': { description: d, content: { application/json: ${media} } } }`
const bodies = (responses: string, more?: string) =>
  examplesOf(responses, more === undefined ? {} : { more }).examples?.map(({ body }) => body)

describe('the examples of a mock', () => {
  it('are those of the media type, named and unnamed, behind references too', () => {
    const media = `{ examples: { one: { value: { b: 1, a: 2 } }, two: { $ref: '#/components/examples/Two' } } }`
    const more = 'components: { examples: { Two: { value: [1] } } }\n'
    assert.deepEqual(examplesOf(json(media), { more }), {
      examples: [
        { status: 200, media_type: 'application/json', name: 'one', body: '{"b":1,"a":2}' },
        { status: 200, media_type: 'application/json', name: 'two', body: '[1]' },
      ],
      findings: [],
    })
    assert.deepEqual(bodies(json('{ example: 7, schema: { example: 8 } }')), ['7'])
  })

  it('are texts as they are, but in JSON', () => {
    const content = '{ text/plain: { example: hello }, application/problem+json: { example: hello } }'
    assert.deepEqual(bodies(`{ '200': { description: d, content: ${content} } }`), ['hello', '"hello"'])
  })

  it('are of every status in order, of classes by their first, and without a body where there is none', () => {
    const { examples } = examplesOf(
      "{ 4XX: { description: d }, default: { description: d }, '204': { description: d } }",
    )
    assert.deepEqual(
      examples?.map(({ status, media_type: type }) => [status, type]),
      [
        [204, null],
        [400, null],
      ],
    )
  })

  it('are made from the schema where there are none', () => {
    for (const [schema, value] of [
      ['{ type: string }', '"text"'],
      ['{ type: string, format: uuid }', '"123e4567-e89b-42d3-a456-426614174000"'],
      ['{ type: string, minLength: 6, maxLength: 6 }', '"textte"'],
      ['{ type: integer, minimum: 5 }', '5'],
      ['{ type: integer, exclusiveMinimum: 5, multipleOf: 4 }', '12'],
      ['{ type: number, maximum: -2 }', '-2'],
      ['{ type: boolean }', 'true'],
      ['{ type: [string, "null"] }', '"text"'],
      ['{ const: 3 }', '3'],
      ['{ enum: [b, a] }', '"b"'],
      ['{ type: array, minItems: 2, items: { type: integer } }', '[0,0]'],
      [
        '{ type: object, required: [a], properties: { a: { type: string }, p: { type: string, writeOnly: true } } }',
        '{"a":"text"}',
      ],
      [
        '{ allOf: [{ type: object, properties: { a: { const: 1 } } }, { type: object, properties: { b: { const: 2 } } }] }',
        '{"a":1,"b":2}',
      ],
      ['{ oneOf: [{ type: integer }, { type: string }] }', '0'],
      ['{ type: string, examples: [mine] }', '"mine"'],
    ] as const) {
      assert.deepEqual(bodies(json(`{ schema: ${schema} }`)), [value], schema)
    }
  })

  it('end where a schema leads back to itself', () => {
    const tree = `{ type: object, required: [name], properties: { name: { const: n }, next: { $ref: '#/components/schemas/T' }, all: { type: array, items: { $ref: '#/components/schemas/T' } } } }`
    const more = `components: { schemas: { T: ${tree} } }\n`
    assert.deepEqual(bodies(json("{ schema: { $ref: '#/components/schemas/T' } }"), more), [
      '{"name":"n","all":[]}',
    ])
  })

  it('are an error where there is none, and none that fits can be made', () => {
    const pattern = examplesOf(json('{ schema: { type: string, pattern: "^[A-Z]{3}$" } }'))
    assert.deepEqual(pattern.findings, [
      'mock-example:7 No example of `application/json` can be made from its schema',
    ])
    assert.match(
      examplesOf("{ '200': { description: d } }", {
        config: '{ examples: true, status: 201 }',
      }).findings.join(),
      /is to answer 201 by example, and the description has no such response/,
    )
    assert.match(examplesOf('{ default: { description: d } }').findings.join(), /no response with a status/)
  })

  it('are left out of the plan where nobody asks for them', () => {
    const { examples, findings } = examplesOf(json('{ example: 1 }'), { config: '{}' })
    assert.deepEqual([examples, findings], [undefined, []])
  })
})
