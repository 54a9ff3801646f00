import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { needsExactEngine, type JsonSchema } from '../../../src/domain/index.ts'

const ref = (name: string) => ({ $ref: `#/$defs/${name}` })

/** A schema that recurs by way of its definitions. */
function recursive($defs: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { ...ref(Object.keys($defs)[0] ?? ''), $defs }
}

describe('the exact engine', () => {
  it('is for what the fast one gets wrong or throws at, wherever it stands', () => {
    const schemas: readonly JsonSchema[] = [
      { unevaluatedItems: false },
      { unevaluatedProperties: false },
      { contains: true },
      { enum: [] },
      { enum: [1, [{ a: 1 }]] },
      { const: {} },
      JSON.parse('{"properties":{"__proto__":{"type":"string"}}}') as JsonSchema,
      { patternProperties: { '^a': true }, oneOf: [true] },
      { patternProperties: { '^a': true }, anyOf: [true] },
      { patternProperties: { '^a': true }, if: true },
      { patternProperties: { '^a': true }, allOf: [{ anyOf: [true] }] },
      { allOf: [{ patternProperties: { '^a': true } }, { oneOf: [true] }] },
    ]
    for (const schema of schemas) {
      assert.equal(needsExactEngine(schema), true, JSON.stringify(schema))
      for (const around of [
        { items: schema },
        { properties: { a: { allOf: [schema] } } },
        { propertyNames: schema },
        { $defs: { A: schema } },
      ]) {
        assert.equal(needsExactEngine(around), true, JSON.stringify(around))
      }
    }
  })

  it('is for patterns and branches that look at the same value through references, not at two values', () => {
    const patternProperties = { '^a': true }
    const schemas: readonly JsonSchema[] = [
      { items: { patternProperties, $ref: '#/$defs/A' }, $defs: { A: { if: true } } },
      { anyOf: [ref('A')], $defs: { A: ref('B'), B: { patternProperties } } },
    ]
    for (const schema of schemas) assert.equal(needsExactEngine(schema), true, JSON.stringify(schema))
    assert.equal(needsExactEngine({ patternProperties, items: { anyOf: [true] } }), false)
    assert.equal(
      needsExactEngine({ anyOf: [{ items: ref('A') }], $defs: { A: { patternProperties } } }),
      false,
    )
  })

  it('is not for what stands in data', () => {
    assert.equal(needsExactEngine({ default: { unevaluatedItems: false }, const: [1, [null]] }), false)
    assert.equal(needsExactEngine({ default: { enum: [] }, enum: [1] }), false)
    assert.equal(needsExactEngine(true), false)
  })

  it('is for recursion by which two parts look at the same part of a value', () => {
    const schemas: readonly JsonSchema[] = [
      // Each branch looks at all that is below.
      recursive({
        Node: { oneOf: [ref('A'), ref('B')] },
        A: { properties: { children: { items: ref('Node') } } },
        B: { properties: { children: { items: ref('Node') } } },
      }),
      recursive({ Node: { properties: { next: { anyOf: [ref('Node'), { allOf: [ref('Node')] }] } } } }),
      recursive({ Node: { properties: { a: ref('Node') }, patternProperties: { '^a': ref('Node') } } }),
      recursive({ Node: { items: ref('Node'), contains: ref('Node') } }),
      { properties: { a: { $ref: '#' } }, allOf: [{ properties: { a: { $ref: '#' } } }] },
      // By one step and by two: the numbers of Fibonacci.
      recursive({
        Node: { properties: { a: { allOf: [ref('Node'), { properties: { a: ref('Node') } }] } } },
      }),
    ]
    for (const schema of schemas) assert.equal(needsExactEngine(schema), true, JSON.stringify(schema))
  })

  it('is not for recursion whose parts look at different parts of a value', () => {
    const schemas: readonly JsonSchema[] = [
      recursive({ Tree: { properties: { left: ref('Tree'), right: ref('Tree') } } }),
      recursive({ Json: { additionalProperties: ref('Json'), items: ref('Json') } }),
      recursive({ Map: { properties: { a: ref('Map') }, additionalProperties: ref('Map') } }),
      recursive({ List: { prefixItems: [ref('List'), ref('List')], items: ref('List') } }),
      recursive({
        Filter: { oneOf: [ref('And'), ref('Not')] },
        And: { properties: { and: { items: { type: 'string' } } } },
        Not: { properties: { not: { type: 'string' } } },
      }),
      { properties: { a: ref('A'), b: ref('A') }, allOf: [ref('A')], $defs: { A: { type: 'string' } } },
    ]
    for (const schema of schemas) assert.equal(needsExactEngine(schema), false, JSON.stringify(schema))
  })
})
