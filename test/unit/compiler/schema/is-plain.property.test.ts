import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { sharedDryRun } from '../../../../src/compiler/schema/dry-run.ts'
import { isPlain } from '../../../../src/compiler/schema/is-plain.ts'
import type { JsonSchema } from '../../../../src/domain/index.ts'

const count = fc.nat({ max: 5 })
const name = fc.constantFrom('a', 'b', '__proto__', 'constructor', 'x y')
const types = fc.constantFrom('string', 'integer', 'number', 'boolean', 'object', 'array', 'null')
const references = fc.constantFrom('#/$defs/A', '#/$defs/B', '#/$defs/C')

const { schema } = fc.letrec<{ schema: object | boolean }>((tie) => {
  const one = tie('schema')
  const list = fc.array(one, { minLength: 1, maxLength: 2 })
  const map = fc.dictionary(name, one, { maxKeys: 2 })
  const bound = fc.integer({ min: -5, max: 5 })
  const value = fc.jsonValue({ maxDepth: 1 })
  const keywords: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    $ref: references,
    type: fc.oneof(types, fc.uniqueArray(types, { minLength: 1 })),
    enum: fc.array(value, { minLength: 1, maxLength: 3 }),
    const: value,
    multipleOf: fc.constantFrom(1, 0.1),
    minimum: bound,
    exclusiveMaximum: bound,
    minLength: count,
    maxLength: count,
    pattern: fc.constantFrom('^a', String.raw`[\w\-.]`, '(?<=x)'),
    format: fc.constantFrom('date-time', 'int64', 'no-such-format', 'uuid'),
    minItems: count,
    maxItems: count,
    uniqueItems: fc.boolean(),
    minContains: count,
    maxContains: count,
    minProperties: count,
    maxProperties: count,
    required: fc.uniqueArray(name),
    dependentRequired: fc.dictionary(name, fc.uniqueArray(name)),
    default: value,
    readOnly: fc.boolean(),
    discriminator: fc.record({ propertyName: name }),
    patternProperties: fc.dictionary(fc.constantFrom('^a', '.'), one, { maxKeys: 2 }),
    ...Object.fromEntries(['allOf', 'anyOf', 'oneOf', 'prefixItems'].map((keyword) => [keyword, list])),
    ...Object.fromEntries(['properties', 'dependentSchemas'].map((keyword) => [keyword, map])),
    ...Object.fromEntries(
      ['not', 'if', 'then', 'else', 'additionalProperties', 'items', 'contains', 'propertyNames'].map(
        (keyword) => [keyword, one],
      ),
    ),
  }
  const member = fc
    .constantFrom(...Object.entries(keywords))
    .chain(([keyword, values]) => values.map((held) => [keyword, held] as const))
  const members = fc.array(member, { maxLength: 3 }).map((chosen) => Object.fromEntries(chosen) as object)
  return { schema: fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.boolean(), members) }
})

const bundled = fc
  .record({ root: schema.filter((value) => typeof value === 'object'), A: schema, B: schema, C: schema })
  .map(({ root, ...$defs }) => ({ ...root, $defs }) as JsonSchema)

describe('isPlain', () => {
  it('is true of no schema that the validator does not compile', () => {
    const dryRun = sharedDryRun()
    let plain = 0
    fc.assert(
      fc.property(bundled, (made) => {
        if (dryRun.check(made).length > 0 || !isPlain(made)) return
        plain += 1
        assert.deepEqual(dryRun.compile(made), [])
      }),
      { numRuns: 300 },
    )
    assert.ok(plain > 100, `only ${plain} of the schemas were plain`)
  })

  it('counts levels through references, and all of a circle', () => {
    const chain = (length: number, last: object): JsonSchema => ({
      $ref: '#/$defs/d0',
      $defs: Object.fromEntries(
        Array.from({ length }, (_, index) => [
          `d${index}`,
          index === length - 1 ? last : { items: { $ref: `#/$defs/d${index + 1}` } },
        ]),
      ) as Record<string, JsonSchema>,
    })
    assert.equal(isPlain(chain(45, {})), true)
    assert.equal(isPlain(chain(60, {})), false)
    assert.equal(isPlain(chain(45, { items: { $ref: '#/$defs/d0' } })), true)
    assert.equal(isPlain(chain(60, { items: { $ref: '#/$defs/d0' } })), false)
  })

  it('is not certain of what it does not know', () => {
    for (const unsure of [
      { enum: [] },
      { $ref: '#/$defs/none' },
      { $dynamicRef: '#x' },
      { unevaluatedItems: false },
    ])
      assert.equal(isPlain(unsure as unknown as JsonSchema), false)
  })
})
