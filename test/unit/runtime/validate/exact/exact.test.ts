import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { JsonSchema } from '../../../../../src/domain/index.ts'
import { createExactValidate } from '../../../../../src/runtime/validate/exact/index.ts'
import { compileSchema } from '../../../../../src/runtime/validate/index.ts'

/** What the exact engine has against a value. */
function faultsOf(schema: JsonSchema, value: unknown): readonly string[] {
  return (createExactValidate(schema)(value) ?? []).map(({ pointer, reason }) => `${pointer} ${reason}`)
}

describe('the exact engine', () => {
  it('tells every fault with its place, in the words of the fast one', () => {
    // Read from text, for an object with `then` looks like a promise.
    const condition = JSON.parse(
      '{"cond":{"if":{"type":"string"},"then":{"minLength":2},"else":{"type":"null"}}}',
    ) as Record<string, JsonSchema>
    const schema: JsonSchema = {
      type: 'object',
      required: ['id', 'name'],
      dependentRequired: { a: ['b', 'c'] },
      additionalProperties: false,
      properties: {
        id: { type: ['integer', 'null'], minimum: 1, multipleOf: 2 },
        tags: { minItems: 3, maxItems: 1, uniqueItems: true, items: { enum: ['x', 'y'] } },
        text: { minLength: 3, maxLength: 1, pattern: '^b', format: 'date' },
        limits: {
          items: [{ maximum: 1, exclusiveMaximum: 1, exclusiveMinimum: 5, format: 'int32' }][0] as JsonSchema,
        },
        a: { const: 1, minProperties: 2, maxProperties: 0 },
        pair: { prefixItems: [true, false] },
        any: { anyOf: [{ type: 'string' }, { type: 'null' }] },
        one: { oneOf: [{ type: 'number' }, { minimum: 1 }] },
        no: { not: { type: 'string' } },
        ...condition,
        list: { contains: { type: 'string' }, minContains: 2, maxContains: 3 },
      },
    }
    const value = {
      id: 0.5,
      tags: ['z', 'z'],
      text: 'ab',
      limits: [2.5],
      a: { x: 1 },
      pair: [1, 2],
      any: 1,
      one: 2,
      no: 'text',
      cond: 's',
      list: ['a'],
      surplus: true,
    }
    const found = faultsOf(schema, value)
    const fast = (compileSchema(schema)(value) ?? []).map(({ pointer, reason }) => `${pointer} ${reason}`)
    assert.deepEqual(found.toSorted(), [...new Set(fast)].toSorted())
    assert.ok(found.length > 20, found.join('\n'))
  })

  it('says which name of a property is not valid', () => {
    assert.deepEqual(faultsOf({ propertyNames: { maxLength: 1 } }, { a: 1, ab: 2 }), [
      '/ab property name must be valid',
    ])
  })

  it('keeps what every branch that fits has looked at', () => {
    const schema: JsonSchema = {
      anyOf: [{ properties: { a: true } }, { properties: { b: { type: 'string' } }, required: ['b'] }],
      unevaluatedProperties: false,
    }
    assert.deepEqual(faultsOf(schema, { a: 1, b: 'x' }), [])
    assert.deepEqual(faultsOf(schema, { a: 1, b: 2 }), ['/b is not a declared member'])
    const items: JsonSchema = { prefixItems: [true], contains: { type: 'string' }, unevaluatedItems: false }
    assert.deepEqual(faultsOf(items, [1, 'x', 'y']), [])
    assert.deepEqual(faultsOf(items, [1, 'x', 2]), ['/2 must not be there'])
    const typed: JsonSchema = { properties: { a: true }, unevaluatedProperties: { type: 'string' } }
    assert.deepEqual(faultsOf(typed, { a: 1, b: 2 }), ['/b must be string'])
  })

  it('counts with the decimals that numbers are written as', () => {
    assert.deepEqual(faultsOf({ multipleOf: 0.01 }, 4.35), [])
    assert.deepEqual(faultsOf({ multipleOf: 0.1 }, 1e300), [])
    assert.deepEqual(faultsOf({ multipleOf: 1e-8 }, 12_391_239_123), [])
    assert.deepEqual(faultsOf({ multipleOf: 0.01 }, 4.355), [' must be multiple of 0.01'])
    for (const price of [4.35, 19.99, 0.07, -1.1]) {
      assert.equal(compileSchema({ multipleOf: 0.01 })(price), undefined, `${price}`)
    }
    assert.deepEqual(compileSchema({ multipleOf: 3 })(10), [{ pointer: '', reason: 'must be multiple of 3' }])
  })

  it('looks at each part of a value once by what a reference leads to', () => {
    const node = (type: string): JsonSchema => ({
      properties: { type: { const: type }, children: { items: { $ref: '#/$defs/Node' } } },
      required: ['type'],
    })
    const schema: JsonSchema = {
      $ref: '#/$defs/Node',
      $defs: { Node: { oneOf: [{ $ref: '#/$defs/A' }, { $ref: '#/$defs/B' }] }, A: node('a'), B: node('b') },
    }
    // By every branch anew, two to the power of its depth would be looked at.
    let value: unknown = { type: 'a' }
    for (let depth = 0; depth < 300; depth += 1) value = { type: 'b', children: [value] }
    assert.equal(compileSchema(schema)(value), undefined)
    let wrong: unknown = { type: 'c' }
    for (let depth = 0; depth < 300; depth += 1) wrong = { type: 'b', children: [wrong] }
    const faults = compileSchema(schema)(wrong) ?? []
    assert.ok(faults.length > 0 && faults.length <= 100)
  })

  it('knows objects by their own members only', () => {
    for (const name of ['constructor', 'valueOf', 'toString']) {
      for (const schema of [{ enum: [{ [name]: 1 }] }, { const: [{ [name]: 1 }] }]) {
        const value = 'const' in schema ? [{ [name]: 1 }] : { [name]: 1 }
        assert.equal(compileSchema(schema)(value), undefined, name)
        assert.equal(compileSchema(schema)({ [name]: 2 })?.length, 1, name)
      }
    }
  })

  it('refuses what is nested too deeply for it', () => {
    let value: unknown = []
    for (let depth = 0; depth < 100_000; depth += 1) value = [value]
    const schema: JsonSchema = { items: { $ref: '#' }, unevaluatedItems: false }
    assert.deepEqual(compileSchema(schema)(value), [{ pointer: '', reason: 'is nested too deeply' }])
  })
})

describe('items that have to differ', () => {
  const unique = (items: readonly unknown[]) =>
    (compileSchema({ uniqueItems: true })(items) ?? []).map(({ reason }) => reason)

  it('differ by their values, not by how they are written', () => {
    assert.deepEqual(unique([1, '1', true, 'true', null, 'null', [1], ['1'], {}, []]), [])
    assert.deepEqual(unique([{ a: 1, b: [0] }, 'x', { b: [-0], a: 1 }]), [
      'must NOT have duplicate items (items ## 2 and 0 are identical)',
    ])
    assert.deepEqual(unique([0, -0]), ['must NOT have duplicate items (items ## 1 and 0 are identical)'])
    assert.deepEqual(compileSchema({ uniqueItems: false })([1, 1]), undefined)
  })

  it('are not compared pair by pair', () => {
    // Of these the pairs would be five thousand million.
    assert.deepEqual(unique(Array.from({ length: 100_000 }, (_, index) => ({ index }))), [])
  })
})
